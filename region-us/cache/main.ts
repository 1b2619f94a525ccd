import infra from '@platform/infra.config';
import { runStacks } from '@platform/libs/stack/run-stacks';
import { CacheStack } from './stack';

runStacks(infra, (app, environment) => new CacheStack(app, environment));
