import { gzipSync } from 'node:zlib';
import { readPlan } from './read-plan';
import { samplePlan } from './testing/sample-plan';

const text = JSON.stringify(samplePlan());
const bytes = (value: unknown) => Buffer.from(typeof value === 'string' ? value : JSON.stringify(value));
const nested = `{"format_version":"1.2","planned_values":${'{"a":'.repeat(20_000)}1${'}'.repeat(20_000)}}`;

test.each([
  ['an empty file', bytes(''), /^the file is empty/],
  ['a saved plan', Buffer.from('PK\u0003\u0004\u0000'), /saved plan and not its JSON/],
  ['a compressed file', gzipSync(text), /compressed/],
  ['random bytes', Buffer.from([1, 2, 0, 255, 9]), /binary/],
  ['a file that ends too early', bytes(text.slice(0, -200)), /not JSON/],
  ['a list', bytes([1]), /holds a list/],
  ['a number', bytes(1), /holds a number/],
  ['a state', bytes({ version: 4, serial: 1, lineage: 'x', resources: [] }), /a state and not a plan/],
  ['a shown state', bytes({ format_version: '1.0', values: {} }), /shows a state/],
  ['a configuration', bytes({ resource: {} }), /a configuration and not a plan/],
  ['a log', bytes('{"@level":"info"}\n{"@level":"info"}'), /log of terraform plan -json/],
  ['the text of a plan', bytes('Terraform will perform the following actions:'), /the text of a plan/],
  ['a later format', bytes({ ...samplePlan(), format_version: '2.0' }), /2\.0 is newer/],
  ['changes that are no list', bytes({ ...samplePlan(), resource_changes: {} }), /^resource_changes: /],
  [
    'a change without actions',
    bytes({ format_version: '1.0', resource_changes: [{ address: 'a', type: 'b', change: {} }] }),
    /^resource_changes\[0\]\.change\.actions: /,
  ],
  ['endless nesting', bytes(nested), /nested deeper than 500/],
])('refuses %s by one line that says what it is', (_, file, message) => {
  const read = () => readPlan(file);
  expect(read).toThrow(message);
  expect(read).toThrow(/; .*terraform show -json/);
  expect(read).not.toThrow(/\n/);
});

test.each([
  ['a byte order mark', Buffer.from(`\ufeff${text}`)],
  ['UTF-16, as PowerShell writes it', Buffer.concat([Buffer.from([0xff, 0xfe]), Buffer.from(text, 'utf16le')])],
  [
    'UTF-16 with the other byte first',
    Buffer.concat([Buffer.from([0xfe, 0xff]), Buffer.from(text, 'utf16le').swap16()]),
  ],
])('reads a plan with %s', (_, file) => {
  expect(readPlan(file).resource_changes).toHaveLength(samplePlan().resource_changes!.length);
});

test('names no text of a damaged file, which may be a secret', () => {
  expect(() => readPlan(bytes('{"password": "hunter2-hunter2" oops'))).not.toThrow(/hunter2/);
});
