import { existsSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import { findProjects } from './find-projects';
import { configurationsOf, projectConfiguration } from './plugin';

const settings = {
  owners: { 'region-us': 'platform', 'region-us/vpc': 'network' },
  environments: { prod: {}, staging: {} },
} as unknown as Parameters<typeof projectConfiguration>[1];

const configurationOf = (file: string) => projectConfiguration(findProjects([file])[0]!, settings, ['us', 'ap']);

describe('the configuration of a project', () => {
  it('gives a stack every target, without a project.json', () => {
    expect(Object.keys(configurationOf('region-us/vpc/main.ts').targets!).sort()).toEqual([
      'deploy',
      'destroy',
      'drift',
      'lint',
      'plan',
      'synth',
      'test',
      'typecheck',
      'validate',
    ]);
  });

  it('gives what has no stack only the targets of code', () => {
    for (const file of [
      'libs/vpc/vpc.ts',
      'tools/actions/synth/synth.ts',
      'region-us/region.ts',
      'shared/regions.ts',
    ]) {
      expect(Object.keys(configurationOf(file).targets!).sort()).toEqual(['lint', 'test', 'typecheck']);
    }
  });

  it('tags by kind, scope, region and owner', () => {
    expect(configurationOf('region-us/vpc/main.ts').tags).toEqual([
      'type:stack',
      'scope:region',
      'region:us',
      'owner:network',
    ]);
  });

  it('finds the owner by path segment: region-us/vpc-peering is not part of region-us/vpc', () => {
    expect(configurationOf('region-us/vpc-peering/main.ts').tags).toContain('owner:platform');
  });

  it('offers every environment as a configuration, the first by default', () => {
    const { targets } = configurationOf('region-us/vpc/main.ts');
    for (const target of ['synth', 'validate', 'plan']) {
      expect(targets![target]).toMatchObject({
        configurations: { prod: { environment: 'prod' }, staging: { environment: 'staging' } },
        defaultConfiguration: 'prod',
      });
    }
    expect(targets!['drift']).toMatchObject({ defaultConfiguration: 'prod' });
  });

  it('has no default for what changes an environment', () => {
    const { targets } = configurationOf('region-us/vpc/main.ts');
    for (const target of ['deploy', 'destroy']) {
      expect(Object.keys(targets![target]!.configurations!)).toEqual(['prod', 'staging']);
      expect(targets![target]).not.toHaveProperty('defaultConfiguration');
    }
  });

  it('caches what files decide, and nothing that asks Terraform', () => {
    const { targets } = configurationOf('region-us/vpc/main.ts');
    const cached = Object.keys(targets!).filter((target) => targets![target]!.cache);
    expect(cached.sort()).toEqual(['lint', 'synth', 'test', 'typecheck']);
  });

  it('names executors that exist', () => {
    const { executors } = JSON.parse(readFileSync(join(__dirname, 'executors.json'), 'utf8'));
    for (const { executor } of Object.values(configurationOf('region-us/vpc/main.ts').targets!)) {
      const name = executor!.replace('./tools/nx-plugin:', '');
      expect(executors).toHaveProperty(name);
      expect(existsSync(join(__dirname, 'executors', `${name}.ts`))).toBe(true);
    }
  });
});

describe('the environment that a command line names', () => {
  it('is found in every way to name an environment', () => {
    const nx = ['node', 'nx', 'affected', '-t', 'plan'];
    for (const choice of [
      ['-c', 'staging'],
      ['-c=staging'],
      ['--configuration', 'staging'],
      ['--configuration=staging'],
    ]) {
      expect(configurationsOf([...nx, ...choice])).toEqual(['staging']);
    }
    expect(configurationsOf(['node', 'nx', 'run', 'region-us-vpc:plan:staging'])).toEqual(['staging']);
    expect(configurationsOf(['node', 'nx', 'run', 'region-us-vpc:plan'])).toEqual([]);
    expect(configurationsOf(nx)).toEqual([]);
  });
});
