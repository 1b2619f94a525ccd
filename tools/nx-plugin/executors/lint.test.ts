import type { ExecutorContext } from '@nx/devkit';
import { one } from './lint';

jest.mock('@nx/devkit', () => ({
  readCachedProjectGraph: () => {
    throw new Error('no cache');
  },
}));

// Prettier loads its parsers in a way that Jest does not allow.
jest.mock('prettier', () => ({}));

test('lint fails without a project graph: the boundaries would pass unseen', async () => {
  const context = {
    root: '/workspace',
    projectName: 'libs-vpc',
    projectsConfigurations: { version: 2, projects: { 'libs-vpc': { root: 'libs/vpc' } } },
  } as unknown as ExecutorContext;
  await expect(one({}, context)).rejects.toThrow('no project graph, so the module boundaries cannot be checked');
});
