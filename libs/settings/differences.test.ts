import { exampleOrganisation, exampleRegions } from '@platform/libs/testing/example-settings';
import { checkSettings } from './check-settings';
import type { FolderDifference } from './differences';
import { formatProblem } from './problem';

const problemsOf = (differences: Record<string, Partial<FolderDifference>>) => {
  const [us, ap] = exampleRegions;
  const folders = ['region-us', 'region-us/vpc', 'region-us/cache', 'region-ap', 'region-ap/vpc', 'shared', 'global'];
  const declared = Object.fromEntries(
    Object.entries(differences).map(([name, difference]) => [
      name,
      { here: 'omitted', reason: 'no sessions there', owner: 'platform', ...difference } as const,
    ]),
  );
  const regions = [us, { ...ap, differences: declared }];
  return checkSettings({ settings: exampleOrganisation, regions, folders: [...folders, 'libs'] }).map(formatProblem);
};

test('accepts a folder that a region omits, with reason and owner', () => {
  expect(problemsOf({ cache: {} })).toEqual([]);
});

test('reports all problems of differences', () => {
  const where = 'region-ap/region.ts: differences';
  expect(problemsOf({ vpc: {}, spoke: { here: 'added' }, cache: { reason: ' ', owner: 'nobody' } })).toEqual([
    `${where}.cache.reason: " " is empty; write a value, or remove it`,
    `${where}.vpc: there is a folder region-ap/vpc; remove it, or the difference`,
    `${where}.spoke: there is no folder region-ap/spoke; add it, or remove the difference`,
    `${where}.cache: there is no team "nobody"; use one of platform, network`,
  ]);
  expect(problemsOf({ cache: { here: 'other' as never } })).toEqual([
    `${where}.cache.here: there is no "other"; use one of added, omitted`,
  ]);
});
