import infra from '@platform/infra.config';
import { runStacks } from '@platform/libs/stack/run-stacks';
import { ZoneStack } from './stack';

runStacks(infra, (app, environment) => new ZoneStack(app, environment));
