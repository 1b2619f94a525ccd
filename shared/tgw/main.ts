import infra from '@platform/infra.config';
import { runStacks } from '@platform/libs/stack/run-stacks';
import { regions } from '@platform/shared/regions';
import { attachedVpcs } from './attachments';
import { addMesh } from './mesh';

runStacks(infra, (app, environment) => addMesh(app, environment, regions, attachedVpcs));
