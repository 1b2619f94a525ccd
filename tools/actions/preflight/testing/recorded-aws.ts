import { Readable } from 'node:stream';
import { HttpResponse, type HttpRequest } from '@smithy/core/protocols';
import type { ClientOptions } from '@platform/tools/aws/client-options';

/** One answer: JSON or XML as the service sends it. */
export interface Recorded {
  readonly status?: number;
  readonly body?: object | string;
}

/** What a call asks: parameters of a query, or the JSON of the body. */
export type Asked = Readonly<Record<string, string>> & { readonly awsRegion: string };

/** By operation, `DescribeAddresses`: the answer to a call. */
export type Answers = Readonly<Record<string, (asked: Asked) => Recorded>>;

/** Text of an XML element with children by name; a list gives one element each. */
export function xml(value: unknown, name = ''): string {
  if (Array.isArray(value)) return value.map((each) => xml(each, name)).join('');
  const inner =
    typeof value === 'object' && value !== null
      ? Object.entries(value)
          .map(([child, content]) => xml(content, child))
          .join('')
      : String(value);
  return name ? `<${name}>${inner}</${name}>` : inner;
}

/** An error as the query services (IAM, STS, RDS) send it; EC2 and JSON services read it too. */
export function refused(name: string, status = 403): Recorded {
  return { status, body: name };
}

/** A transport of the SDK that answers from recorded shapes. An operation without one is an error of the test. */
export class RecordedAws {
  /** Operations in the order of the calls. */
  readonly calls: string[] = [];

  constructor(private readonly answers: Answers) {}

  options(awsRegion: string): ClientOptions {
    return {
      region: awsRegion,
      credentials: { accessKeyId: 'key', secretAccessKey: 'secret' },
      maxAttempts: 1,
      requestHandler: { handle: (request: HttpRequest) => this.handle(request) } as unknown as NonNullable<
        ClientOptions['requestHandler']
      >,
    };
  }

  private async handle(request: HttpRequest): Promise<{ response: HttpResponse }> {
    const { operation, asked, protocol } = read(request);
    this.calls.push(operation);
    const answer = this.answers[operation];
    if (!answer) throw new Error(`no answer is recorded for ${operation}`);
    const { status = 200, body = '' } = answer(asked);
    const text =
      status !== 200 && typeof body === 'string' && body !== ''
        ? errorText(body, protocol)
        : bodyText(body, operation, protocol);
    const headers = { 'content-type': protocol === 'json' ? 'application/x-amz-json-1.1' : 'text/xml' };
    return { response: new HttpResponse({ statusCode: status, headers, body: Readable.from([Buffer.from(text)]) }) };
  }
}

type Protocol = 'json' | 'query' | 'ec2' | 'rest';

function read({ headers, body: bytes, hostname, method, path, query }: HttpRequest): {
  operation: string;
  asked: Asked;
  protocol: Protocol;
} {
  const body = typeof bytes === 'string' ? bytes : new TextDecoder().decode(bytes as Uint8Array | undefined);
  const awsRegion = /[a-z]{2}-[a-z]+-\d/.exec(hostname)?.[0] ?? 'us-east-1';
  const target = headers['x-amz-target'];
  if (target) {
    return { operation: target.split('.').pop()!, asked: { ...JSON.parse(body), awsRegion }, protocol: 'json' };
  }
  if (body.includes('Action=')) {
    const asked = Object.fromEntries(new URLSearchParams(body));
    const protocol = hostname.startsWith('ec2.') ? 'ec2' : 'query';
    return { operation: asked['Action']!, asked: { ...asked, awsRegion }, protocol };
  }
  const paths: [RegExp, string][] = [
    [/hostedzonesbyname/, 'ListHostedZonesByName'],
    [/\/hostedzone\//, 'GetHostedZone'],
  ];
  const operation = method === 'HEAD' ? 'HeadBucket' : (paths.find(([pattern]) => pattern.test(path))?.[1] ?? path);
  const name = method === 'HEAD' ? hostname.split('.')[0]! : path;
  return { operation, asked: { name, ...(query as Record<string, string>), awsRegion }, protocol: 'rest' };
}

function bodyText(body: object | string, operation: string, protocol: Protocol): string {
  if (typeof body === 'string') return body;
  if (protocol === 'json') return JSON.stringify(body);
  const content = protocol === 'query' ? { [`${operation}Result`]: body } : body;
  return xml(content, `${operation}Response`);
}

function errorText(name: string, protocol: Protocol): string {
  if (protocol === 'json') return JSON.stringify({ __type: name, message: `${name} by the recording` });
  const error = xml({ Code: name, Message: `${name} by the recording` }, 'Error');
  if (protocol === 'ec2') return xml({ Errors: error, RequestID: 'r' }, 'Response');
  return xml(protocol === 'query' ? { raw: '' } : {}, '') + `<ErrorResponse>${error}</ErrorResponse>`;
}
