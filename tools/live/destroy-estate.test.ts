import type { StackDescription } from '@platform/libs/stack/estate-stack';
import { chosenRemoved, destroyRefusal, lossesOf, type DoomedStack } from './destroy-estate';

const doomed = (project: string, reads: string[] = [], types: string[] = []): DoomedStack => ({
  description: { stack: project.replace('/', '-'), project, reads } as unknown as StackDescription,
  location: { bucket: 'b', key: 'k', region: 'us-east-1' },
  state: {
    lineage: 'l',
    serial: 1,
    resources: types.map((type) => ({ mode: 'managed', type, name: 'X', instances: [{ attributes: {} }] })),
  },
  removed: true,
});

describe('stacks whose projects are gone', () => {
  const topic = doomed('region-us/topic');
  const reader = doomed('global/reader', ['region-us-topic']);

  test('are all chosen, or those that are named by project or stack', () => {
    expect(chosenRemoved([topic, reader], [])).toEqual([topic, reader]);
    expect(chosenRemoved([topic, reader], ['global/reader'])).toEqual([reader]);
    expect(chosenRemoved([topic, reader], ['region-us-topic', 'global-reader'])).toEqual([topic, reader]);
  });

  test('are not destroyed while another of them reads them', () => {
    expect(() => chosenRemoved([topic, reader], ['region-us/topic'])).toThrow(
      'global-reader: it is deployed and reads region-us-topic; destroy global/reader too',
    );
  });
});

describe('a destroy is refused', () => {
  const queue = doomed('region-us/queue', [], ['aws_sqs_queue']);
  const given = { environment: 'prod', confirm: 'prod', includeStateful: false };

  test('where something is lost for ever, until that is said', () => {
    expect(lossesOf([queue])).toEqual(['region-us-queue: aws_sqs_queue.X holds messages']);
    expect(destroyRefusal([queue], given)).toContain('add --include-stateful');
    expect(destroyRefusal([queue], { ...given, includeStateful: true })).toBeUndefined();
  });

  test('where another environment is named, or none', () => {
    const plain = doomed('region-us/topic');
    expect(destroyRefusal([plain], given)).toBeUndefined();
    for (const confirm of ['staging', '', 'PROD']) {
      expect(destroyRefusal([plain], { ...given, confirm })).toContain(`"${confirm}" is not prod`);
    }
  });
});
