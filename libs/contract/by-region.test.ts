import { byRegion } from './by-region';

const regions = [{ key: 'us' }, { key: 'ap' }];

test('gives every region its value, in the order of the regions', () => {
  expect(Object.entries(byRegion(regions, { ap: 2, us: 1 }, (item, key) => `${key}${item}`))).toEqual([
    ['us', 'us1'],
    ['ap', 'ap2'],
  ]);
});

test('a region that was forgotten is an error that says where to look', () => {
  expect(() => byRegion([...regions, { key: 'eu' }], { us: 1, ap: 2 }, String)).toThrow(
    'region eu: there is only us, ap; add it where those are listed',
  );
});
