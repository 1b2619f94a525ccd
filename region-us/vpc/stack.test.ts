import infra from '@platform/infra.config';
import { testRegionalStack } from '@platform/libs/testing/test-regional-stack';
import { contract } from './contract';
import { VpcStack } from './stack';

testRegionalStack({
  settings: infra,
  contract,
  build: (app, environment) => new VpcStack(app, environment),
});
