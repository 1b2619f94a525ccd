import {
  connect,
  constants,
  createServer,
  type ClientHttp2Session,
  type IncomingHttpHeaders,
  type OutgoingHttpHeaders,
  type ServerHttp2Session,
  type ServerHttp2Stream,
} from 'node:http2';
import { connect as connectSocket } from 'node:net';
import { buffer } from 'node:stream/consumers';
import { sha256 } from '@platform/tools/workspace/file-digests';
import { call, grpcStatus, messageOf, refuse, reply } from './grpc';
import { isResourceCall, trimmedResponse, typeOfRequest, wholeRequest } from './resource-calls';
import { readSchema, trimSchema, type SchemaParts, type TrimmedSchema, type TypeNames } from './trim-schema';

/** Calls of protocol 5, which AWS provider 5 and 6 speak. */
const GET_SCHEMA = '/tfplugin5.Provider/GetSchema';
const CONFIGURE = '/tfplugin5.Provider/Configure';

/** Calls by which a Terraform that leaves would end the provider for those that come after it. */
const ENDINGS: readonly string[] = ['/tfplugin5.Provider/Stop', '/plugin.GRPCController/Shutdown'];

/** Keeps answers of a provider about types of which a part is left out: those are the ones that take it seconds. */
export interface KeptAnswers {
  get(key: string): string | undefined;
  put(key: string, answer: string): void;
}

const WINDOW_BYTES = 16 * 1024 * 1024;

/** No answer is bigger than the schema of all types (5 MB); Node refuses streams above its default of 10 MB. */
const limits = { settings: { initialWindowSize: WINDOW_BYTES, enablePush: false }, maxSessionMemory: 256 };

/**
 * Stands between Terraform and running providers, as a gRPC server on a Unix socket, and passes every call on as it is,
 * byte for byte and whatever its name, with four exceptions: the schema is answered from memory, cut down to the types
 * that {@link ProviderRelay.serve} was told; values of a type that lacks blocks get these as empty ones on their way to the
 * provider, and lose them on their way back; calls that would end the provider are answered without it; and where a
 * stack has several configurations of the provider, each gets a process of its own. Terraform opens one connection for
 * each configuration, so from its `Configure` on a connection belongs to one process.
 */
export class ProviderRelay {
  private readonly server = createServer(limits);
  private readonly providers: ClientHttp2Session[] = [];
  /** Connections from Terraform, each with the process that holds its configuration. */
  private readonly connections = new Map<ServerHttp2Session, ClientHttp2Session | undefined>();
  private schema: SchemaParts | undefined;
  private trimmed: TrimmedSchema | undefined;
  private answers: KeptAnswers | undefined;
  private configurations = 1;

  /** @param path of the socket that Terraform is to be pointed at */
  constructor(readonly path: string) {
    this.server.on('session', (connection) => {
      this.connections.set(connection, undefined);
      connection.setLocalWindowSize(WINDOW_BYTES);
      connection.on('error', () => {});
      connection.on('close', () => this.connections.delete(connection));
      connection.unref();
    });
    this.server.on('stream', (stream, headers) => this.take(stream, headers));
  }

  /**
   * Connects to one more provider, on its socket. The whole schema of the first is kept.
   * @throws Error when the provider does not answer with a schema.
   */
  async attach(socket: string): Promise<void> {
    const provider = connect('http://provider', { ...limits, createConnection: () => connectSocket(socket) });
    provider.on('connect', () => provider.setLocalWindowSize(WINDOW_BYTES));
    provider.on('error', () => {});
    this.providers.push(provider);
    const schema = await call(provider, GET_SCHEMA);
    this.schema ??= readSchema(schema);
    provider.unref();
  }

  /** Opens the socket. */
  async listen(): Promise<void> {
    await new Promise<void>((resolve, reject) => this.server.once('error', reject).listen(this.path, resolve));
    this.server.unref();
  }

  /**
   * From now on serves a stack with these types and so many configurations. Whoever was served is cut off.
   * @param answers of a provider that is configured as the stack's is
   * @returns what the types lack
   */
  serve(types: TypeNames, configurations = 1, answers?: KeptAnswers): TrimmedSchema['leftOut'] {
    for (const connection of this.connections.keys()) connection.destroy();
    this.connections.clear();
    this.trimmed = this.schema && trimSchema(this.schema, types);
    this.configurations = configurations;
    this.answers = configurations === 1 ? answers : undefined;
    return this.trimmed?.leftOut ?? new Map();
  }

  /** Ends all connections; the socket file goes away. */
  async close(): Promise<void> {
    for (const connection of this.connections.keys()) connection.destroy();
    for (const provider of this.providers) provider.destroy();
    await new Promise<void>((resolve) => this.server.close(() => resolve()));
  }

  private take(stream: ServerHttp2Stream, headers: IncomingHttpHeaders): void {
    stream.on('error', () => {});
    const path = headers[':path'] ?? '';
    if (path === GET_SCHEMA && this.trimmed) return reply(stream, this.trimmed.message);
    if (ENDINGS.includes(path)) return reply(stream, Buffer.alloc(0));
    const provider = this.providerFor(stream.session as ServerHttp2Session | undefined, path);
    if (!provider) refuse(stream, grpcStatus.failedPrecondition, 'more provider configurations than providers');
    else if (provider.destroyed || provider.closed) gone(stream);
    else if (this.trimmed && this.trimmed.leftOut.size > 0 && isResourceCall(path)) {
      void this.rewrite(stream, headers, provider, this.trimmed.leftOut);
    } else passOn(stream, headers, provider);
  }

  /** Passes a call on with the blocks that Terraform does not know of. */
  private async rewrite(
    stream: ServerHttp2Stream,
    headers: IncomingHttpHeaders,
    provider: ClientHttp2Session,
    leftOut: TrimmedSchema['leftOut'],
  ): Promise<void> {
    const { answers } = this;
    const path = headers[':path']!;
    try {
      const body = await buffer(stream);
      const request = messageOf(body);
      const blocks = leftOut.get(typeOfRequest(request));
      if (!blocks) return passOn(stream, headers, provider, body);
      const whole = wholeRequest(path, request, blocks);
      const key = `${path} ${sha256(whole)}`;
      const kept = answers?.get(key);
      const response = kept === undefined ? await call(provider, path, whole) : Buffer.from(kept, 'base64');
      if (kept === undefined) answers?.put(key, response.toString('base64'));
      const trimmed = trimmedResponse(path, response, blocks);
      if (!stream.destroyed) reply(stream, trimmed);
    } catch (error) {
      if (!stream.destroyed) refuse(stream, grpcStatus.unavailable, (error as Error).message);
    }
  }

  private providerFor(connection: ServerHttp2Session | undefined, path: string): ClientHttp2Session | undefined {
    const held = connection && this.connections.get(connection);
    if (held || !connection || this.configurations === 1 || path !== CONFIGURE) return held ?? this.providers[0];
    const taken = new Set(this.connections.values());
    const free = this.providers.slice(0, this.configurations).find((provider) => !taken.has(provider));
    this.connections.set(connection, free);
    return free;
  }
}

/** @param body of the call, where it is read already */
function passOn(
  stream: ServerHttp2Stream,
  headers: IncomingHttpHeaders,
  provider: ClientHttp2Session,
  body?: Buffer,
): void {
  const upstream = provider.request(headers as OutgoingHttpHeaders, { endStream: false });
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
    if (!stream.headersSent) gone(stream);
    else if (!stream.writableEnded) stream.close(constants.NGHTTP2_INTERNAL_ERROR);
  });
  stream.on('close', () => {
    if (!upstream.closed) upstream.close(constants.NGHTTP2_CANCEL);
  });
  if (body) upstream.end(body);
  else stream.pipe(upstream);
  upstream.pipe(stream);
}

function gone(stream: ServerHttp2Stream): void {
  refuse(stream, grpcStatus.unavailable, 'the shared provider has stopped');
}
