import { mkdtempSync, existsSync, rmSync } from 'node:fs';
import { connect, createServer, type Http2Server, type ServerHttp2Session, type ServerHttp2Stream } from 'node:http2';
import { connect as connectSocket } from 'node:net';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { frame } from './grpc';
import { ProviderRelay } from './provider-relay';

const schemaEntry = (field: number, key: string) => [
  (field << 3) | 2,
  key.length + 2,
  10,
  key.length,
  ...Buffer.from(key),
];
const schema = Buffer.from([...schemaEntry(2, 'aws_vpc'), ...schemaEntry(2, 'aws_eip'), ...schemaEntry(3, 'aws_arn')]);

interface Answer {
  status: string | undefined;
  message: string | undefined;
  body: Buffer;
}

/** A gRPC provider as far as the wire goes: it answers with what it was sent, but for a few paths. */
class FakeProvider {
  readonly calls: string[] = [];
  readonly cancelled: string[] = [];
  private readonly sessions = new Set<ServerHttp2Session>();
  private readonly server: Http2Server = createServer({ settings: { initialWindowSize: 1 << 24 } });

  constructor(readonly path: string) {
    this.server.on('session', (session) => {
      this.sessions.add(session.on('error', () => {}));
    });
    this.server.on('stream', (stream, headers) => this.take(stream, String(headers[':path'])));
  }

  listen = () => new Promise<void>((resolve) => this.server.listen(this.path, () => resolve()));

  crash() {
    for (const session of this.sessions) session.destroy();
  }

  close = () => {
    this.crash();
    return new Promise<void>((resolve) => this.server.close(() => resolve()));
  };

  private take(stream: ServerHttp2Stream, path: string) {
    this.calls.push(path);
    stream.on('error', () => {});
    stream.on('aborted', () => this.cancelled.push(path));
    const head = { ':status': 200, 'content-type': 'application/grpc' };
    if (path.endsWith('/Hangs')) return;
    if (path.endsWith('/Unknown')) {
      stream.respond({ ...head, 'grpc-status': '12', 'grpc-message': 'no such call' }, { endStream: true });
      return;
    }
    const status = path.endsWith('/Fails') ? '9' : '0';
    stream.on('wantTrailers', () => stream.sendTrailers({ 'grpc-status': status, 'grpc-message': `said ${status}` }));
    stream.respond(head, { waitForTrailers: true });
    if (path.endsWith('/GetSchema')) stream.end(frame(schema));
    else stream.pipe(stream);
  }
}

describe('the relay in front of a provider', () => {
  let folder: string;
  let provider: FakeProvider;
  let relay: ProviderRelay;
  const disconnects: (() => void)[] = [];

  beforeEach(async () => {
    folder = mkdtempSync(join(tmpdir(), 'relay-'));
    provider = new FakeProvider(join(folder, 'provider'));
    await provider.listen();
    relay = new ProviderRelay(join(folder, 'relay'));
    await relay.attach(provider.path);
    await relay.listen();
  });

  afterEach(async () => {
    for (const disconnect of disconnects.splice(0)) disconnect();
    await relay.close();
    await provider.close();
    rmSync(folder, { recursive: true, force: true });
  });

  const terraform = () => {
    const session = connect('http://terraform', { createConnection: () => connectSocket(join(folder, 'relay')) });
    session.on('error', () => {});
    disconnects.push(() => session.destroy());
    return session;
  };

  const call = (path: string, content: Uint8Array = Buffer.alloc(0), session = terraform()) => {
    const stream = session.request({
      ':method': 'POST',
      ':path': path,
      'content-type': 'application/grpc',
      te: 'trailers',
    });
    const chunks: Buffer[] = [];
    const answer: Answer = { status: undefined, message: undefined, body: Buffer.alloc(0) };
    const note = (headers: Record<string, unknown>) => {
      answer.status ??= headers['grpc-status'] as string | undefined;
      answer.message ??= headers['grpc-message'] as string | undefined;
    };
    stream
      .on('response', note)
      .on('trailers', note)
      .on('error', () => {});
    stream.on('data', (chunk: Buffer) => chunks.push(chunk));
    stream.end(frame(content));
    const answered = new Promise<Answer>((resolve) =>
      stream.on('close', () => resolve({ ...answer, body: Buffer.concat(chunks) })),
    );
    return { stream, answered };
  };

  it('passes calls on whatever their name, byte for byte, with their trailers', async () => {
    const content = Buffer.from(Array.from({ length: 300_000 }, (_, index) => index % 251));
    const answer = await call('/tfplugin5.Provider/PlanResourceChange', content).answered;
    expect(answer.body.equals(frame(content))).toBe(true);
    expect(answer).toMatchObject({ status: '0', message: 'said 0' });
    expect((await call('/plugin.Anything/New', Buffer.from([7])).answered).body).toEqual(frame(Buffer.from([7])));
  });

  it('passes errors on, those that come at once and those that come last', async () => {
    expect(await call('/tfplugin5.Provider/Fails').answered).toMatchObject({ status: '9', message: 'said 9' });
    expect(await call('/tfplugin5.Provider/Unknown').answered).toMatchObject({ status: '12', message: 'no such call' });
  });

  it('answers many calls at once', async () => {
    const session = terraform();
    const contents = Array.from({ length: 200 }, (_, index) => Buffer.alloc(20_000, index));
    const answers = await Promise.all(
      contents.map((content) => call('/tfplugin5.Provider/Echo', content, session).answered),
    );
    for (const [index, { body }] of answers.entries()) expect(body.equals(frame(contents[index]!))).toBe(true);
  });

  it('answers with the schemas in use, without asking the provider again', async () => {
    relay.serve({ resources: new Set(['aws_eip']), dataSources: new Set() });
    const first = await call('/tfplugin5.Provider/GetSchema').answered;
    expect(first).toMatchObject({ status: '0', body: frame(Buffer.from(schemaEntry(2, 'aws_eip'))) });
    relay.serve({ resources: new Set(), dataSources: new Set(['aws_arn']) });
    const second = await call('/tfplugin5.Provider/GetSchema').answered;
    expect(second.body).toEqual(frame(Buffer.from(schemaEntry(3, 'aws_arn'))));
    expect(provider.calls).toEqual(['/tfplugin5.Provider/GetSchema']);
  });

  it('keeps what would end the provider to itself', async () => {
    for (const path of ['/tfplugin5.Provider/Stop', '/plugin.GRPCController/Shutdown']) {
      expect(await call(path).answered).toMatchObject({ status: '0', body: frame(Buffer.alloc(0)) });
    }
    expect(provider.calls).toEqual(['/tfplugin5.Provider/GetSchema']);
  });

  it('cancels at the provider what the caller cancels', async () => {
    const { stream, answered } = call('/tfplugin5.Provider/Hangs');
    while (!provider.calls.includes('/tfplugin5.Provider/Hangs')) await new Promise(setImmediate);
    stream.close(8);
    await answered;
    while (provider.cancelled.length === 0) await new Promise(setImmediate);
    expect(provider.cancelled).toEqual(['/tfplugin5.Provider/Hangs']);
  });

  it('says so at once when the provider is gone, in the middle of a call and after', async () => {
    const { answered } = call('/tfplugin5.Provider/Hangs');
    while (!provider.calls.includes('/tfplugin5.Provider/Hangs')) await new Promise(setImmediate);
    provider.crash();
    expect(await answered).toMatchObject({ status: '14', message: 'the shared provider has stopped' });
    expect(await call('/tfplugin5.Provider/Echo').answered).toMatchObject({ status: '14' });
  });

  it('leaves no socket', async () => {
    await relay.close();
    expect(existsSync(join(folder, 'relay'))).toBe(false);
  });

  it('is not content with a socket on which no provider answers', async () => {
    await expect(relay.attach(join(folder, 'absent'))).rejects.toThrow(/the provider does not answer/);
  });

  describe('of a stack with two configurations', () => {
    const types = { resources: new Set<string>(), dataSources: new Set<string>() };
    const plan = '/tfplugin5.Provider/PlanResourceChange';
    const configure = '/tfplugin5.Provider/Configure';
    let second: FakeProvider;

    beforeEach(async () => {
      second = new FakeProvider(join(folder, 'second'));
      await second.listen();
      await relay.attach(second.path);
      relay.serve(types, 2);
      for (const each of [provider, second]) each.calls.length = 0;
    });
    afterEach(() => second.close());

    it('leads each connection to a provider of its own from its configuration on', async () => {
      const [home, away] = [terraform(), terraform()];
      await call('/tfplugin5.Provider/ValidateResourceTypeConfig', undefined, away).answered;
      await Promise.all([call(configure, undefined, home).answered, call(configure, undefined, away).answered]);
      await Promise.all([call(plan, undefined, home).answered, call(plan, undefined, away).answered]);
      expect(provider.calls).toEqual(['/tfplugin5.Provider/ValidateResourceTypeConfig', configure, plan]);
      expect(second.calls).toEqual([configure, plan]);
    });

    it('refuses a third, for which there is no provider', async () => {
      for (const status of ['0', '0', '9']) expect(await call(configure).answered).toMatchObject({ status });
    });

    it('forgets them for the next stack, and cuts off who was left', async () => {
      const left = terraform();
      for (const session of [left, terraform()]) await call(configure, undefined, session).answered;
      relay.serve(types, 2);
      for (const status of ['0', '0']) expect(await call(configure).answered).toMatchObject({ status });
      expect(left.destroyed || left.closed).toBe(true);
    });
  });
});
