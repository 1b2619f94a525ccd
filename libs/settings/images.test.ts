import { exampleEnvironment } from '@platform/libs/testing/example-settings';
import { imageIdIn, unpinnedImages } from './images';

const parameter = '/aws/service/ami-amazon-linux-latest/al2023-ami-kernel-default-arm64';
const pinned = { us: 'ami-00000000000000001', ap: 'ami-00000000000000002' };
const { applications, inspection } = exampleEnvironment();
const withImages = (blue: string | typeof pinned, green: string | typeof pinned, appliances: string | typeof pinned) =>
  exampleEnvironment({
    profile: 'production',
    level: 'inspected',
    inspection: { ...inspection, image: appliances },
    applications: {
      app: {
        ...applications['app']!,
        releases: {
          blue: { runs: 'sample', name: '1', image: blue },
          green: { runs: 'sample', name: '2', image: green },
        },
      },
    },
  });
const wheresOf = (...given: Parameters<typeof unpinnedImages>) => unpinnedImages(...given).map(({ where }) => where);

test('a production environment pins every image that it launches', () => {
  expect(wheresOf(withImages(parameter, pinned, parameter))).toEqual([
    'infra.config.ts: environments.prod.applications.app.releases.blue.image',
    'infra.config.ts: environments.prod.inspection.image',
  ]);
  expect(wheresOf({ ...withImages(pinned, pinned, parameter), level: 'accelerated' })).toEqual([]);
  expect(wheresOf(withImages(pinned, pinned, pinned))).toEqual([]);
});

test('a development environment may follow a parameter', () => {
  expect(wheresOf({ ...withImages(parameter, parameter, parameter), profile: 'development' })).toEqual([]);
});

test('a launch template has the id of its region, or the parameter', () => {
  expect(imageIdIn(pinned, 'ap')).toBe(pinned.ap);
  expect(imageIdIn(parameter, 'ap')).toBe(`resolve:ssm:${parameter}`);
});
