import { mkdirSync, mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { newest, readEvidence } from './evidence';

const root = mkdtempSync(join(tmpdir(), 'evidence of a test-'));
afterAll(() => rmSync(root, { recursive: true }));
const write = (name: string, content: object) => {
  mkdirSync(join(root, 'evidence', 'prod'), { recursive: true });
  writeFileSync(join(root, 'evidence', 'prod', name), JSON.stringify(content));
};
const measured = { format: 1, path: 'apiReads', loss: 'region', measuredAt: '2026-10-01', how: 'game day', rtoSec: 90 };

test('has none without the folder, and takes the newest measurement of a figure', () => {
  expect(readEvidence(root, 'prod')).toEqual([]);
  write('a.json', measured);
  write('b.json', { ...measured, measuredAt: '2026-11-01', rtoSec: 70 });
  write('c.json', { ...measured, measuredAt: '2026-11-02', loss: 'zone', rtoSec: 5 });
  const evidence = readEvidence(root, 'prod');
  expect(newest(evidence, 'apiReads', 'rtoSec', 'region')).toEqual({ value: 70, measuredAt: '2026-11-01' });
  expect(newest(evidence, 'apiReads', 'latencyMs')).toBeUndefined();
});

test('refuses what is not evidence, all files in one message', () => {
  write('wrong.json', { ...measured, path: 'checkout' });
  write('worse.json', { ...measured, measuredAt: 'yesterday' });
  expect(() => readEvidence(root, 'prod')).toThrow(/worse\.json: measuredAt[^]*wrong\.json: path/);
});
