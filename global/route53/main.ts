import infra from '@platform/infra.config';
import { runStacks } from '@platform/libs/stack/run-stacks';
import { Route53Stack } from './stack';

runStacks(infra, (app, environment) => new Route53Stack(app, environment));
