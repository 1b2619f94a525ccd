import { PutObjectCommand, S3Client } from '@aws-sdk/client-s3';
import { execFileSync } from 'node:child_process';
import { existsSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import { growInPlace } from '@platform/e2e/fixtures/grown-workspace';
import { startNx } from '@platform/e2e/fixtures/start-cli';
import { makeStateBuckets } from '@platform/e2e/fixtures/state-buckets';
import { withEmulator } from '@platform/e2e/fixtures/with-emulator';
import { nx, nxFailing, WorkspaceClone } from './testing/run-in-workspace';

jest.setTimeout(600_000);

/** The commands that people type, in a clone of this workspace. */
describe('Nx in a clone', () => {
  let clone: WorkspaceClone;
  beforeAll(() => (clone = new WorkspaceClone()));
  afterAll(() => clone.remove());

  const affectedSince = (base: string): string[] =>
    JSON.parse(nx(clone.root, 'show', 'projects', '--affected', `--base=${base}`, '--with-target=plan', '--json'));

  it('plans nothing after a change in a README or a document', () => {
    clone.write('README.md', '# Changed\n');
    clone.write('docs/note.md', 'Changed\n');
    clone.write('region-ap/vpc/README.md', 'Changed\n');
    clone.commit();
    expect(affectedSince('HEAD~1')).toEqual([]);
  });

  it('plans what depends on a region after a change of its settings, and nothing else', () => {
    const path = 'region-ap/region.ts';
    clone.write(path, `${readFileSync(join(clone.root, path), 'utf8')}\n// changed\n`);
    clone.commit();
    const affected = affectedSince('HEAD~1');
    expect(affected).toEqual(expect.arrayContaining(['region-ap-vpc', 'shared-tgw']));
    expect(affected).not.toContain('region-us-vpc');
    expect(affected).not.toContain('global-zone');
  });

  it.each(['true', 'false'])('plans after a change of a file outside ASCII, with core.quotepath=%s', (quotepath) => {
    execFileSync('git', ['config', 'core.quotepath', quotepath], { cwd: clone.root });
    clone.write(`region-us/vpc/ağ-${quotepath}.ts`, 'export {};\n');
    expect(affectedSince('HEAD')).toContain('region-us-vpc');
    clone.commit();
    expect(affectedSince('HEAD~1')).toContain('region-us-vpc');
  });

  it('keeps the environments apart in the cache', () => {
    const synth = (environment: string) => nx(clone.root, 'run', `region-us-vpc:synth:${environment}`, '--verbose');
    const json = (environment: string) =>
      readFileSync(join(clone.root, 'dist/synth', environment, 'stacks/region-us-vpc/cdk.tf.json'), 'utf8');

    expect(synth('prod')).not.toContain('from the cache');
    expect(synth('staging')).not.toContain('from the cache');
    expect(json('prod')).not.toBe(json('staging'));

    const before = json('prod');
    execFileSync('rm', ['-r', join(clone.root, 'dist')]);
    expect(synth('prod')).toContain('from the cache');
    expect(json('prod')).toBe(before);
    expect(existsSync(join(clone.root, 'dist/synth/staging'))).toBe(false);
  });

  it('keeps the levels of two runs side by side apart, on disk and in the cache', async () => {
    const levels = ['standby', 'inspected'];
    const synth = () =>
      Promise.all(levels.map((level) => startNx(clone.root, ['run', 'shared-tgw:synth', `--level=${level}`]).ended));
    const json = () =>
      levels.map((level) =>
        readFileSync(join(clone.root, `dist/synth/prod@${level}/stacks/shared-tgw-us/cdk.tf.json`), 'utf8'),
      );

    expect((await synth()).map(({ code }) => code)).toEqual([0, 0]);
    const [standby, inspected] = json();
    expect(standby).not.toBe(inspected);

    execFileSync('rm', ['-r', join(clone.root, 'dist')]);
    expect(
      (await synth()).map(({ stdout }) => stdout.includes('from the cache') || /local cache/.test(stdout)),
    ).toEqual([true, true]);
    expect(json()).toEqual([standby, inspected]);
  });

  it('refuses an environment that there is not, where Nx would take the default one', () => {
    const output = nxFailing(clone.root, 'run', 'region-us-vpc:synth', '-c', 'stagin');
    expect(output).toContain('there is no environment "stagin"; use one of prod, staging');
    expect(existsSync(join(clone.root, 'dist/synth/staging'))).toBe(false);
  });

  it('gives a new folder with three files all targets of a stack, apart from its namesake', () => {
    for (const name of ['main', 'stack', 'contract']) {
      const text = readFileSync(join(clone.root, 'region-us/vpc', `${name}.ts`), 'utf8');
      clone.write(`region-us/vpc-peering/${name}.ts`, text);
    }
    const { targets } = JSON.parse(nx(clone.root, 'show', 'project', 'region-us-vpc-peering', '--json'));
    expect(Object.keys(targets).sort()).toEqual([
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

    clone.commit();
    clone.write('region-us/vpc-peering/stack.ts', '// changed\n');
    expect(affectedSince('HEAD')).toEqual(['region-us-vpc-peering']);
  });

  it('says which boundary, contract field or format is broken, and where', () => {
    clone.write(
      'libs/vpc/broken.ts',
      "import { contract } from '@platform/global/zone/contract';\n\nexport const broken = contract.fields.noSuchField;\n",
    );
    clone.write('region-us/vpc/broken.ts', "export const broken   = '@platform';\n");
    const output = nxFailing(clone.root, 'run-many', '-t', 'lint', 'typecheck', '-p', 'libs-vpc', 'region-us-vpc');

    expect(output).toMatch(/libs\/vpc\/broken\.ts[^]*global\/zone\/contract[^]*platform\/imports/);
    expect(output).toMatch(/"type:lib" can only depend on libs tagged with "type:lib"/);
    expect(output).toMatch(/libs\/vpc\/broken\.ts\(3,\d+\): error TS2339: Property 'noSuchField' does not exist/);
    expect(output).toContain('region-us/vpc/broken.ts: not formatted');
    expect(output).toMatch(/✔ {2}nx run region-us-vpc:typecheck/);
  });

  it('knows a third region and twenty more VPCs, with their edges, without a change to libs or tools', async () => {
    await growInPlace(clone.root, { vpcs: 20 });
    nx(clone.root, 'graph', '--file=graph.json');
    const { graph } = JSON.parse(readFileSync(join(clone.root, 'graph.json'), 'utf8')) as {
      graph: { dependencies: Record<string, { target: string }[]> };
    };
    const spokes = Object.keys(graph.dependencies).filter((name) => /^region-\w+-spoke-/.test(name));
    const hub = graph.dependencies['shared-tgw']!.map(({ target }) => target);
    expect(spokes).toHaveLength(20);
    expect(hub).toEqual(expect.arrayContaining([...spokes, 'region-eu-vpc']));
    expect(graph.dependencies['region-eu-vpc']!.map(({ target }) => target)).not.toContain('region-us-vpc');
  });
});

withEmulator('moto', (emulator) => {
  let clone: WorkspaceClone;
  beforeAll(() => (clone = new WorkspaceClone()));
  afterAll(() => clone.remove());

  it('destroys nothing that nobody has confirmed by the name of the environment', async () => {
    try {
      const { endpoint } = emulator();
      await makeStateBuckets({ endpoint });
      const client = new S3Client({
        region: 'us-east-1',
        endpoint,
        forcePathStyle: true,
        credentials: { accessKeyId: 'emulator', secretAccessKey: 'emulator' },
      });
      const outputs = { vpcId: { value: 'vpc-1', type: 'string' } };
      const state = { version: 4, terraform_version: '1.11.4', serial: 1, lineage: 'l', outputs, resources: [] };
      const Key = 'region-us-vpc/terraform.tfstate';
      await client.send(
        new PutObjectCommand({ Bucket: 'example-prod-terraform-state-us', Key, Body: JSON.stringify(state) }),
      );
      process.env['AWS_ENDPOINT_URL'] = endpoint;
      const projects = ['region-us-vpc', 'region-ap-vpc'];
      const output = nxFailing(
        clone.root,
        'run-many',
        '-t',
        'destroy',
        '-c',
        'prod',
        '--on=emulator',
        '-p',
        ...projects,
      );
      expect(output).toContain('nothing was destroyed: "" is not prod');
      expect(output).toMatch(/✔ {2}nx run region-ap-vpc:destroy:prod/);
    } finally {
      delete process.env['AWS_ENDPOINT_URL'];
    }
  });
});
