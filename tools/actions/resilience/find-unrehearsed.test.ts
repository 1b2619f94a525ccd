import { exampleEnvironment } from '@platform/libs/testing/example-settings';
import type { Evidence } from '@platform/tools/model/evidence';
import type { PathResilience } from '@platform/tools/model/resilience';
import { findUnrehearsed } from './find-unrehearsed';

const pathOf = (path: PathResilience['path'], stack: string) =>
  ({
    path,
    availability: { parts: [{ where: `${stack}: aws_lb.Balancer` }] },
    losses: [],
  }) as unknown as PathResilience;
const paths = [pathOf('site', 'region-us-cloudfront'), pathOf('apiReads', 'region-us-alb-asg-app')];
const rehearsed = (measuredAt: string, changes: Partial<Evidence> = {}): Evidence => ({
  format: 1,
  path: 'apiReads',
  loss: 'region',
  rtoSec: 90,
  measuredAt,
  how: 'npx platform gameday run region-evacuation on aws',
  ...changes,
});
const settings = exampleEnvironment();
const found = (evidence: readonly Evidence[], changed = ['region-us-alb-asg-app'], given = settings) =>
  findUnrehearsed({ paths }, { changed, evidence, settings: given, today: '2026-11-30' }).map(({ what }) => what);

test('notes a rehearsal that is a day older than the settings allow, with its age', () => {
  expect(found([rehearsed('2026-06-03')])).toEqual([]);
  expect(found([rehearsed('2026-06-02')])).toEqual([
    'apiReads: its newest rehearsal is of 2026-06-02, 181 days ago; 180 are allowed',
  ]);
});

test('the newest rehearsal counts, whatever the order of the files', () => {
  expect(found([rehearsed('2026-11-01'), rehearsed('2020-01-01')])).toEqual([]);
});

test('a measurement of normal operation and one of another path are no rehearsal of the path', () => {
  const { loss: _, ...normal } = rehearsed('2026-11-01');
  expect(found([normal, rehearsed('2026-11-01', { path: 'site' })])).toEqual(['apiReads: no loss was rehearsed yet']);
});

test('names the paths without a rehearsal together', () => {
  expect(found([], ['region-us-alb-asg-app', 'region-us-cloudfront'])).toEqual([
    'site, apiReads: no loss was rehearsed yet',
  ]);
});

test('is silent on paths that the change does not affect, and on those without an objective', () => {
  expect(found([], ['region-ap-vpc'])).toEqual([]);
  const objectives = { ...settings.objectives, apiReads: 'none' as const };
  expect(found([], ['region-us-alb-asg-app'], { ...settings, objectives })).toEqual([]);
});
