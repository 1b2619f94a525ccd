import {
  existsSync,
  mkdtempSync,
  readFileSync,
  readdirSync,
  rmSync,
  statSync,
  utimesSync,
  writeFileSync,
} from 'node:fs';
import { randomBytes } from 'node:crypto';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { ContentCache } from './content-cache';

let folder: string;
beforeEach(() => void (folder = join(mkdtempSync(join(tmpdir(), 'content cache-')), 'entries')));
afterEach(() => rmSync(join(folder, '..'), { recursive: true, force: true }));

const filesOf = () => readdirSync(folder).map((name) => join(folder, name));

test('gives back what was kept, to another process too', () => {
  new ContentCache({ folder }).put('one', 'é'.repeat(10_000));
  const other = new ContentCache({ folder });
  expect(other.get('one')).toBe('é'.repeat(10_000));
  expect(other.get('two')).toBeUndefined();
});

test('takes a damaged entry, or one of another key, as missing', () => {
  const cache = new ContentCache({ folder });
  cache.put('one', 'text of one');
  const [path] = filesOf();
  const whole = readFileSync(path!);
  const flipped = Buffer.from(whole);
  flipped[10]! ^= 1;
  for (const bytes of [whole.subarray(0, -3), whole.subarray(0, 20), Buffer.alloc(0), flipped]) {
    writeFileSync(path!, bytes);
    expect(cache.get('one')).toBeUndefined();
  }
  cache.put('two', 'text of two');
  writeFileSync(path!, readFileSync(filesOf().find((each) => each !== path)!));
  expect(cache.get('one')).toBeUndefined();
  cache.put('one', 'text of one');
  expect(cache.get('one')).toBe('text of one');
});

test('removes what was not used for longest when it grows beyond its limit', () => {
  const cache = new ContentCache({ folder, limitBytes: 10_000 });
  const noise = (bytes: number) => randomBytes(bytes / 2).toString('hex');
  const ages: Record<string, number> = { old: 3_000, used: 2_000, young: 1_000 };
  for (const [key, seconds] of Object.entries(ages)) {
    const before = existsSync(folder) ? filesOf() : [];
    cache.put(key, noise(6_000));
    const [path] = filesOf().filter((each) => !before.includes(each));
    const time = new Date(Date.now() - seconds * 1000);
    utimesSync(path!, time, time);
  }
  expect(cache.get('used')).toBeDefined();
  cache.put('newest', noise(6_000));
  expect(['old', 'used', 'young', 'newest'].filter((key) => cache.get(key) !== undefined)).toEqual(['used', 'newest']);
  expect(filesOf().reduce((sum, path) => sum + statSync(path).size, 0)).toBeLessThanOrEqual(10_000);
});

test('keeps no entry in a folder that cannot be written', () => {
  writeFileSync(folder, 'a file in its place');
  const cache = new ContentCache({ folder });
  cache.put('one', 'text');
  expect(cache.get('one')).toBeUndefined();
});
