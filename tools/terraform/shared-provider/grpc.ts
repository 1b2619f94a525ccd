import type { ClientHttp2Session, IncomingHttpHeaders, ServerHttp2Stream } from 'node:http2';

/** What gRPC calls the outcome of a call, as far as the relay gives one itself. */
export const grpcStatus = { ok: 0, failedPrecondition: 9, unavailable: 14 } as const;

const head = { ':status': 200, 'content-type': 'application/grpc' };

/** A message as gRPC sends it: not compressed, its length, its content. */
export function frame(message: Uint8Array): Buffer {
  const prefix = Buffer.alloc(5);
  prefix.writeUInt32BE(message.length, 1);
  return Buffer.concat([prefix, message]);
}

/** Answers a call with one message. */
export function reply(stream: ServerHttp2Stream, message: Uint8Array): void {
  stream.on('wantTrailers', () => stream.sendTrailers({ 'grpc-status': String(grpcStatus.ok) }));
  stream.respond(head, { waitForTrailers: true });
  stream.resume();
  stream.end(frame(message));
}

/** Answers a call with an error. */
export function refuse(stream: ServerHttp2Stream, status: number, message: string): void {
  stream.respond({ ...head, 'grpc-status': String(status), 'grpc-message': message }, { endStream: true });
}

/**
 * The message that a call or an answer consists of.
 * @throws Error where it is cut off or compressed
 */
export function messageOf(body: Buffer): Buffer {
  if (body.length < 5 || body[0] !== 0 || body.readUInt32BE(1) !== body.length - 5) {
    throw new Error('sends no whole message');
  }
  return body.subarray(5);
}

/**
 * Makes one call, and gives the message that answers it.
 * @param message Default: an empty one.
 * @throws Error when there is no answer.
 */
export function call(
  session: ClientHttp2Session,
  path: string,
  message: Uint8Array = Buffer.alloc(0),
): Promise<Buffer> {
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
    const broken = (error: Error) => fail(`does not answer (${error.message})`);
    session.once('error', broken);
    stream.on('close', () => {
      session.off('error', broken);
      if (status !== String(grpcStatus.ok)) return fail(`answers with gRPC status ${status ?? 'none'}`);
      try {
        resolve(messageOf(Buffer.concat(chunks)));
      } catch (error) {
        fail((error as Error).message);
      }
    });
    stream.end(frame(message));
  });
}
