import infra from '@platform/infra.config';
import { runStacks } from '@platform/libs/stack/run-stacks';
import { ApplicationStack } from './stack';

runStacks(infra, (app, environment) => new ApplicationStack(app, environment));
