import infra from '@platform/infra.config';
import { runStacks } from '@platform/libs/stack/run-stacks';
import { VpcStack } from './stack';

runStacks(infra, (app, environment) => new VpcStack(app, environment));
