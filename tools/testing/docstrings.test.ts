import { readdirSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import { findRoot } from '@platform/tools/workspace/find-root';

const root = findRoot(__dirname);
const files = readdirSync(join(root, 'libs'), { recursive: true, encoding: 'utf8' })
  .map((path) => path.replaceAll('\\', '/'))
  .filter((path) => path.endsWith('.ts') && !path.endsWith('.test.ts') && !path.startsWith('testing/'));

/** The docstring of each class that makes something, by class name. */
const docs = new Map(
  files.flatMap((path) => {
    const text = readFileSync(join(root, 'libs', path), 'utf8');
    return [
      ...text.matchAll(
        /(\/\*\*(?:(?!\*\/)[\s\S])*\*\/\n)?export (?:abstract )?class (\w+) extends (?:Construct|TerraformStack)\b/g,
      ),
    ].map(([, doc = '', name]) => [`libs/${path}: ${name}`, doc] as const);
  }),
);

test('every construct says what it makes and what that costs, or that it is free', () => {
  expect(docs.size).toBeGreaterThan(60);
  const silent = [...docs].filter(([, doc]) => doc.length < 60 || !/\b(costs?|free)\b|\$\d/i.test(doc));
  expect(silent.map(([name]) => name)).toEqual([]);
});

test('every price says that it is a list price, and where', () => {
  const vague = [...docs].filter(([, doc]) => /\$\d/.test(doc) && !/list\s+(\*\s+)?prices?/i.test(doc));
  expect(vague.map(([name]) => name)).toEqual([]);
});

/** What most of a bill and most of an outage come from. The others say what they cost, and name a limit where one matters. */
const main = [
  'Accelerator',
  'AuroraMember',
  'BackupVpn',
  'Balancer',
  'EncryptionKey',
  'Fleet',
  'GatewayLoadBalancer',
  'GlobalTable',
  'NatGateways',
  'NetworkBalancer',
  'PostgresInstance',
  'PublicZone',
  'ReplicatedBucket',
  'ResolverEndpoint',
  'ServiceEndpoints',
  'SessionCache',
  'TransitGateway',
  'Vpc',
  'VpcAttachment',
  'WebAcl',
];

/** A page of AWS by its title, as `(VPC user guide, "Amazon VPC quotas")`. */
const source = /\([^()"]*\b(guide|reference)\b[^()"]*"[^"]+"[^()]*\)/;

test.each(main)('%s says what it costs a month, and a limit of AWS with the page that says so', (name) => {
  const doc = [...docs].find(([key]) => key.endsWith(`: ${name}`))?.[1].replaceAll(/\s+\*\s+/g, ' ') ?? '';
  expect(doc).toMatch(/\$[\d.,]+ a month/);
  expect(doc).toMatch(source);
});
