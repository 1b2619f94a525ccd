import { mkdirSync, mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { targetFromProcess } from './target';

const home = mkdtempSync(join(tmpdir(), 'home-'));
afterAll(() => rmSync(home, { recursive: true }));

test('without credentials it is a preview', () => {
  expect(targetFromProcess({}, home)).toBe('preview');
});

test.each(['AWS_PROFILE', 'AWS_ACCESS_KEY_ID', 'AWS_WEB_IDENTITY_TOKEN_FILE'])('%s means AWS', (name) => {
  expect(targetFromProcess({ [name]: 'x' }, home)).toBe('aws');
});

test('a credentials file means AWS', () => {
  mkdirSync(join(home, '.aws'));
  writeFileSync(join(home, '.aws', 'credentials'), '');
  expect(targetFromProcess({}, home)).toBe('aws');
  expect(targetFromProcess({ AWS_SHARED_CREDENTIALS_FILE: '/dev/null/none' }, home)).toBe('preview');
});

test('the setting decides before anything that is found', () => {
  expect(targetFromProcess({ PLATFORM_TARGET: 'preview', AWS_PROFILE: 'x' }, home)).toBe('preview');
});

test('an unknown target is refused with those there are', () => {
  expect(() => targetFromProcess({ PLATFORM_TARGET: 'azure' }, home)).toThrow(
    'PLATFORM_TARGET: there is no target "azure"; use one of preview, emulator, aws',
  );
});
