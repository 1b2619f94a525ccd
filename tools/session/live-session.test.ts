import { runTerraform, type TerraformResult } from '@platform/tools/terraform/run-terraform';
import { LiveSession } from './live-session';

jest.mock('@platform/tools/terraform/run-terraform');

test('a Terraform that does not end, as before an endpoint that has frozen, is spoken of until it does', async () => {
  jest.useFakeTimers();
  const notes: string[] = [];
  const session = {
    options: { note: (text: string) => notes.push(text) },
    running: new Map(),
  } as unknown as LiveSession;
  let end = (_: TerraformResult) => {};
  jest.mocked(runTerraform).mockReturnValue(new Promise((resolve) => (end = resolve)));
  const run = LiveSession.prototype.terraform.call(session, '/live/vpc', 'region-us-vpc', ['apply']);
  jest.advanceTimersByTime(25 * 60_000);
  end({ exitCode: 0, args: ['apply'], stdout: '' } as unknown as TerraformResult);
  await run;
  jest.advanceTimersByTime(25 * 60_000);
  expect(notes).toEqual([
    'region-us-vpc: terraform apply has run for 10 min; its log: /live/vpc/terraform.log',
    'region-us-vpc: terraform apply has run for 20 min; its log: /live/vpc/terraform.log',
  ]);
});
