import { defineContract, list, map, text } from '@platform/libs/contract/contract';
import { formatProblem } from '@platform/libs/settings/problem';
import { checkOutputs } from './check-outputs';

const contract = defineContract({
  stack: 'x',
  project: 'global/x',
  stateRegion: { key: 'us', awsRegion: 'us-east-1' },
  fields: { id: text('', 'example-id'), ids: list('', ['example']), names: map('', { a: 'example' }) },
});

describe('outputs against the contract', () => {
  test('accepts names and kinds of the contract', () => {
    expect(checkOutputs(contract, { id: 'a', ids: [], names: { k: 'v' }, more: 1 })).toEqual([]);
  });

  test('names each output that is missing or of another kind', () => {
    expect(checkOutputs(contract, { ids: 'a', names: [] }).map(formatProblem)).toEqual([
      expect.stringContaining('global/x/contract.ts: id: the stack x was applied and has no such output'),
      expect.stringContaining('global/x/contract.ts: ids: list is in the contract, but the stack x has text'),
      expect.stringContaining('global/x/contract.ts: names: map is in the contract, but the stack x has list'),
    ]);
  });
});
