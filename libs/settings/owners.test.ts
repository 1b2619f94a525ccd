import { ownerOf } from './owners';

describe('owner of a folder', () => {
  const owners = { '*': 'platform', 'region-*/vpc': 'network', 'region-ap/vpc': 'asia', 'region-eu': 'europe' };

  test.each([
    ['region-us/vpc', 'network'],
    ['region-us/vpc/testing', 'network'],
    ['region-us/vpc-inner', 'platform'],
    ['region-ap/vpc', 'asia'],
    ['region-eu/vpc', 'network'],
    ['region-eu/aurora', 'europe'],
    ['docs', 'platform'],
  ])('%s is owned by %s', (folder, team) => {
    expect(ownerOf(owners, folder)).toBe(team);
  });

  it('is missing where no entry contains it', () => {
    expect(ownerOf({ 'region-*/vpc': 'network' }, 'region-us/aurora')).toBeUndefined();
  });
});
