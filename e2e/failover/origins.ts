import { createServer, type Server } from 'node:http';
import type { AddressInfo } from 'node:net';

/** Two origins behind one address, as a user sees them: requests go to the first while it answers, else to the second. */
export class TwoOrigins {
  private readonly server: Server;
  private readonly stores = [new Set<string>(), new Set<string>()];
  private readonly answers = [true, true];
  /** The origin that takes requests, whatever the other one answers. */
  private current = 0;

  private constructor() {
    this.server = createServer((request, response) => {
      const store = this.stores[this.current]!;
      if (!this.answers[this.current]) return void response.writeHead(503).end();
      if (request.method !== 'POST') {
        const id = /^\/orders\/(.+)$/.exec(request.url ?? '')?.[1];
        return void response.writeHead(id === undefined || store.has(id) ? 200 : 404).end();
      }
      let body = '';
      request.on('data', (part: Buffer) => (body += part.toString()));
      request.on('end', () => {
        store.add((JSON.parse(body) as { id: string }).id);
        response.writeHead(202).end();
      });
    });
  }

  static async start(): Promise<TwoOrigins> {
    const origins = new TwoOrigins();
    await new Promise<void>((resolve) => origins.server.listen(0, '127.0.0.1', resolve));
    return origins;
  }

  get url(): string {
    return `http://127.0.0.1:${(this.server.address() as AddressInfo).port}`;
  }

  /** From now on the origin answers 503, or again as before. */
  answer(origin: 0 | 1, ok: boolean): void {
    this.answers[origin] = ok;
  }

  /** Sends requests to an origin, with what it has of the other's writes. */
  use(origin: 0 | 1, replicated: boolean): void {
    if (replicated) for (const id of this.stores[1 - origin]!) this.stores[origin]!.add(id);
    this.current = origin;
  }

  async stop(): Promise<void> {
    this.server.closeAllConnections();
    await new Promise((resolve) => this.server.close(resolve));
  }
}
