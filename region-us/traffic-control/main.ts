import infra from '@platform/infra.config';
import { runStacks } from '@platform/libs/stack/run-stacks';
import { TrafficControlStack } from './stack';

runStacks(infra, (app, environment) => new TrafficControlStack(app, environment));
