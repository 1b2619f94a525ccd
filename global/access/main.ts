import infra from '@platform/infra.config';
import { selectEnvironment } from '@platform/libs/settings/environment';
import { runStacks } from '@platform/libs/stack/run-stacks';
import { AccessStack } from './stack';

const all = Object.keys(infra.environments).map((name) => selectEnvironment(infra, name));
runStacks(infra, (app, environment) => new AccessStack(app, environment, all));
