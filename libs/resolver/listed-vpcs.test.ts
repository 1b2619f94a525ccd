import { exampleRegions } from '@platform/libs/testing/example-settings';
import { assertVpcsListed } from './listed-vpcs';

const [us, ap] = exampleRegions;
const file = 'shared/resolver/upstream.ts';

test('accepts lists that have every VPC', () => {
  expect(() => assertVpcsListed(exampleRegions, file, { us: { vpc: {} }, ap: { vpc: {} } })).not.toThrow();
});

test('names every VPC that is not in the list, and the region it belongs to', () => {
  const regions = [{ ...us, vpcs: { vpc: us.vpcs['vpc']!, spoke: us.vpcs['vpc']! } }, ap];
  expect(() => assertVpcsListed(regions, file, { us: { vpc: {} }, ap: {} })).toThrow(
    [
      `${file}: vpcs.us: the VPC "spoke" of region-us/region.ts is not in the list: it would have no DNS firewall, no query log and no forwarding rules; add the contract of region-us/spoke`,
      `${file}: vpcs.ap: the VPC "vpc" of region-ap/region.ts is not in the list: it would have no DNS firewall, no query log and no forwarding rules; add the contract of region-ap/vpc`,
    ].join('\n'),
  );
});
