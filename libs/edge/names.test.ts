import { apiName, apiOriginName, originName, siteName } from '@platform/libs/settings/physical-names';
import { certificateNames, distributionNames } from './names';

const environment = { domain: 'example.com', home: 'us' };
const keys = ['us', 'ap', 'eu'];

test('no name is on two distributions, and the domain itself is on the home region’s', () => {
  const names = keys.flatMap((key) => distributionNames(environment, key));
  expect(new Set(names).size).toBe(names.length);
  expect(keys.filter((key) => distributionNames(environment, key).includes('example.com'))).toEqual(['us']);
});

test('one certificate covers every name of every region', () => {
  const [domain, wildcard] = certificateNames(environment);
  expect(wildcard).toBe(`*.${domain}`);
  const names = keys.flatMap((key) => [originName(environment, key), siteName(environment, key)]);
  for (const name of [apiName(environment), apiOriginName(environment), ...names]) {
    const [label, ...parent] = name.split('.');
    expect(label).not.toBe('');
    expect(parent.join('.')).toBe(domain);
  }
});
