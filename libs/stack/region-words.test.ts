import { maskOf, textsByRegion } from './region-words';

const settings = {
  app: {
    image: { us: 'ami-00000001', ap: 'ami-00000002' },
    secrets: {
      KEY: {
        us: 'arn:aws:secretsmanager:us-east-1:1:secret:key',
        ap: 'arn:aws:secretsmanager:ap-northeast-2:1:secret:key',
      },
    },
    // Neither has a region for each of its names.
    releases: { blue: 'release one', green: 'release two' },
    dials: { us: 100, ap: 50 },
  },
};

test('what settings give by region belongs to the region', () => {
  expect(Object.fromEntries(textsByRegion(settings, ['us', 'ap']))).toEqual({
    'ami-00000001': 'app.image',
    'ami-00000002': 'app.image',
    'arn:aws:secretsmanager:us-east-1:1:secret:key': 'app.secrets.KEY',
    'arn:aws:secretsmanager:ap-northeast-2:1:secret:key': 'app.secrets.KEY',
  });
});

test('counterparts with images of their own regions are equal, and with others are not', () => {
  const mask = maskOf([{ key: 'us' }, { key: 'ap' }], textsByRegion(settings, ['us', 'ap']));
  expect(mask('image ami-00000001')).toBe(mask('image ami-00000002'));
  expect(mask('image ami-00000003')).not.toBe(mask('image ami-00000001'));
});
