import infra from '@platform/infra.config';
import { runStacks } from '@platform/libs/stack/run-stacks';
import { ObservabilityStack } from './stack';

runStacks(infra, (app, environment) => new ObservabilityStack(app, environment));
