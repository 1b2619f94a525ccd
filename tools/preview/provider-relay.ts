import {
  connect,
  constants,
  createServer,
  type ClientHttp2Session,
  type Http2Server,
  type IncomingHttpHeaders,
  type OutgoingHttpHeaders,
  type ServerHttp2Session,
  type ServerHttp2Stream,
} from 'node:http2';
import { connect as connectSocket } from 'node:net';
import { readSchema, trimSchema, type SchemaParts, type TypeNames } from './trim-schema';

/** What the provider is asked for its schema with, in protocol 5, which AWS provider 5 and 6 speak. */
const GET_SCHEMA = '/tfplugin5.Provider/GetSchema';

/** Calls by which a Terraform that leaves would end the provider for those that come after it. */
const ENDINGS: readonly string[] = ['/tfplugin5.Provider/Stop', '/plugin.GRPCController/Shutdown'];

/** gRPC's status codes that the relay itself gives. */
const OK = 0;
const UNAVAILABLE = 14;

const WINDOW_BYTES = 16 * 1024 * 1024;

/** No answer is bigger than the schema of all types (5 MB); Node refuses streams above its default of 10 MB. */
const limits = { settings: { initialWindowSize: WINDOW_BYTES, enablePush: false }, maxSessionMemory: 256 };

/**
 * Stands between Terraform and a running provider, as a gRPC server on a Unix socket, and passes every call on as it is,
 * byte for byte and whatever its name, with two exceptions: the schema is answered from memory, cut down to the types
 * that {@link ProviderRelay.serve} was told, and calls that would end the provider are answered without it.
 */
export class ProviderRelay {
  private answer: Buffer | undefined;
  private readonly sessions = new Set<ServerHttp2Session>();

  private constructor(
    private readonly provider: ClientHttp2Session,
    private readonly schema: SchemaParts,
    private readonly server: Http2Server,
  ) {
    server.on('session', (session) => {
      this.sessions.add(session);
      session.setLocalWindowSize(WINDOW_BYTES);
      session.on('error', () => {});
      session.on('close', () => this.sessions.delete(session));
      session.unref();
    });
    server.on('stream', (stream, headers) => this.take(stream, headers));
  }

  /**
   * Listens on the socket `path` for a provider that listens on the socket `provider`, and fetches its whole schema.
   * @throws Error when the provider does not answer with a schema.
   */
  static async listen({
    path,
    provider,
  }: {
    readonly path: string;
    readonly provider: string;
  }): Promise<ProviderRelay> {
    const session = connect('http://provider', { ...limits, createConnection: () => connectSocket(provider) });
    session.on('connect', () => session.setLocalWindowSize(WINDOW_BYTES));
    session.on('error', () => {});
    try {
      const schema = readSchema(await call(session, GET_SCHEMA));
      session.unref();
      const server = createServer(limits);
      const relay = new ProviderRelay(session, schema, server);
      await new Promise<void>((resolve, reject) => server.once('error', reject).listen(path, resolve));
      server.unref();
      return relay;
    } catch (error) {
      session.destroy();
      throw error;
    }
  }

  /** Answers questions for the schema with these types from now on. */
  serve(types: TypeNames): void {
    this.answer = trimSchema(this.schema, types);
  }

  /** Ends all connections; the socket file goes away. */
  async close(): Promise<void> {
    for (const session of this.sessions) session.destroy();
    this.provider.destroy();
    await new Promise<void>((resolve) => this.server.close(() => resolve()));
  }

  private take(stream: ServerHttp2Stream, headers: IncomingHttpHeaders): void {
    stream.on('error', () => {});
    const path = headers[':path'] ?? '';
    if (path === GET_SCHEMA && this.answer) reply(stream, this.answer);
    else if (ENDINGS.includes(path)) reply(stream, Buffer.alloc(0));
    else this.passOn(stream, headers);
  }

  private passOn(stream: ServerHttp2Stream, headers: IncomingHttpHeaders): void {
    if (this.provider.closed || this.provider.destroyed) return refuse(stream);
    const upstream = this.provider.request(headers as OutgoingHttpHeaders, { endStream: false });
    let trailers: IncomingHttpHeaders | undefined;
    let wanted = false;
    const finish = () => {
      if (trailers && wanted && !stream.destroyed) stream.sendTrailers(trailers as OutgoingHttpHeaders);
    };
    upstream.on('response', (response, flags) => {
      if (stream.destroyed) return;
      const endStream = (flags & constants.NGHTTP2_FLAG_END_STREAM) !== 0;
      stream.respond(response as OutgoingHttpHeaders, { endStream, waitForTrailers: !endStream });
    });
    upstream.on('trailers', (received) => {
      trailers = received;
      finish();
    });
    stream.on('wantTrailers', () => {
      wanted = true;
      finish();
    });
    upstream.on('error', () => {});
    // Without trailers no call is over: the provider went away in the middle of it.
    upstream.on('close', () => {
      if (trailers || stream.destroyed) return;
      if (!stream.headersSent) refuse(stream);
      else if (!stream.writableEnded) stream.close(constants.NGHTTP2_INTERNAL_ERROR);
    });
    stream.on('close', () => {
      if (!upstream.closed) upstream.close(constants.NGHTTP2_CANCEL);
    });
    stream.pipe(upstream);
    upstream.pipe(stream);
  }
}

/** A message as gRPC sends it: not compressed, length, content. */
function frame(message: Buffer): Buffer {
  const head = Buffer.alloc(5);
  head.writeUInt32BE(message.length, 1);
  return Buffer.concat([head, message]);
}

function reply(stream: ServerHttp2Stream, message: Buffer): void {
  stream.respond({ ':status': 200, 'content-type': 'application/grpc' }, { waitForTrailers: true });
  stream.on('wantTrailers', () => stream.sendTrailers({ 'grpc-status': String(OK) }));
  stream.resume();
  stream.end(frame(message));
}

function refuse(stream: ServerHttp2Stream): void {
  stream.respond(
    {
      ':status': 200,
      'content-type': 'application/grpc',
      'grpc-status': String(UNAVAILABLE),
      'grpc-message': 'the shared provider has stopped',
    },
    { endStream: true },
  );
}

/** One call with an empty message, and the message that answers it. */
function call(session: ClientHttp2Session, path: string): Promise<Buffer> {
  return new Promise((resolve, reject) => {
    const fail = (why: string) => reject(new Error(`${path}: the provider ${why}; plan without the shared provider`));
    const stream = session.request({
      ':method': 'POST',
      ':path': path,
      'content-type': 'application/grpc',
      te: 'trailers',
    });
    const chunks: Buffer[] = [];
    let status: string | undefined;
    const note = (headers: IncomingHttpHeaders) => {
      status = (headers['grpc-status'] as string | undefined) ?? status;
    };
    stream.on('response', note);
    stream.on('trailers', note);
    stream.on('data', (chunk: Buffer) => chunks.push(chunk));
    stream.on('error', (error) => fail(`does not answer (${error.message})`));
    session.once('error', (error) => fail(`does not answer (${error.message})`));
    stream.on('close', () => {
      const body = Buffer.concat(chunks);
      if (status !== String(OK)) fail(`answers with gRPC status ${status ?? 'none'}`);
      else if (body.length < 5 || body[0] !== 0 || body.readUInt32BE(1) !== body.length - 5)
        fail('sends no whole message');
      else resolve(body.subarray(5));
    });
    stream.end(frame(Buffer.alloc(0)));
  });
}
