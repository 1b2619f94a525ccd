import { previewOverride } from './preview-override';

test('each provider of an alias is overridden under that alias', () => {
  const { provider } = previewOverride(
    {
      provider: { aws: [{ region: 'us-east-1' }, { alias: 'ap', region: 'ap-northeast-2' }] },
    },
    '/stack',
  ) as { provider: { aws: { alias?: string; allowed_account_ids: string[] }[] } };
  expect(provider.aws.map(({ alias }) => alias)).toEqual([undefined, 'ap']);
  expect(provider.aws.map((block) => block.allowed_account_ids)).toEqual([[], []]);
});

test('every state read is answered by a local file', () => {
  expect(
    previewOverride({ data: { terraform_remote_state: { 'region-us-vpc': { backend: 's3' } } } }, '/stack'),
  ).toMatchObject({
    terraform: { backend: { local: {} } },
    data: {
      terraform_remote_state: {
        'region-us-vpc': { backend: 'local', config: { path: 'upstream/region-us-vpc.tfstate' } },
      },
    },
  });
});

test('a stack that reads no state gets no data block', () => {
  expect(previewOverride({}, '/stack')).not.toHaveProperty('data');
});
