import { assertListed, byRegion } from './by-region';

const regions = [{ key: 'us' }, { key: 'ap' }];

test('gives every region its value, in the order of the regions', () => {
  expect(Object.entries(byRegion(regions, { ap: 2, us: 1 }, (item, key) => `${key}${item}`))).toEqual([
    ['us', 'us1'],
    ['ap', 'ap2'],
  ]);
});

test('a region that was forgotten is an error that says where to look', () => {
  expect(() => byRegion([...regions, { key: 'eu' }], { us: 1, ap: 2 }, String)).toThrow(
    'by region: values: there is no region eu, only us, ap; give it a line',
  );
});

test('lists of a file that lack regions are refused together, as a wrong use', () => {
  const grown = [...regions, { key: 'eu' }];
  const lists = { vpcs: { us: 1, ap: 2 }, full: { us: 1, ap: 2, eu: 3 }, balancers: { us: 1 } };
  expect(() => assertListed(grown, 'shared/x/upstream.ts', lists)).toThrow(
    expect.objectContaining({
      exitCode: 2,
      message: [
        'shared/x/upstream.ts: vpcs: there is no region eu, only us, ap; give it a line (docs/adding-a-region.md)',
        'shared/x/upstream.ts: balancers: there is no region ap, only us; give it a line (docs/adding-a-region.md)',
        'shared/x/upstream.ts: balancers: there is no region eu, only us; give it a line (docs/adding-a-region.md)',
      ].join('\n'),
    }),
  );
  expect(() => assertListed(regions, 'shared/x/upstream.ts', { vpcs: { us: 1, ap: 2 } })).not.toThrow();
});
