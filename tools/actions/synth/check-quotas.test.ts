import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { useExampleWorkspace } from '@platform/e2e/fixtures/example-workspace';
import { exampleEnvironment, exampleRegions } from '@platform/libs/testing/example-settings';
import { formatProblem } from '@platform/libs/settings/problem';
import { checkQuotas } from './check-quotas';
import { synthesise } from './synth';

jest.setTimeout(60_000);

const root = useExampleWorkspace();
const outdir = mkdtempSync(join(tmpdir(), 'quotas-'));
afterAll(() => rmSync(outdir, { recursive: true }));

test('at inspected, the Elastic IP addresses of two VPCs are over the default; below it they are not', () => {
  const warned = (level: 'inspected' | 'standby') =>
    synthesise({ root, whatIf: { level }, outdir }).quotaWarnings.filter((text) => text.includes('L-0263D0A3'));
  expect(warned('standby')).toEqual([]);
  expect(warned('inspected')).toEqual(
    ['ap-northeast-2', 'us-east-1'].map(
      (region) =>
        `quota ec2 L-0263D0A3: account 111111111111, ${region} needs 6 Elastic IP addresses per region, and a new account has 5`,
    ),
  );
});

test('environments in one account are counted together', () => {
  const addresses = (name: string, count: number) => ({
    stack: { stack: 'region-us-vpc', account: 'network', awsRegion: 'us-east-1', aliases: [] } as const,
    configuration: {
      resource: { aws_eip: Object.fromEntries(Array.from({ length: count }, (_, index) => [`Address${index}`, {}])) },
    },
    environment: exampleEnvironment({ name }),
  });
  const warnings = (others: number) =>
    checkQuotas([addresses('prod', 3)], exampleRegions, [[addresses('staging', others)]]).warnings;
  expect(warnings(2)).toEqual([]);
  expect(warnings(3)).toEqual([expect.stringContaining('needs 6 Elastic IP addresses per region')]);
});

test('what AWS raises for nobody is an error, what it raises a warning', () => {
  const named = (names: number) => ({
    stack: { stack: 'region-us-certificate', account: 'workload', awsRegion: 'us-east-1', aliases: [] } as const,
    configuration: {
      resource: {
        aws_acm_certificate: {
          Wide: { subject_alternative_names: Array.from({ length: names - 1 }, (_, index) => `n${index}.example.com`) },
        },
      },
    },
    environment: exampleEnvironment(),
  });
  const check = (names: number) => checkQuotas([named(names)], exampleRegions);
  expect(check(10)).toEqual({ problems: [], warnings: [] });
  expect(check(11)).toEqual({ problems: [], warnings: [expect.stringContaining('quota acm L-FB94F0B0: ')] });
  expect(check(101).problems.map(formatProblem)).toEqual([
    'account 222222222222, us-east-1, aws_acm_certificate.Wide of region-us-certificate: 101 domain names per certificate, and AWS grants 100 at most; use fewer: https://docs.aws.amazon.com/acm/latest/userguide/acm-limits.html',
  ]);
});
