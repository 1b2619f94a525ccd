import infra from '@platform/infra.config';
import { runStacks } from '@platform/libs/stack/run-stacks';
import { CloudfrontStack } from './stack';

runStacks(infra, (app, environment) => new CloudfrontStack(app, environment));
