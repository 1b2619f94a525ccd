import type { TerraformBinary } from '@platform/tools/terraform/find-terraform';
import { runTerraform, type TerraformResult } from '@platform/tools/terraform/run-terraform';
import { TerraformRuns } from './terraform-runs';

jest.mock('@platform/tools/terraform/run-terraform');

test('reports every 10 minutes that Terraform is still running, until it ends', async () => {
  jest.useFakeTimers();
  const notes: string[] = [];
  const options = {
    target: { name: 'aws' as const },
    environment: { name: 'prod' },
    note: (text: string) => notes.push(text),
  };
  const runs = new TerraformRuns({} as TerraformBinary, {}, options, { has: () => true });
  let end = (_: TerraformResult) => {};
  jest.mocked(runTerraform).mockReturnValue(new Promise((resolve) => (end = resolve)));
  const run = runs.run('/live/vpc', 'region-us-vpc', ['apply']);
  jest.advanceTimersByTime(25 * 60_000);
  end({ exitCode: 0, args: ['apply'], stdout: '' } as unknown as TerraformResult);
  await run;
  jest.advanceTimersByTime(25 * 60_000);
  expect(notes).toEqual([
    'region-us-vpc: terraform apply has run for 10 min; its log: /live/vpc/terraform.log',
    'region-us-vpc: terraform apply has run for 20 min; its log: /live/vpc/terraform.log',
  ]);
});
