import { defineContract, list, map, text } from '@platform/libs/contract/contract';
import { liveUpstreamValues } from './upstream-outputs';

const contract = defineContract({
  stack: 'x',
  project: 'global/x',
  stateRegion: { key: 'us', awsRegion: 'us-east-1' },
  fields: { id: text('', 'example-id'), ids: list('', ['example']), names: map('', { a: 'example' }) },
});

describe('values of another stack', () => {
  const sources = (...given: [Record<string, unknown>?, object?]) =>
    Object.entries(liveUpstreamValues(contract, given[0], given[1])).map(([name, { value, source }]) => [
      name,
      source,
      value,
    ]);

  test('are real where it is deployed and does not change', () => {
    expect(sources({ id: 'a', ids: ['b'], names: {} }, { output_changes: { id: { actions: ['no-op'] } } })).toEqual([
      ['id', 'state', 'a'],
      ['ids', 'state', ['b']],
      ['names', 'state', {}],
    ]);
  });

  test('are planned or former where a plan is about to change them, and examples where there is nothing', () => {
    const changes = { id: { actions: ['update'], after: 'new' }, ids: { actions: ['update'], after_unknown: true } };
    expect(sources({ id: 'a', ids: ['b'] }, { output_changes: changes })).toEqual([
      ['id', 'planned', 'new'],
      ['ids', 'former', ['b']],
      ['names', 'example', { a: 'example' }],
    ]);
  });

  test('a map that is about to change has examples of its new entries, and former values of the others', () => {
    const changes = { names: { actions: ['update'], after_unknown: true } };
    expect(sources({ id: 'a', ids: [], names: { b: 'former' } }, { output_changes: changes })).toContainEqual([
      'names',
      'former',
      { a: 'example', b: 'former' },
    ]);
  });
});
