import infra from '@platform/infra.config';
import { home } from '@platform/global/home';
import { runStacks } from '@platform/libs/stack/run-stacks';
import { regions } from '@platform/shared/regions';
import { DirectConnectGatewayStack } from './gateway-stack';
import { HybridStack } from './stack';

runStacks(infra, (app, environment) => {
  new DirectConnectGatewayStack(app, environment, home);
  for (const region of regions) new HybridStack(app, { environment, region, home, regions });
});
