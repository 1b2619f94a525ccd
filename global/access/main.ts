import infra from '@platform/infra.config';
import { runStacks } from '@platform/libs/stack/run-stacks';
import { AccessStack } from './stack';

runStacks(infra, (app, environment) => new AccessStack(app, environment));
