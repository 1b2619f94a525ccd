import infra from '@platform/infra.config';
import { runStacks } from '@platform/libs/stack/run-stacks';
import { DatabaseStack } from './stack';

runStacks(infra, (app, environment) => new DatabaseStack(app, environment));
