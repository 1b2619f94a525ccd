import infra from '@platform/infra.config';
import { runStacks } from '@platform/libs/stack/run-stacks';
import { StateStack } from './stack';

runStacks(infra, (app, environment) => new StateStack(app, environment));
