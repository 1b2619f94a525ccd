import { HttpRequest } from '@smithy/core/protocols';
import type { ClientOptions } from './client-options';

/** A domain list of the DNS firewall that an account sees; managed ones have the name of AWS's service. */
export interface FirewallDomainList {
  readonly Id: string;
  readonly Name: string;
  readonly ManagedOwnerName?: string;
}

/** A page of the API, as JSON. */
interface Page {
  readonly FirewallDomainLists?: readonly FirewallDomainList[];
  readonly NextToken?: string;
}

/**
 * All domain lists of the DNS firewall in an AWS region (`ListFirewallDomainLists`). The call is signed here: the SDK's client of
 * this service brings 140 packages of an older SDK, for one call. Credentials and transport are those of the SDK.
 * @throws Error with the name that AWS gives the error
 */
export async function firewallDomainLists(options: ClientOptions): Promise<FirewallDomainList[]> {
  const { SSMClient } = await import('@aws-sdk/client-ssm');
  const { SignatureV4 } = await import('@smithy/signature-v4');
  const { config } = new SSMClient(options);
  const { region, endpoint } = options;
  const domain = region.startsWith('cn-') ? 'amazonaws.com.cn' : 'amazonaws.com';
  const address = new URL(typeof endpoint === 'string' ? endpoint : `https://route53resolver.${region}.${domain}`);
  const signer = new SignatureV4({
    service: 'route53resolver',
    region,
    credentials: config.credentials,
    sha256: config.sha256,
  });
  const lists: FirewallDomainList[] = [];
  let token: string | undefined;
  do {
    const request = new HttpRequest({
      method: 'POST',
      protocol: address.protocol,
      hostname: address.hostname,
      ...(address.port ? { port: Number(address.port) } : {}),
      headers: {
        host: address.host,
        'content-type': 'application/x-amz-json-1.1',
        'x-amz-target': 'Route53Resolver.ListFirewallDomainLists',
      },
      body: JSON.stringify({ MaxResults: 100, ...(token ? { NextToken: token } : {}) }),
    });
    const signed = (await signer.sign(request)) as HttpRequest;
    const { response } = await config.requestHandler.handle(signed);
    const text = await textOf(response.body as AsyncIterable<Uint8Array>);
    if (response.statusCode !== 200) throw errorOf(text, response.statusCode);
    const page = JSON.parse(text) as Page;
    lists.push(...(page.FirewallDomainLists ?? []));
    token = page.NextToken;
  } while (token);
  return lists;
}

async function textOf(body: AsyncIterable<Uint8Array>): Promise<string> {
  const chunks: Uint8Array[] = [];
  for await (const chunk of body) chunks.push(chunk);
  return Buffer.concat(chunks).toString('utf8');
}

function errorOf(text: string, status: number): Error {
  let content: { __type?: string; message?: string; Message?: string } = {};
  try {
    content = JSON.parse(text) as typeof content;
  } catch {
    // A proxy answers with a page.
  }
  const { __type = 'UnknownError', message, Message } = content;
  const error = new Error(message ?? Message ?? `HTTP ${status}`);
  return Object.assign(error, { name: __type.split('#').pop()!, $metadata: { httpStatusCode: status } });
}
