import { exampleEnvironment, exampleRegions } from '@platform/libs/testing/example-settings';
import { networkAddresses } from './network-addresses';

const [us] = exampleRegions;
const application = exampleEnvironment().applications['app']!;
const listeners = { tls: { protocol: 'TCP', port: 8443, targetPort: 8443 } } as const;
const given = (...addresses: string[]) =>
  networkAddresses(
    exampleEnvironment({
      applications: { app: { ...application, networkBalancer: { listeners, addresses: { us: addresses } } } },
    }),
    'app',
    us,
  );

test('accepts addresses of the zones’ application subnets', () => {
  expect(given('10.0.0.4', '10.0.16.10', '10.0.47.254')).toEqual(['10.0.0.4', '10.0.16.10', '10.0.47.254']);
  expect(given()).toEqual([]);
  expect(networkAddresses(exampleEnvironment(), 'app', us)).toEqual([]);
});

test.each([
  ['of another zone', ['10.0.16.10', '10.0.16.11', '10.0.32.10'], '"10.0.16.10" is not a usable address', 'use1-az1'],
  ['of another tier', ['10.0.0.10', '10.0.16.10', '10.0.128.10'], '"10.0.128.10" is not a usable address', 'use1-az4'],
  ['that AWS keeps at the beginning', ['10.0.0.3', '10.0.16.10', '10.0.32.10'], '"10.0.0.3"', 'use one of 10.0.0.0/20'],
  ['that AWS keeps at the end', ['10.0.0.10', '10.0.31.255', '10.0.32.10'], '"10.0.31.255"', 'use1-az2'],
])('refuses one %s', (_, addresses, ...words) => {
  for (const word of words) expect(() => given(...addresses)).toThrow(word);
});

test('names all wrong addresses at once', () => {
  expect(() => given('10.0.0.0', '10.0.0.1', '10.0.0.2')).toThrow(
    /^infra\.config\.ts: environments\.prod\.applications\.app\.networkBalancer\.addresses\.us: "10\.0\.0\.0".*\n.*"10\.0\.0\.1".*\n.*"10\.0\.0\.2"/,
  );
});
