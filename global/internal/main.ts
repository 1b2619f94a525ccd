import infra from '@platform/infra.config';
import { runStacks } from '@platform/libs/stack/run-stacks';
import { InternalStack } from './stack';

runStacks(infra, (app, environment) => new InternalStack(app, environment));
