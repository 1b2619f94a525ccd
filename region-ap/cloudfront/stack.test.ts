import infra from '@platform/infra.config';
import type { RegionSettings } from '@platform/libs/settings/region';
import { testRegionalStack } from '@platform/libs/testing/test-regional-stack';
import { region } from '../region';
import { contract } from './contract';
import { CloudfrontStack } from './stack';
import { balancers } from './upstream';

const { key, failsOverTo } = region as RegionSettings;

testRegionalStack({
  settings: infra,
  contract,
  build: (app, environment) => new CloudfrontStack(app, environment),
  readsOutside: [
    'global-zone',
    'global-data',
    ...Object.values(balancers)
      .filter(({ stateRegion }) => stateRegion.key !== key)
      .map(({ stack }) => stack),
  ],
});

test('every load balancer is listed under the key of its region, including its own and that of the region it fails over to', () => {
  for (const [name, { stateRegion }] of Object.entries(balancers)) expect(stateRegion.key).toBe(name);
  expect(Object.keys(balancers)).toEqual(expect.arrayContaining([key, failsOverTo]));
});
