import infra from '@platform/infra.config';
import { runStacks } from '@platform/libs/stack/run-stacks';
import { RegionalDataStack } from './stack';

runStacks(infra, (app, environment) => new RegionalDataStack(app, environment));
