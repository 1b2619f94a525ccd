import { assertListed, byRegion } from './by-region';

const regions = [{ key: 'us' }, { key: 'ap' }];

test('gives every region its value, in the order of the regions', () => {
  expect(Object.entries(byRegion(regions, { ap: 2, us: 1 }, (item, key) => `${key}${item}`))).toEqual([
    ['us', 'us1'],
    ['ap', 'ap2'],
  ]);
});

test('throws for a missing region, and says where to look', () => {
  expect(() => byRegion([...regions, { key: 'eu' }], { us: 1, ap: 2 }, String)).toThrow(
    'by region: values: has no line for region eu, only for us, ap; add one',
  );
});

test('refuses lists of a file that lack regions, all together, as wrong use', () => {
  const grown = [...regions, { key: 'eu' }];
  const lists = { vpcs: { us: 1, ap: 2 }, full: { us: 1, ap: 2, eu: 3 }, balancers: { us: 1 } };
  expect(() => assertListed(grown, 'shared/x/upstream.ts', lists)).toThrow(
    expect.objectContaining({
      exitCode: 2,
      message: [
        'shared/x/upstream.ts: vpcs: has no line for region eu, only for us, ap; add one (docs/adding-a-region.md)',
        'shared/x/upstream.ts: balancers: has no line for region ap, only for us; add one (docs/adding-a-region.md)',
        'shared/x/upstream.ts: balancers: has no line for region eu, only for us; add one (docs/adding-a-region.md)',
      ].join('\n'),
    }),
  );
  expect(() => assertListed(regions, 'shared/x/upstream.ts', { vpcs: { us: 1, ap: 2 } })).not.toThrow();
});
