import infra from '@platform/infra.config';
import { adoptionLevels } from '@platform/libs/settings/adoption';
import { selectEnvironment } from '@platform/libs/settings/environment';
import { synthStack } from '@platform/libs/testing/synth-stack';
import { ApplicationStack } from './stack';

const synthesise = (...[name, whatIf]: [name?: string, whatIf?: Parameters<typeof selectEnvironment>[2]]) =>
  synthStack((app) => new ApplicationStack(app, selectEnvironment(infra, name ?? 'prod', whatIf)));

test('the stack stands in the workload account, in one region, with one provider', () => {
  const [provider, ...others] = synthesise().providers();
  expect(provider!.allowed_account_ids).toEqual([infra.environments.prod.accounts.workload]);
  expect(others).toEqual([]);
});

test('it reads what lies in the region, and no state of the home region or of another one', () => {
  const buckets = synthesise()
    .dataSources('terraform_remote_state')
    .map(({ config }) => config.bucket as string);
  expect(new Set(buckets).size).toBe(1);
});

test.each(Object.keys(infra.environments))(
  'every level of %s can be synthesised, and none takes a resource away that holds something',
  (name) => {
    const holding = (addresses: string[]) =>
      addresses.filter((address) => /^aws_(s3_bucket|sqs_queue|kms_key|lb)\./.test(address));
    const levels = adoptionLevels.map((level) => holding(synthesise(name, { level }).addresses()));
    levels.slice(1).forEach((level, index) => expect(level).toEqual(expect.arrayContaining(levels[index]!)));
  },
);

test('production keeps its balancers and logs, staging may be taken down', () => {
  const prod = synthesise('prod');
  expect(prod.resource('aws_lb').enable_deletion_protection).toBe(true);
  expect(prod.resource('aws_s3_bucket').force_destroy).toBe(false);
  const staging = synthesise('staging');
  expect(staging.resource('aws_lb').enable_deletion_protection).toBe(false);
  expect(staging.resource('aws_s3_bucket').force_destroy).toBe(true);
});
