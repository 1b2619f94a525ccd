import infra from '@platform/infra.config';
import { testRegionalStack } from '@platform/libs/testing/test-regional-stack';
import { contract } from './contract';
import { TrafficControlStack } from './stack';
import { balancers } from './upstream';

testRegionalStack({
  settings: infra,
  contract,
  build: (app, environment) => new TrafficControlStack(app, environment),
  readsOutside: [
    'global-ga',
    'global-route53',
    ...Object.values(balancers)
      .filter(({ stateRegion }) => stateRegion.key !== contract.stateRegion.key)
      .map(({ stack }) => stack),
  ],
});

test('every load balancer is listed under the key of its region', () => {
  for (const [name, { stateRegion }] of Object.entries(balancers)) expect(stateRegion.key).toBe(name);
});
