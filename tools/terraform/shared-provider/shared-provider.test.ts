import { spawn } from 'node:child_process';
import { once } from 'node:events';
import {
  chmodSync,
  existsSync,
  mkdirSync,
  mkdtempSync,
  readdirSync,
  readFileSync,
  rmSync,
  writeFileSync,
} from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { setTimeout as delay } from 'node:timers/promises';
import { SharedProvider, type SharedProviderOptions } from './shared-provider';

const types = { resources: new Set<string>(), dataSources: new Set<string>() };

/** Starts like a provider with `-debug`, and has an empty schema. */
const provider = `#!${process.execPath}
const { createServer } = require('node:http2');
const path = process.env.TMPDIR + '/plugin' + process.pid;
const server = createServer();
server.on('stream', (stream, headers) => {
  if (headers[':path'].endsWith('/Crash')) { console.error('panic: no more'); process.exit(2); }
  stream.respond({ ':status': 200, 'content-type': 'application/grpc' }, { waitForTrailers: true });
  stream.on('wantTrailers', () => stream.sendTrailers({ 'grpc-status': '0' }));
  stream.end(Buffer.alloc(5));
});
server.listen(path, () => {
  require('node:fs').writeFileSync(process.env.SEEN, JSON.stringify({ arguments: process.argv.slice(2), environment: process.env }));
  const value = { 'registry.terraform.io/hashicorp/aws': { Protocol: 'grpc', ProtocolVersion: 5, Pid: process.pid, Test: true, Addr: { Network: 'unix', String: path } } };
  console.log("Provider started.\\n\\n\\tTF_REATTACH_PROVIDERS='" + JSON.stringify(value) + "'");
});
`;

interface Reattach {
  Pid: number;
  ProtocolVersion: number;
  Addr: { Network: string; String: string };
}

const alive = (pid: number) => {
  try {
    process.kill(pid, 0);
    return true;
  } catch {
    return false;
  }
};

const becomes = async (condition: () => boolean) => {
  for (let waited = 0; waited < 400 && !condition(); waited++) await delay(50);
  return condition();
};

describe('a shared provider', () => {
  // Two of the tests start a Node process that compiles TypeScript: seconds on a machine that has other work.
  jest.setTimeout(180_000);
  let folder: string;
  let sockets: string;
  let seen: string;
  const started: SharedProvider[] = [];

  beforeEach(() => {
    folder = mkdtempSync(join(tmpdir(), 'shared-'));
    sockets = join(folder, 's');
    seen = join(folder, 'seen.json');
    mkdirSync(sockets);
  });

  afterEach(async () => {
    await Promise.all(started.splice(0).map((each) => each.stop()));
    rmSync(folder, { recursive: true, force: true });
  });

  const executable = (text: string) => {
    const path = join(folder, 'terraform-provider-fake');
    writeFileSync(path, text);
    chmodSync(path, 0o755);
    return path;
  };

  const start = async (
    text = provider,
    options: Partial<SharedProviderOptions> = {},
    variables: NodeJS.ProcessEnv = {},
  ) => {
    const environment = { PATH: process.env['PATH'], SEEN: seen, ...variables };
    const shared = await SharedProvider.start({
      executable: executable(text),
      folder: sockets,
      environment,
      ...options,
    });
    started.push(shared);
    return shared;
  };

  const reattach = (environment: Record<string, string>) => {
    const addresses = JSON.parse(environment['TF_REATTACH_PROVIDERS']!) as Record<string, Reattach>;
    expect(Object.keys(addresses)).toEqual([
      'registry.terraform.io/hashicorp/aws',
      'registry.opentofu.org/hashicorp/aws',
    ]);
    return Object.values(addresses)[0]!;
  };

  it('is attached to through a socket of its own, by Terraform and by OpenTofu', async () => {
    const { environment } = await (await start()).lease(types);
    const { Pid, ProtocolVersion, Addr } = reattach(environment);
    expect(ProtocolVersion).toBe(5);
    expect(Addr.Network).toBe('unix');
    expect(Addr.String.startsWith(sockets)).toBe(true);
    expect(alive(Pid)).toBe(true);
  });

  it('is started so that Terraform can attach, without the variables of an AWS account', async () => {
    await start(provider, {}, { AWS_CA_BUNDLE: '/x.pem', AWS_PROFILE: 'real' });
    const { arguments: given, environment } = JSON.parse(readFileSync(seen, 'utf8')) as {
      arguments: string[];
      environment: Record<string, string>;
    };
    expect(given).toEqual(['-debug']);
    expect(environment).not.toHaveProperty('AWS_CA_BUNDLE');
    expect(environment).not.toHaveProperty('AWS_PROFILE');
    expect(environment).toMatchObject({ AWS_EC2_METADATA_DISABLED: 'true', AWS_CONFIG_FILE: '/dev/null' });
  });

  it('has a process for each configuration, and keeps it', async () => {
    const shared = await start();
    const processes = () =>
      readdirSync(sockets)
        .flatMap((each) => readdirSync(join(sockets, each)))
        .filter((name) => name !== 'relay');
    for (const [providerConfigurations, count] of [
      [0, 1],
      [1, 1],
      [2, 2],
      [1, 2],
      [2, 2],
    ] as const) {
      await (await shared.lease({ ...types, providerConfigurations })).release();
      expect(processes()).toHaveLength(count);
    }
  });

  it('is used by one at a time, in the order of asking', async () => {
    const shared = await start();
    const order: string[] = [];
    const use = async (name: string) => {
      const lease = await shared.lease(types);
      order.push(`${name} in`);
      await delay(10);
      order.push(`${name} out`);
      await lease.release();
      await lease.release();
    };
    await Promise.all(['a', 'b', 'c'].map(use));
    expect(order).toEqual(['a in', 'a out', 'b in', 'b out', 'c in', 'c out']);
  });

  it('lets one who waits go away without a gap for the others', async () => {
    const shared = await start();
    const first = await shared.lease(types);
    const impatient = new AbortController();
    const second = shared.lease(types, impatient.signal);
    let third = false;
    const waiting = shared.lease(types).then(() => (third = true));
    impatient.abort(new Error('no time'));
    await expect(second).rejects.toThrow('no time');
    await delay(10);
    expect(third).toBe(false);
    await first.release();
    await waiting;
  });

  it('leaves no process and no file when stopped, twice even, and serves no more', async () => {
    const shared = await start();
    const { environment } = await shared.lease(types);
    const late = shared.lease(types);
    late.catch(() => {});
    await Promise.all([shared.stop(), shared.stop()]);
    expect(await becomes(() => !alive(reattach(environment).Pid))).toBe(true);
    expect(readdirSync(sockets)).toEqual([]);
    await expect(late).rejects.toThrow('stopped');
    await expect(shared.lease(types)).rejects.toThrow('stopped');
  });

  it('says why it failed once its program has crashed', async () => {
    const shared = await start();
    const { environment, release } = await shared.lease(types);
    expect(shared.failure).toBeUndefined();
    process.kill(reattach(environment).Pid, 'SIGSEGV');
    expect(await becomes(() => shared.failure !== undefined)).toBe(true);
    await release();
    await expect(shared.lease(types)).rejects.toThrow(/terraform-provider-fake: the shared provider ended \(SIGSEGV\)/);
  });

  it.each<[string, string, () => Partial<SharedProviderOptions>, RegExp]>([
    [
      'a program that ends',
      '#!/bin/sh\necho no licence >&2; exit 3\n',
      () => ({}),
      /ended while it started \(3\)\nno licence/,
    ],
    ['a silent program', '#!/bin/sh\necho soon; sleep 600\n', () => ({ startTimeoutSec: 2 }), /within 2 s\nsoon/],
    ['another protocol', provider.replace('Version: 5', 'Version: 6'), () => ({}), /speaks protocol 6, not 5/],
    ['an absent program', '#!/nonexistent\n', () => ({}), /terraform-provider-fake: ended while it started \(12[67]\)/],
    ['a caller that gave up', provider, () => ({ signal: AbortSignal.abort(new Error('gave up')) }), /gave up/],
    ['a caller that gives up', '#!/bin/sh\nsleep 600\n', () => ({ signal: AbortSignal.timeout(200) }), /timeout/],
  ])('does not start with %s, and leaves nothing behind', async (_, text, options, message) => {
    await expect(start(text, options())).rejects.toThrow(message);
    expect(readdirSync(sockets)).toEqual([]);
  });

  it('keeps its sockets elsewhere when the folder is too deep for them', async () => {
    const deep = join(folder, 'd'.repeat(100));
    mkdirSync(deep);
    const { environment } = await (await start(provider, { folder: deep })).lease(types);
    const path = reattach(environment).Addr.String;
    expect(path.length).toBeLessThan(104);
    expect(existsSync(path)).toBe(true);
  });

  it.each(['is killed', 'ends without stopping it'])('goes away with its process when that %s', async (how) => {
    const script = join(folder, 'user.ts');
    writeFileSync(
      script,
      `import { SharedProvider } from ${JSON.stringify(join(__dirname, 'shared-provider'))};
       void SharedProvider.start(${JSON.stringify({ executable: executable(provider), folder: sockets })})
         .then((shared) => shared.lease({ resources: new Set(), dataSources: new Set() }))
         .then(({ environment }) => {
           console.log(environment.TF_REATTACH_PROVIDERS);
           ${how === 'is killed' ? 'setInterval(() => {}, 1000);' : ''}
         });`,
    );
    const user = spawn(process.execPath, ['--import', 'tsx', script], {
      cwd: process.cwd(),
      env: { ...process.env, SEEN: seen },
      stdio: ['ignore', 'pipe', 'inherit'],
    });
    const ended = once(user, 'exit');
    const [line] = (await once(user.stdout, 'data')) as [Buffer];
    const { Pid } = reattach({ TF_REATTACH_PROVIDERS: line.toString() });
    if (how === 'is killed') user.kill('SIGKILL');
    await ended;
    expect(await becomes(() => !alive(Pid))).toBe(true);
    expect(await becomes(() => readdirSync(sockets).length === 0)).toBe(true);
  });
});
