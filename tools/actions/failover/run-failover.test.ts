import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import {
  planFailover,
  type FailoverRequest,
  type FailoverStep,
  type FailoverView,
} from '@platform/tools/model/failover';
import type { FailoverContext } from './accounts';
import { runFailover } from './run-failover';

/** What AWS has; a step changes it. */
let writer: 'us' | 'ap' | undefined;
let desired: number;
/** Done after the first call. */
let afterwards: () => void;
jest.mock('./observe', () => ({ observe: async () => view() }));
jest.mock('./act', () => ({
  ...jest.requireActual<object>('./act'),
  act: async (_: object, step: FailoverStep) => {
    if (step.kind === 'move-writer') writer = 'ap';
    if (step.kind === 'raise-fleet') desired = step.to;
    afterwards();
    afterwards = () => {};
  },
}));

const folder = mkdtempSync(join(tmpdir(), 'run-failover-'));
afterAll(() => rmSync(folder, { recursive: true, force: true }));
beforeEach(() => {
  writer = 'us';
  desired = 4;
  afterwards = () => {};
});

function view(): FailoverView {
  const arn = (key: string) => `arn:aws:rds:${key}:222222222222:cluster:prod-${key}`;
  const member = (key: string) => ({ arn: arn(key), writer: writer === key, status: 'available', instances: 1 });
  return {
    regions: ['us', 'ap'].map((key) => ({
      key,
      awsRegion: `${key}-1`,
      latchRegion: 'us-1',
      fleets: {
        value: [
          { name: 'app', min: 1, max: 8, desired: key === 'us' ? 4 : desired, inService: key === 'us' ? 4 : desired },
        ],
      },
    })),
    database: {
      value: { globalClusterId: 'prod', status: 'available', members: { us: member('us'), ap: member('ap') } },
    },
  };
}

const request: FailoverRequest = { to: 'ap', allowDataLoss: true, withoutTraffic: [], least: {} };
const context = {
  regions: [
    { key: 'us', awsRegion: 'us-1' },
    { key: 'ap', awsRegion: 'ap-1' },
  ],
} as unknown as FailoverContext;
const options = { log: join(folder, 'log.jsonl'), everySec: 0.01 };
const SWITCHOVER = 'rds:SwitchoverGlobalCluster arn:aws:rds:ap:222222222222:cluster:prod-ap in ap-1';

test('the writer is moved as the plan that was confirmed says', async () => {
  const confirmed = planFailover(view(), request);
  expect(await runFailover(context, request, { ...options, confirmed })).toMatchObject({
    result: 'done',
    calls: [SWITCHOVER],
  });
});

test('a switchover that was confirmed does not become a failover, which loses writes', async () => {
  const confirmed = planFailover(view(), request);
  writer = undefined;
  expect(await runFailover(context, request, { ...options, confirmed })).toMatchObject({
    result: 'blocked',
    calls: [],
    message: expect.stringContaining('rds:FailoverGlobalCluster'),
  });
});

test('the first plan of a run counts as confirmed, and a later one that moves the writer in another way does not', async () => {
  desired = 1;
  afterwards = () => (writer = undefined);
  expect(await runFailover(context, request, options)).toMatchObject({
    result: 'blocked',
    calls: ['autoscaling:SetDesiredCapacity app 4 in ap-1'],
  });
});
