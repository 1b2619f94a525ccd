import { spawn } from 'node:child_process';
import { createSocket, type Socket } from 'node:dgram';
import { mkdtempSync, rmSync, symlinkSync, writeFileSync } from 'node:fs';
import { createServer, type Server } from 'node:http';
import type { AddressInfo } from 'node:net';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { bundleFunction } from '@platform/libs/stack/function-code';
import { workspaceRoot } from '@platform/libs/stack/workspace-file';
import type { LatchDecision } from '../decide-latch';
import type { KeeperConfig } from '../keeper-config';

/*
 * The bundle as Lambda gets it, in a process of its own, against a name server and an address of CloudWatch on loopback.
 */

const source = 'libs/edge/latch/lambda/handler.ts';
const config: KeeperConfig = {
  environment: 'prod',
  watched: 'us',
  answeredName: 'failover.api.example.com',
  watchedName: 'origin-us.example.com',
  hereName: 'origin-ap.example.com',
};

let names: Socket;
let cloudWatch: Server;
let addresses: Record<string, string>;
let last: { readonly value: number; readonly ageSec: number } | undefined;
let puts: string[];
const folder = mkdtempSync(join(tmpdir(), 'latch keeper-'));

/** Answers a query for an address with the one of `addresses`, or that there is no such name. */
function answer(query: Buffer): Buffer {
  const labels: string[] = [];
  let at = 12;
  for (let length = query[at]!; length > 0; length = query[at]!) {
    labels.push(query.subarray(at + 1, at + 1 + length).toString());
    at += length + 1;
  }
  const question = query.subarray(12, at + 5);
  const address = addresses[labels.join('.')];
  const header = Buffer.from(query.subarray(0, 12));
  header.writeUInt16BE(address ? 0x8180 : 0x8183, 2);
  header.writeUInt16BE(1, 4);
  header.writeUInt16BE(address ? 1 : 0, 6);
  header.writeUInt32BE(0, 8);
  const record = address
    ? Buffer.from([0xc0, 12, 0, 1, 0, 1, 0, 0, 0, 60, 0, 4, ...address.split('.').map(Number)])
    : Buffer.alloc(0);
  return Buffer.concat([header, question, record]);
}

beforeAll(async () => {
  names = createSocket('udp4');
  names.on('message', (query, { port, address }) => names.send(answer(query), port, address));
  await new Promise<void>((resolve) => names.bind(0, '127.0.0.1', resolve));
  cloudWatch = createServer((request, response) => {
    const parts: Buffer[] = [];
    request.on('data', (part: Buffer) => parts.push(part));
    request.on('end', () => {
      const operation = String(request.headers['x-amz-target']).split('.')[1];
      if (operation === 'PutMetricData') puts.push(Buffer.concat(parts).toString('latin1'));
      response.setHeader('content-type', 'application/x-amz-json-1.0');
      response.end(JSON.stringify(operation === 'PutMetricData' ? {} : metricData()));
    });
  });
  await new Promise<void>((resolve) => cloudWatch.listen(0, '127.0.0.1', resolve));
  writeFileSync(join(folder, 'index.js'), bundleFunction(source));
  symlinkSync(join(workspaceRoot(), 'node_modules'), join(folder, 'node_modules'));
});
afterAll(() => {
  names.close();
  cloudWatch.close();
  rmSync(folder, { recursive: true });
});
beforeEach(() => {
  puts = [];
  last = undefined;
  addresses = { 'origin-us.example.com': '198.51.100.1', 'origin-ap.example.com': '198.51.100.2' };
});

function metricData() {
  const values = last ? [last.value] : [];
  const times = last ? [Date.now() / 1000 - last.ageSec] : [];
  return { MetricDataResults: [{ Id: 'latched', Values: values, Timestamps: times }] };
}

async function call(): Promise<LatchDecision> {
  const script = `require('./index.js').handler().then((decision) => process.stderr.write(JSON.stringify(decision)))`;
  const child = spawn(process.execPath, ['-e', script], {
    cwd: folder,
    env: {
      PATH: process.env['PATH'],
      LATCH: JSON.stringify(config),
      LATCH_NAME_SERVERS: `127.0.0.1:${names.address().port}`,
      AWS_REGION: 'ap-northeast-2',
      AWS_ACCESS_KEY_ID: 'none',
      AWS_SECRET_ACCESS_KEY: 'none',
      AWS_ENDPOINT_URL: `http://127.0.0.1:${(cloudWatch.address() as AddressInfo).port}`,
      AWS_SDK_JS_NODE_VERSION_SUPPORT_WARNING_DISABLED: 'true',
    },
  });
  let said = '';
  child.stderr.on('data', (text: Buffer) => (said += text.toString()));
  await new Promise((resolve) => child.once('close', resolve));
  if (!said.startsWith('{')) throw new Error(said);
  return JSON.parse(said) as LatchDecision;
}

test('engages the latch once Route 53 answers with this region', async () => {
  addresses['failover.api.example.com'] = '198.51.100.2';
  expect(await call()).toMatchObject({ engage: true });
  expect(puts).toHaveLength(1);
  for (const text of ['Platform/Failover', 'Latched', 'prod', 'us']) expect(puts[0]).toContain(text);
});

test('leaves it while the watched region answers, and just after a release', async () => {
  addresses['failover.api.example.com'] = '198.51.100.1';
  expect(await call()).toMatchObject({ engage: false, reason: 'the watched region answers' });
  addresses['failover.api.example.com'] = '198.51.100.2';
  last = { value: 0, ageSec: 60 };
  expect(await call()).toMatchObject({ engage: false, reason: expect.stringContaining('released') });
  expect(puts).toEqual([]);
});

test('does nothing where a name does not resolve', async () => {
  expect(await call()).toMatchObject({ engage: false, reason: 'the name does not resolve' });
});

test('is small: the runtime has the SDK', () => {
  expect(bundleFunction(source).length).toBeLessThan(20_000);
});
