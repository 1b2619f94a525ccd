import { once } from 'node:events';
import { spawn, spawnSync, type ChildProcess } from 'node:child_process';
import { mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { createServer as createHttpServer, type IncomingMessage, type Server } from 'node:http';
import { request as httpsRequest } from 'node:https';
import { connect, createServer, type AddressInfo } from 'node:net';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { setTimeout as delay } from 'node:timers/promises';
import { writePaths } from '@platform/libs/edge/names';
import { certificateCommand } from '../user-data';

/*
 * Runs the file of the instances with Python: same file, same health path, with a database and AWS APIs that answer
 * only what the service asks.
 */
const python = ['python3', 'python'].find((name) => spawnSync(name, ['--version']).status === 0);
if (!python) console.warn('service.py is not tested: there is no Python; install python3');
const withPython = python ? describe : describe.skip;

const folder = mkdtempSync(join(tmpdir(), 'service-'));
const failFile = join(folder, 'fail');
const stops: (() => void)[] = [];
afterEach(() => {
  stops.splice(0).forEach((stop) => stop());
  rmSync(failFile, { force: true });
});
afterAll(() => rmSync(folder, { recursive: true }));

/** Starts the service on a free port and returns its address. */
async function start(variables: Record<string, string> = {}): Promise<{ url: string; process: ChildProcess }> {
  const child = spawn(python!, ['-B', join(__dirname, 'service.py')], {
    env: {
      PATH: process.env['PATH'],
      PORT: '0',
      REGION: 'us-east-1',
      ZONE: 'us-east-1b',
      COLOUR: 'blue',
      RELEASE: '1.0.0',
      FAIL_FILE: failFile,
      CHECK_SECONDS: '0.1',
      AWS_ACCESS_KEY_ID: 'key',
      AWS_SECRET_ACCESS_KEY: 'secret',
      ...variables,
    },
    stdio: ['ignore', 'pipe', 'inherit'],
  });
  stops.push(() => child.kill('SIGKILL'));
  let output = '';
  const port = await new Promise<number>((resolve, reject) => {
    child.stdout.on('data', (chunk) => {
      output += String(chunk);
      const started = output.split('\n').find((line) => line.includes('"started"') && line.endsWith('}'));
      if (started) resolve((JSON.parse(started) as { port: number }).port);
    });
    child.on('exit', (code) => reject(new Error(`the service ended with ${code}`)));
  });
  return { url: `http://127.0.0.1:${port}`, process: child };
}

/** A PostgreSQL for the health check: it answers the TLS request with `answer`. */
async function database(answer: 'S' | 'N'): Promise<{ address: string; close(): void }> {
  const server = createServer((socket) =>
    socket.on('data', () => socket.end(answer)).on('error', () => socket.destroy()),
  );
  await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve));
  stops.push(() => server.close());
  return { address: `127.0.0.1:${(server.address() as AddressInfo).port}`, close: () => server.close() };
}

interface Call {
  readonly target: string;
  readonly authorization: string;
  readonly body: Record<string, unknown>;
}

/** The AWS APIs that the service calls. */
async function aws(answer: (call: Call) => [status: number, body: object]): Promise<{ url: string; calls: Call[] }> {
  const calls: Call[] = [];
  const server: Server = createHttpServer((request, response) => {
    const answerCall = (text: string) => {
      const call = {
        target: String(request.headers['x-amz-target']),
        authorization: String(request.headers['authorization']),
        body: JSON.parse(text) as Record<string, unknown>,
      };
      calls.push(call);
      const [status, body] = answer(call);
      response.writeHead(status, { 'content-type': 'application/json' }).end(JSON.stringify(body));
    };
    // A service that is stopped while it sends a call aborts the request, which then has no body to answer.
    readBody(request).then(answerCall, () => response.destroy());
  });
  await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve));
  stops.push(() => {
    server.closeAllConnections();
    server.close();
  });
  return { url: `http://127.0.0.1:${(server.address() as AddressInfo).port}`, calls };
}

async function readBody(request: IncomingMessage): Promise<string> {
  let text = '';
  for await (const chunk of request) text += String(chunk);
  return text;
}

/**
 * Sends raw bytes. Returns the responses once the service has been silent for a moment, and whether it closed the
 * connection.
 */
async function exchange(url: string, request: string): Promise<{ answers: string[]; closed: boolean }> {
  const { port, hostname } = new URL(url);
  const socket = connect(Number(port), hostname);
  let [received, closed] = ['', false];
  socket.on('data', (data) => (received += String(data)));
  socket.on('end', () => (closed = true));
  socket.write(request);
  await Promise.race([once(socket, 'end'), delay(700)]);
  socket.destroy();
  return { answers: received.split(/(?=HTTP\/1\.1 )/), closed };
}

const statusesOf = (answers: string[]) => answers.map((answer) => Number(answer.split(' ')[1]));

const statusOf = async (url: string) => (await fetch(`${url}/healthz`)).status;

/** Waits until the health path answers with `status`. */
async function becomes(url: string, status: number): Promise<void> {
  for (let tries = 0; tries < 50 && (await statusOf(url)) !== status; tries++) await delay(100);
  expect(await statusOf(url)).toBe(status);
}

withPython('the service', () => {
  test('is healthy, fails when told to, and is healthy again', async () => {
    const { url } = await start();
    await becomes(url, 200);
    writeFileSync(failFile, 'game day');
    const failing = await fetch(`${url}/healthz`);
    expect(failing.status).toBe(503);
    expect(await failing.json()).toEqual({ status: 'failing', failing: ['the fail file exists'] });
    rmSync(failFile);
    expect(await statusOf(url)).toBe(200);
  });

  const openssl = spawnSync('openssl', ['version']).status === 0;
  (openssl ? test : test.skip)(
    'speaks TLS with the certificate of its instance, also beside a silent client',
    async () => {
      const certificate = join(folder, 'certificate.pem');
      expect(spawnSync('sh', ['-c', certificateCommand(certificate)]).status).toBe(0);
      const { url } = await start({ CERTIFICATE: certificate });
      await expect(fetch(url)).rejects.toThrow();
      const { port, hostname } = new URL(url);
      const silent = connect(Number(port), hostname);
      stops.push(() => silent.destroy());
      await once(silent, 'connect');
      const [answer] = (await once(
        httpsRequest({ hostname, port, path: '/healthz', rejectUnauthorized: false, maxVersion: 'TLSv1.2' }).end(),
        'response',
      )) as [IncomingMessage];
      expect(answer.statusCode).toBe(200);
      const long = httpsRequest({ hostname, port, method: 'POST', rejectUnauthorized: false }).end(' '.repeat(200_000));
      expect(((await once(long, 'response')) as [IncomingMessage])[0].statusCode).toBe(413);
      const old = httpsRequest({ hostname, port, rejectUnauthorized: false, maxVersion: 'TLSv1.1' }).end();
      await expect(once(old, 'response')).rejects.toThrow();
    },
  );

  test('names the region that answers', async () => {
    const { url } = await start();
    for (const path of ['/', '/api/']) {
      const answer = await fetch(`${url}${path}`);
      expect(await answer.json()).toEqual({
        region: 'us-east-1',
        zone: 'us-east-1b',
        colour: 'blue',
        release: '1.0.0',
      });
      expect(answer.headers.get('server')).toBe('app');
    }
  });

  test('is healthy while its database answers and offers TLS', async () => {
    const server = await database('S');
    const { url } = await start({ DATABASE: server.address });
    await becomes(url, 200);
    server.close();
    await becomes(url, 503);
  });

  test('is unhealthy with a database without TLS, and names the failed check only', async () => {
    const server = await database('N');
    const { url } = await start({ DATABASE: server.address });
    await becomes(url, 503);
    expect(await (await fetch(`${url}/healthz`)).json()).toEqual({ status: 'failing', failing: ['database'] });
  });

  test('is healthy while its queue answers, with signed calls', async () => {
    let allowed = true;
    const { url: endpoint, calls } = await aws(() => (allowed ? [200, {}] : [403, { message: 'no' }]));
    const queueUrl = 'https://sqs.us-east-1.amazonaws.com/222222222222/app';
    const { url } = await start({ AWS_ENDPOINT_URL: endpoint, QUEUE_URL: queueUrl });
    await becomes(url, 200);
    const call = calls.find(({ target }) => target === 'AmazonSQS.GetQueueAttributes')!;
    expect(call.body['QueueUrl']).toBe(queueUrl);
    expect(call.authorization).toMatch(
      /^AWS4-HMAC-SHA256 Credential=key\/\d{8}\/us-east-1\/sqs\/aws4_request, SignedHeaders=content-type;host;x-amz-date;x-amz-target, Signature=[0-9a-f]{64}$/,
    );
    allowed = false;
    await becomes(url, 503);
  });

  test('sends orders to the bus and receives them from the queue', async () => {
    const message = { MessageId: '1', ReceiptHandle: 'receipt', Body: JSON.stringify({ detail: { item: 'tea' } }) };
    const waiting = [message];
    const { url: endpoint, calls } = await aws(({ target }) => {
      if (target === 'AWSEvents.PutEvents') return [200, { FailedEntryCount: 0 }];
      if (target === 'AmazonSQS.ReceiveMessage') return [200, { Messages: waiting.splice(0) }];
      return [200, {}];
    });
    const { url } = await start({ AWS_ENDPOINT_URL: endpoint, QUEUE_URL: 'https://sqs/1/app', BUS_NAME: 'app' });
    const post = (body: string) => fetch(`${url}/api/orders`, { method: 'POST', body });
    expect((await post('{"item":"tea"}')).status).toBe(202);
    expect((await post('not JSON')).status).toBe(400);
    const sent = calls.find(({ target }) => target === 'AWSEvents.PutEvents')!;
    expect(sent.body['Entries']).toEqual([
      { Source: 'app', DetailType: 'order', EventBusName: 'app', Detail: '{"item": "tea"}' },
    ]);
    for (let tries = 0; tries < 50 && !calls.some(({ target }) => target.endsWith('DeleteMessage')); tries++)
      await delay(100);
    expect(calls.find(({ target }) => target.endsWith('DeleteMessage'))!.body['ReceiptHandle']).toBe('receipt');
  });

  test('accepts writes only on paths whose writes the distributions pass on', async () => {
    const listed = spawnSync(
      python!,
      [
        '-B',
        '-c',
        "import json, service as s; print(json.dumps([list(s.WRITES), [m for m in dir(s.Handler) if m[:3] == 'do_']]))",
      ],
      { cwd: __dirname, encoding: 'utf8' },
    );
    const [paths, methods] = JSON.parse(listed.stdout) as [string[], string[]];
    expect(methods).toEqual(['do_GET', 'do_HEAD', 'do_POST']);
    expect(paths).not.toEqual([]);
    const passed = new RegExp(`^${writePaths.replace('*', '.*')}$`);
    for (const path of paths) expect(path).toMatch(passed);

    const { url: endpoint } = await aws(() => [200, { FailedEntryCount: 0 }]);
    const { url } = await start({ AWS_ENDPOINT_URL: endpoint, BUS_NAME: 'app' });
    const post = async (path: string) => (await fetch(`${url}${path}`, { method: 'POST', body: '{}' })).status;
    for (const path of paths) expect([path, await post(path)]).toEqual([path, 202]);
    expect(await post('/orders')).toBe(404);
  });

  test('answers 503 for an order that the bus refuses', async () => {
    const { url: endpoint } = await aws(() => [500, {}]);
    const { url } = await start({ AWS_ENDPOINT_URL: endpoint, BUS_NAME: 'app' });
    expect((await fetch(`${url}/api/orders`, { method: 'POST', body: '{}' })).status).toBe(503);
  });

  test('receives the orders behind one that cannot be handled, which stays in the queue', async () => {
    const good = JSON.stringify({ detail: { item: 'tea' } });
    const waiting = ['no JSON', good, '[]', good].map((Body, index) => ({
      MessageId: String(index),
      ReceiptHandle: `receipt ${index}`,
      Body,
    }));
    const { url: endpoint, calls } = await aws(({ target }) =>
      target === 'AmazonSQS.ReceiveMessage' ? [200, { Messages: waiting.splice(0) }] : [200, {}],
    );
    await start({ AWS_ENDPOINT_URL: endpoint, QUEUE_URL: 'https://sqs/1/app' });
    const deleted = () =>
      calls.filter(({ target }) => target.endsWith('DeleteMessage')).map(({ body }) => body['ReceiptHandle']);
    for (let tries = 0; tries < 50 && deleted().length < 2; tries++) await delay(100);
    expect(deleted()).toEqual(['receipt 1', 'receipt 3']);
  });
});

withPython('a connection of the service', () => {
  const next = 'GET /next HTTP/1.1\r\nHost: app\r\n\r\n';
  const post = (headers: string, body: string) => `POST /api/orders HTTP/1.1\r\nHost: app\r\n${headers}\r\n\r\n${body}`;
  const chunked = (body: string) => post('Transfer-Encoding: chunked', body);

  async function withBus() {
    const { url: endpoint, calls } = await aws(() => [200, { FailedEntryCount: 0 }]);
    return { ...(await start({ AWS_ENDPOINT_URL: endpoint, BUS_NAME: 'app' })), calls };
  }

  test('continues after a body of a given length, and after a chunked one', async () => {
    const { url, calls } = await withBus();
    for (const request of [
      post('Content-Length: 9', '{"a": 10}'),
      chunked('4\r\n{"a"\r\n5;some=thing\r\n: 10}\r\n0\r\nTrailer: one\r\n\r\n'),
    ]) {
      const { answers, closed } = await exchange(url, request + next);
      expect(statusesOf(answers)).toEqual([202, 404]);
      expect(closed).toBe(false);
    }
    const details = calls.map(({ body }) => (body['Entries'] as { Detail: string }[])[0]!.Detail);
    expect(details).toEqual(['{"a": 10}', '{"a": 10}']);
  });

  const long = ' '.repeat(65_537);
  test.each([
    ['a body that is too long', 413, post(`Content-Length: ${long.length + next.length}`, long)],
    ['chunks that are too long', 413, chunked(`8000\r\n${long.slice(0, 0x8000)}\r\n8001\r\n${long}`)],
    ['a chunk without a size', 400, chunked('x\r\n')],
    ['a chunk that is longer than its size', 400, chunked('2\r\n{}}\r\n0\r\n\r\n')],
    ['two lengths', 400, post('Content-Length: 2\r\nContent-Length: 4', '{}')],
    ['a length that is no number', 400, post('Content-Length: +2', '{}')],
    ['a length beside chunks', 400, post('Content-Length: 2\r\nTransfer-Encoding: chunked', '0\r\n\r\n')],
    ['a coding that is not known', 400, post('Transfer-Encoding: gzip, chunked', '0\r\n\r\n')],
  ])('closes after %s, and treats the rest as no request', async (_, status, request) => {
    const { url, calls } = await withBus();
    const { answers, closed } = await exchange(url, request + next);
    expect(statusesOf(answers)).toEqual([status]);
    expect(answers[0]).toContain('\r\nConnection: close\r\n');
    expect(closed).toBe(true);
    expect(calls).toEqual([]);
  });

  test('closes without a response when the body is cut off, and creates no order from half a body', async () => {
    const { url, calls } = await withBus();
    const { port, hostname } = new URL(url);
    const socket = connect({ port: Number(port), host: hostname, allowHalfOpen: true });
    stops.push(() => socket.destroy());
    let received = '';
    socket.on('data', (data) => (received += String(data)));
    socket.end(post('Content-Length: 4', '{}'));
    await once(socket, 'end');
    expect(received).toBe('');
    expect(calls).toEqual([]);
  });

  test('closes after a GET with a body, which others may treat as a request', async () => {
    const { url } = await start();
    const { answers, closed } = await exchange(
      url,
      `GET / HTTP/1.1\r\nHost: app\r\nContent-Length: ${next.length}\r\n\r\n${next}`,
    );
    expect(statusesOf(answers)).toEqual([200]);
    expect(answers[0]).toContain('\r\nConnection: close\r\n');
    expect(closed).toBe(true);
  });

  test('answers HEAD like GET, without the body', async () => {
    const { url } = await start();
    for (const [path, status] of [
      ['/', 200],
      ['/healthz', 200],
      ['/none', 404],
    ] as const) {
      const [head, get] = await Promise.all(['HEAD', 'GET'].map((method) => fetch(`${url}${path}`, { method })));
      expect([head!.status, await head!.text()]).toEqual([status, '']);
      expect(head!.headers.get('content-length')).toBe(get!.headers.get('content-length'));
    }
    const { answers } = await exchange(url, `HEAD / HTTP/1.1\r\nHost: app\r\n\r\n${next}`);
    expect(statusesOf(answers)).toEqual([200, 404]);
  });

  test.each(['OPTIONS', 'PUT', 'PATCH', 'DELETE', 'PROPFIND'])(
    'answers %s with a client error, which is no failure of the service',
    async (method) => {
      const { url } = await start();
      for (const [path, allowed] of [
        ['/', 'GET, HEAD'],
        ['/api/orders', 'POST'],
      ] as const) {
        const answer = await fetch(`${url}${path}`, { method });
        expect([answer.status, answer.headers.get('allow')]).toEqual([405, allowed]);
      }
    },
  );
});
