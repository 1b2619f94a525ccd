import { findProjects } from './find-projects';

const files = [
  'README.md',
  'infra.config.ts',
  'global/home.ts',
  'global/home.test.ts',
  'global/zone/main.ts',
  'region-us/region.ts',
  'region-us/vpc/main.ts',
  'region-us/vpc-peering/main.ts',
  'region-us/notes/stack.ts',
  'shared/regions.ts',
  'shared/security/gwlb/main.ts',
  'libs/vpc/vpc.ts',
  'libs/vpc/contract.ts',
  'libs/regional/vpc/stack.ts',
  'libs/regional/README.md',
  'tools/actions/synth/synth.ts',
  'docs/main.ts',
];

describe('projects', () => {
  const projects = findProjects(files);

  it('are the folders with stacks, regions, libs and tools, each once and named by its path', () => {
    expect(projects.map(({ name, kind }) => `${name} ${kind}`)).toEqual([
      'global region',
      'global-zone stack',
      'libs-regional-vpc lib',
      'libs-vpc lib',
      'region-us region',
      'region-us-vpc stack',
      'region-us-vpc-peering stack',
      'shared region',
      'shared-security-gwlb stack',
      'tools-actions-synth tool',
    ]);
  });

  it('know their scope, and their region below region-*', () => {
    const byName = new Map(projects.map((project) => [project.name, project]));
    expect(byName.get('region-us-vpc')).toMatchObject({ scope: 'region', region: 'us', folder: 'region-us/vpc' });
    expect(byName.get('shared-security-gwlb')).toMatchObject({ scope: 'shared' });
    expect(byName.get('shared-security-gwlb')).not.toHaveProperty('region');
    expect(byName.get('libs-vpc')).not.toHaveProperty('scope');
  });

  it('do not depend on the order in which files are found', () => {
    expect(findProjects([...files].reverse())).toEqual(projects);
  });
});
