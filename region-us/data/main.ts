import infra from '@platform/infra.config';
import { runStacks } from '@platform/libs/stack/run-stacks';
import { DataStack } from './stack';

runStacks(infra, (app, environment) => new DataStack(app, environment));
