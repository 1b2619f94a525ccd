import infra from '@platform/infra.config';
import { runStacks } from '@platform/libs/stack/run-stacks';
import { regions } from '@platform/shared/regions';
import { GwlbStack } from './stack';

runStacks(infra, (app, environment) => {
  for (const region of regions) new GwlbStack(app, environment, region);
});
