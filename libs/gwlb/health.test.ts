import { once } from 'node:events';
import { spawn, spawnSync, type ChildProcess } from 'node:child_process';
import { createServer, type AddressInfo } from 'node:net';
import { setTimeout as delay } from 'node:timers/promises';
import { readWorkspaceFile } from '@platform/libs/stack/workspace-file';
import { ApplianceSandbox } from '@platform/libs/testing/appliance-sandbox';

const python = ['python3', 'python'].find((name) => spawnSync(name, ['--version']).status === 0);
if (!python) process.stderr.write('SKIPPED, the tests on health.py: there is no Python; install python3\n');

(python ? describe : describe.skip)('an appliance', () => {
  const header = 'sk               RefCnt Type Proto  Iface R Rmem   User   Inode\n';
  const socket = (protocol: string) => `000000005aff7267 3      3    ${protocol}   2     1 0      0      293630\n`;
  let machine: ApplianceSandbox;
  let health: ChildProcess;
  let url: string;

  beforeEach(async () => {
    machine = new ApplianceSandbox();
    machine.program('nft');
    machine.program('systemctl');
    machine.write('/proc/net/packet', header + socket('0800') + socket('0003'));
    const server = createServer().listen(0, '127.0.0.1');
    await once(server, 'listening');
    const { port } = server.address() as AddressInfo;
    server.close();
    const file = machine.write(
      '/opt/appliance/health.py',
      machine.moved(readWorkspaceFile('libs/gwlb/appliance/health.py')),
    );
    health = spawn(python!, ['-B', file, String(port)], { env: { ...process.env, ...machine.environment } });
    url = `http://127.0.0.1:${port}/healthz`;
    for (let tries = 0; tries < 100; tries += 1) {
      if (await fetch(url).catch(() => undefined)) return;
      await delay(100);
    }
    throw new Error('health.py does not answer');
  }, 30_000);
  afterEach(() => {
    health.kill();
    machine.remove();
  });

  const answer = async () => {
    const response = await fetch(url);
    return [response.status, await response.text()];
  };

  test('is healthy while it returns packets and Suricata processes them', async () => {
    expect(await answer()).toEqual([200, 'well']);
  });

  test('is unhealthy before Suricata has loaded its rules: its process runs, but not all its sockets exist', async () => {
    machine.write('/proc/net/packet', header + socket('0800'));
    expect(await answer()).toEqual([503, 'Suricata does not inspect packets yet']);
  });

  test.each([
    ['nft', 'packets are not returned'],
    ['systemctl', 'Suricata is not running'],
  ])('is unhealthy when %s fails, and says why', async (program, reason) => {
    machine.program(program, 'exit 1');
    expect(await answer()).toEqual([503, reason]);
  });
});
