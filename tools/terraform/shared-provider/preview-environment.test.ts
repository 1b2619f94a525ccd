import { devNull } from 'node:os';
import { previewEnvironment } from './preview-environment';

test("nothing of the caller's AWS account or Terraform habits reaches a preview", () => {
  const environment = previewEnvironment({
    PATH: '/bin',
    AWS_PROFILE: 'prod',
    AWS_ENDPOINT_URL: 'http://127.0.0.1:1',
    TF_CLI_ARGS_plan: '-destroy',
    TF_VAR_x: '1',
    TF_CLI_CONFIG_FILE: '/home/me/.terraformrc',
  });
  expect(environment).toEqual({
    PATH: '/bin',
    TF_CLI_CONFIG_FILE: '/home/me/.terraformrc',
    AWS_CONFIG_FILE: devNull,
    AWS_SHARED_CREDENTIALS_FILE: devNull,
    AWS_EC2_METADATA_DISABLED: 'true',
  });
});
