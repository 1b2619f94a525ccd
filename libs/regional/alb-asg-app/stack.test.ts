import { applicationContract } from '@platform/libs/app/contract';
import { databaseContract } from '@platform/libs/aurora/contract';
import { cacheContract } from '@platform/libs/cache/contract';
import { certificateContract } from '@platform/libs/certificate/contract';
import { regionalDataContract } from '@platform/libs/data/regional-contract';
import { adoptionLevels, modes } from '@platform/libs/settings/adoption';
import type { Environment } from '@platform/libs/settings/environment';
import { exampleEnvironment, exampleRegions } from '@platform/libs/testing/example-settings';
import { expectTwins } from '@platform/libs/testing/expect-twins';
import { synthStack } from '@platform/libs/testing/synth-stack';
import { vpcContract } from '@platform/libs/vpc/contract';
import { RegionalApplication } from './stack';

const [us, ap] = exampleRegions;
const synth = (changes: Partial<Environment> = {}, region = us) =>
  synthStack(
    (app) =>
      new RegionalApplication(app, exampleEnvironment(changes), {
        region,
        contract: applicationContract(region, 'alb-asg-app'),
        upstream: {
          vpc: vpcContract(region, 'vpc'),
          certificate: certificateContract(region),
          data: regionalDataContract(region, 'data'),
          database: databaseContract(region, 'aurora'),
          cache: cacheContract(region, 'cache'),
        },
      }),
  );
const levels = adoptionLevels.map((level) => ({ level, stack: synth({ level }) }));
const [{ stack }] = levels as [(typeof levels)[0]];

test('has one provider, for the workload account', () => {
  expect(stack.providers()).toEqual([
    expect.objectContaining({ allowed_account_ids: [exampleEnvironment().accounts.workload] }),
  ]);
});

test('reads states of its own region only', () => {
  const buckets = synth({}, ap)
    .dataSources('terraform_remote_state')
    .map(({ config }) => config.bucket as string);
  expect(new Set(buckets)).toEqual(new Set(['example-prod-terraform-state-ap']));
});

test('destroys nothing that holds data when the level goes up', () => {
  const holding = levels.map((level) =>
    level.stack.addresses().filter((address) => /^aws_(s3_bucket|sqs_queue|kms_key|lb)\./.test(address)),
  );
  holding.slice(1).forEach((higher, index) => expect(higher).toEqual(expect.arrayContaining(holding[index]!)));
});

test.each(['protected', 'disposable'] as const)('protects its load balancer and logs as %s says', (protection) => {
  const application = exampleEnvironment().applications['app']!;
  const made = synth({ applications: { app: { ...application, protection } } });
  expect(made.resource('aws_lb').enable_deletion_protection).toBe(protection === 'protected');
  expect(made.resource('aws_s3_bucket').force_destroy).toBe(protection === 'disposable');
});

describe.each(modes)('in %s', (mode) => {
  test.each(adoptionLevels)('has the same addresses in every region at %s', (level) => {
    expectTwins(synth({ level, mode }), synth({ level, mode }, ap));
  });
});
