import infra from '@platform/infra.config';
import { runStacks } from '@platform/libs/stack/run-stacks';
import { CertificateStack } from './stack';

runStacks(infra, (app, environment) => new CertificateStack(app, environment));
