import { join } from 'node:path';
import type { PythonPackages } from './environment';

/** checkov in one version: a newer one brings new checks, and what it finds is looked at when it is raised. */
export const checkovPackages: PythonPackages = {
  name: 'checkov',
  requirements: join('tools', 'actions', 'scan', 'requirements.txt'),
};
