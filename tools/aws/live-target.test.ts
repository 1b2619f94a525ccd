import { liveVariables } from './live-target';

test('passes on neither the shared provider of previews nor arguments and variables that the caller has for Terraform', () => {
  const variables = liveVariables({
    PATH: '/bin',
    TF_REATTACH_PROVIDERS: '{}',
    TF_CLI_ARGS_apply: '-destroy',
    TF_CLI_ARGS: '-lock=false',
    TF_VAR_x: 'y',
    TF_LOG: 'debug',
    AWS_PROFILE: 'prod',
  });
  expect(variables).toEqual({ PATH: '/bin', TF_LOG: 'debug', AWS_PROFILE: 'prod' });
});
