import { exampleFolders, exampleOrganisation, exampleRegions } from '@platform/libs/testing/example-settings';
import { checkSettings } from './check-settings';
import { formatProblem } from './problem';
import type { TrafficControlSettings } from './traffic-control';

const { prod } = exampleOrganisation.environments;
const problemsOf = (trafficControl: Partial<TrafficControlSettings>) =>
  checkSettings({
    settings: {
      ...exampleOrganisation,
      environments: { prod: { ...prod, trafficControl: { ...prod.trafficControl, ...trafficControl } } },
    },
    regions: exampleRegions,
    folders: exampleFolders,
  }).map(formatProblem);

test('a return takes longer than the way down', () => {
  expect(problemsOf({ lowerAfterMin: 5, raiseAfterMin: 6 })).toEqual([]);
  expect(problemsOf({ lowerAfterMin: 5, raiseAfterMin: 5 })).toEqual([
    'infra.config.ts: environments.prod.trafficControl.raiseAfterMin: 5 min is not more than lowerAfterMin (5), so a region that comes and goes would move its dial all the time; use 6 or more',
  ]);
});

test('the floor leaves some traffic', () => {
  expect(problemsOf({ floorPercent: 0 })).toEqual([
    'infra.config.ts: environments.prod.trafficControl.floorPercent: 0 is out of bounds; use 1–99 %',
  ]);
});
