import type { Finding } from '../review';
import { acceptedByName, applyWaivers, readWaivers } from './waivers';

const finding: Finding = {
  rule: 'stateful-destroy',
  level: 'block',
  what: 'aws_dynamodb_table.Old is destroyed',
  why: '',
  remedy: '',
  where: { stack: 'global-data', address: 'aws_dynamodb_table.Old', argument: null },
  region: 'us',
  owner: 'platform',
  waiver: null,
};
const waiver = { rule: 'stateful-destroy', owner: 'platform', reason: 'empty since May', until: '2026-12-31' };
const levelBy = (more: object, today = '2026-12-31') =>
  applyWaivers([finding], [{ ...waiver, ...more }], today)[0]!.level;

test('a valid waiver makes a note of a block, on its last day too', () => {
  expect(levelBy({})).toBe('note');
  expect(levelBy({ stack: 'global-data', address: 'aws_dynamodb_table.Old' })).toBe('note');
});

test('an expired waiver blocks, also what would only be a warning', () => {
  expect(levelBy({}, '2027-01-01')).toBe('block');
  expect(applyWaivers([{ ...finding, level: 'warn' }], [waiver], '2027-01-01')[0]).toMatchObject({
    level: 'block',
    waiver: { expired: true },
  });
});

test('a waiver of another place does not count', () => {
  expect(levelBy({ address: 'aws_dynamodb_table.Other' })).toBe('block');
  expect(levelBy({ rule: 'key-removed' })).toBe('block');
});

test('refuses a file with every problem of it', () => {
  const text = JSON.stringify([
    { ...waiver, rule: 'none' },
    { ...waiver, owner: 'nobody', until: '2026-02-30' },
    { rule: 'stateful-destroy', resson: 'x' },
    7,
  ]);
  const problems = () => readWaivers(text, ['platform']);
  for (const part of [
    'waivers.json[0].rule: there is no rule "none"',
    'waivers.json[1].owner: there is no team "nobody"',
    'waivers.json[1].until: "2026-02-30" is no day',
    'waivers.json[2].resson: there is no such field',
    'waivers.json[2].owner: is missing',
    'waivers.json[3]: is no object',
  ]) {
    expect(problems).toThrow(part);
  }
  expect(() => readWaivers('{', ['platform'])).toThrow('is no JSON list');
});

describe('a destruction is accepted by a waiver', () => {
  const named = { ...waiver, stack: 'global-data', address: 'aws_dynamodb_table.Old' };
  const accepted = (...waivers: object[]) => acceptedByName([finding], waivers as (typeof named)[], '2026-12-31');

  test('that names its stack and address, up to the last day', () => {
    const longer = { ...named, until: '2027-01-31' };
    expect(accepted(named, longer)).toEqual({ 'global-data': { 'aws_dynamodb_table.Old': '2027-01-31' } });
  });

  test.each<[string, object]>([
    ['of all', waiver],
    ['of its whole stack', { ...waiver, stack: 'global-data' }],
    ['of its address in every stack', { ...waiver, address: 'aws_dynamodb_table.Old' }],
    ['that has expired', { ...named, until: '2026-12-30' }],
    ['of another rule', { ...named, rule: 'key-removed' }],
  ])('and not by one %s', (_, given) => {
    expect(accepted(given)).toEqual({});
  });

  test('and not one that only weakens backups', () => {
    const weakened = { ...finding, rule: 'backups-weakened' };
    expect(acceptedByName([weakened], [{ ...named, rule: 'backups-weakened' }], '2026-12-31')).toEqual({});
  });
});
