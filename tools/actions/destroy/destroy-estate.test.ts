import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import type { StackDescription } from '@platform/libs/stack/estate-stack';
import { absentFields, destroyEstate, planDestroy } from './destroy-estate';
import { destroyRefusal, lossesOf, type StackToDestroy } from './stacks-to-destroy';
import type { LiveSession } from '@platform/tools/session/live-session';

const folder = mkdtempSync(join(tmpdir(), 'destroy-'));
afterAll(() => rmSync(folder, { recursive: true, force: true }));

const toDestroy = (project: string, reads: string[] = [], types: string[] = []): StackToDestroy => ({
  description: { stack: project.replace('/', '-'), project, reads } as unknown as StackDescription,
  location: { bucket: 'b', key: 'k', region: 'us-east-1' },
  state: {
    lineage: 'l',
    serial: 1,
    resources: types.map((type) => ({ mode: 'managed', type, name: 'X', instances: [{ attributes: {} }] })),
  },
  removed: true,
});

test('of what is read, outputs that the other stack never made are absent', () => {
  const alias = (stack: string, field: string) => `\${data.terraform_remote_state.${stack}.outputs.${field}}`;
  const configuration = {
    resource: {
      aws_route53_record: {
        A: { alias: { name: alias('edge-us', 'domainName'), zone_id: alias('edge-us', 'zoneId') } },
        B: { alias: { name: alias('edge-us', 'domainName'), zone_id: alias('edge-ap', 'zoneId') } },
      },
    },
  } as never;
  expect(absentFields(configuration, 'edge-us', {})).toEqual(['domainName', 'zoneId']);
  expect(absentFields(configuration, 'edge-us', { domainName: '', zoneId: 'Z' })).toEqual([]);
  expect(absentFields(configuration, 'edge-us', { domainName: null, zoneId: 'Z' })).toEqual(['domainName']);
  expect(absentFields(configuration, 'edge-ap', { more: 1 })).toEqual(['zoneId']);
});

test('a stack whose content is unknown is left, and so is what it reads', async () => {
  const reader = { ...toDestroy('global/reader', ['region-us-topic']), state: new Error('global-reader: no state') };
  const session = {
    options: { workers: 1, estate: { regions: [{ key: 'us', role: 'primary' }] } },
    folders: { wait: { waitSec: 0 }, of: (stack: string) => join(folder, stack) },
  } as unknown as LiveSession;
  const stacks = [toDestroy('region-us/topic'), reader];
  expect(await destroyEstate(session, stacks)).toEqual([
    { stack: 'global-reader', result: 'failed', message: 'global-reader: no state' },
    { stack: 'region-us-topic', result: 'skipped', message: 'region-us-topic: is still read by global-reader' },
  ]);
  expect((await planDestroy(session, [reader]))[0]).toMatchObject({ addresses: [], error: 'global-reader: no state' });
});

describe('a destroy is refused', () => {
  const queue = toDestroy('region-us/queue', [], ['aws_sqs_queue']);
  const given = { environment: 'prod', confirm: 'prod', includeStateful: false, unanswered: [] };

  test('where something is lost for ever, until that is said', () => {
    expect(lossesOf([queue])).toEqual(['region-us-queue: aws_sqs_queue.X holds messages']);
    expect(destroyRefusal([queue], given)).toContain('add --include-stateful');
    expect(destroyRefusal([queue], { ...given, includeStateful: true })).toBeUndefined();
  });

  test('where a killed apply may have left something out of the state', () => {
    const unanswered = ['region-us-queue: an apply was killed', '  aws_sqs_queue.Y: its creation began'];
    expect(destroyRefusal([queue], { ...given, includeStateful: true, unanswered })).toBe(
      [...unanswered, 'nothing was destroyed'].join('\n'),
    );
  });

  test('where another environment is named, or none', () => {
    const plain = toDestroy('region-us/topic');
    expect(destroyRefusal([plain], given)).toBeUndefined();
    for (const confirm of ['staging', '', 'PROD']) {
      expect(destroyRefusal([plain], { ...given, confirm })).toContain(`"${confirm}" is not prod`);
    }
  });
});
