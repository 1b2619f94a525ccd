import * as fc from 'fast-check';
import { cidrRange, contains, formatAddress, overlaps, parseAddress, parseCidr, prefixLength } from './cidr';

test.each([
  '10.0.0.0',
  '10.0.0.1/16',
  '10.0.0.0/33',
  '10.0.0.0/08',
  '10.0.0/8',
  '010.0.0.0/8',
  '256.0.0.0/8',
  '10.0.0.0/8 ',
  'fd00::/8',
  '',
])('%j is not a network', (text) => {
  expect(parseCidr(text)).toBeUndefined();
  expect(() => cidrRange(text)).toThrow(`"${text}" is not an IPv4 network`);
});

test('the smallest and the largest network are networks', () => {
  expect(parseCidr('0.0.0.0/0')).toEqual({ first: 0, last: 2 ** 32 - 1, text: '0.0.0.0/0' });
  expect(parseCidr('255.255.255.255/32')).toMatchObject({ first: 2 ** 32 - 1, last: 2 ** 32 - 1 });
});

/** A network of some size anywhere. */
const networks = fc.tuple(fc.nat({ max: 2 ** 32 - 1 }), fc.integer({ min: 0, max: 32 })).map(([address, bits]) => {
  const size = 2 ** (32 - bits);
  const first = Math.floor(address / size) * size;
  return { first, bits, size, text: `${formatAddress(first)}/${bits}` };
});

test('a network is read back as it was written', () => {
  fc.assert(
    fc.property(networks, ({ first, bits, size, text }) => {
      const range = cidrRange(text);
      expect([range.first, range.last, prefixLength(range)]).toEqual([first, first + size - 1, bits]);
      expect(parseAddress(formatAddress(first))).toBe(first);
    }),
  );
});

test('two networks share addresses only where one holds the other', () => {
  fc.assert(
    fc.property(networks, networks, (one, other) => {
      const [a, b] = [cidrRange(one.text), cidrRange(other.text)];
      expect(overlaps(a, b)).toBe(contains(a, b) || contains(b, a));
      expect(overlaps(a, b)).toBe(a.first <= b.last && b.first <= a.last);
    }),
  );
});
