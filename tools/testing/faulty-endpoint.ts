import { createServer, request, type IncomingMessage, type ServerResponse } from 'node:http';
import type { AddressInfo } from 'node:net';

/** A call as the emulator gets it. */
export interface SeenCall {
  /** `PUT /bucket/key` */
  readonly line: string;
  readonly headers: IncomingMessage['headers'];
  readonly body: string;
}

/** A call that nobody gets an answer to before it is released. */
export interface HeldCall {
  /** Resolves once the call is held. */
  readonly came: Promise<SeenCall>;
  release(): void;
}

type Matches = (call: SeenCall) => boolean;

interface Hold {
  readonly what: 'answer' | 'call';
  readonly matches: Matches;
  wait(call: SeenCall): Promise<void>;
}

/**
 * Stands before an emulator and passes on what it gets, until it is told to hold an answer back or to be unreachable:
 * faults at a known call, without waiting for a lucky moment. An emulator keeps all it knows in memory, so that one that
 * is stopped and started again is one that cannot be reached for a while.
 */
export class FaultyEndpoint {
  readonly seen: SeenCall[] = [];
  unreachable = false;
  /** Calls that are cut off while all others are answered, as those to a region that is lost. */
  lost: Matches | undefined;
  private held: Hold | undefined;
  private refused: { readonly matches: Matches; readonly status: number; readonly body: string } | undefined;

  private constructor(
    private readonly emulator: string,
    private readonly server = createServer(),
  ) {
    server.on('request', (incoming, answer) => void this.pass(incoming, answer));
  }

  static async before(emulator: { readonly endpoint: string }): Promise<FaultyEndpoint> {
    const faulty = new FaultyEndpoint(emulator.endpoint);
    await new Promise<void>((resolve) => faulty.server.listen(0, '127.0.0.1', resolve));
    return faulty;
  }

  get endpoint(): string {
    return `http://127.0.0.1:${(this.server.address() as AddressInfo).port}`;
  }

  /** Holds the next call that matches: `answer`, when the emulator has carried it out; `call`, before. */
  hold(what: 'answer' | 'call', matches: Matches): HeldCall {
    let release = () => {};
    const released = new Promise<void>((resolve) => (release = resolve));
    const came = new Promise<SeenCall>((resolve) => {
      const wait = (call: SeenCall) => {
        resolve(call);
        return released;
      };
      this.held = { what, matches, wait };
    });
    return { came, release };
  }

  /** From now on calls that match are answered with this, and never reach the emulator; nothing: no longer. */
  refuse(refused?: { readonly matches: Matches; readonly status: number; readonly body: string }): void {
    this.refused = refused;
  }

  async stop(): Promise<void> {
    this.server.closeAllConnections();
    await new Promise((resolve) => this.server.close(resolve));
  }

  private async pass(incoming: IncomingMessage, answer: ServerResponse): Promise<void> {
    const chunks: Buffer[] = [];
    try {
      for await (const chunk of incoming) chunks.push(chunk as Buffer);
    } catch {
      return; // The caller has gone.
    }
    if (this.unreachable) return void incoming.socket.destroy();
    const body = Buffer.concat(chunks);
    const call = { line: `${incoming.method} ${incoming.url}`, headers: incoming.headers, body: body.toString() };
    this.seen.push(call);
    if (this.lost?.(call)) return void incoming.socket.destroy();
    if (this.refused?.matches(call)) {
      answer.writeHead(this.refused.status, { 'content-type': 'application/xml' }).end(this.refused.body);
      return;
    }
    const held = this.held?.matches(call) ? this.held : undefined;
    if (held) this.held = undefined;
    if (held?.what === 'call') {
      await held.wait(call);
      // The caller has not waited: whoever is gone wants nothing any more.
      if (incoming.socket.destroyed) return;
    }
    const forward = request(new URL(incoming.url!, this.emulator), {
      method: incoming.method!,
      headers: incoming.headers,
    });
    forward.on('error', () => incoming.socket.destroy());
    forward.on('response', (response) => {
      void (held?.what === 'answer' ? held.wait(call) : Promise.resolve()).then(() => {
        if (this.unreachable) return void incoming.socket.destroy();
        answer.writeHead(response.statusCode!, response.rawHeaders);
        response.pipe(answer);
      });
    });
    forward.end(body);
  }
}
