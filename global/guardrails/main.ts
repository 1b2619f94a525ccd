import infra from '@platform/infra.config';
import { runStacks } from '@platform/libs/stack/run-stacks';
import { GuardrailsStack } from './stack';

runStacks(infra, (app, environment) => new GuardrailsStack(app, environment));
