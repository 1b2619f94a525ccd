import infra from '@platform/infra.config';
import { runStacks } from '@platform/libs/stack/run-stacks';
import { GaStack } from './stack';

runStacks(infra, (app, environment) => new GaStack(app, environment));
