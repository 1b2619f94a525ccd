import { Testing, type TerraformStack } from 'cdktf';
import fc from 'fast-check';
import { adoptionLevels } from '@platform/libs/settings/adoption';
import type { Environment } from '@platform/libs/settings/environment';
import type { RegionSettings } from '@platform/libs/settings/region';
import { exampleEnvironment, exampleOnPremises, exampleRegionsOfBoth } from '@platform/libs/testing/example-settings';
import { SynthesisedStack, type Block, type StackJson } from '@platform/libs/testing/synthesised-stack';
import { vpcContract } from '@platform/libs/vpc/contract';
// Both stacks have entries in the same tables; they are made here with settings that the estate does not have.
/* eslint-disable platform/imports */
import { HybridStack } from '@platform/shared/hybrid/stack';
import { addMesh } from '@platform/shared/tgw/mesh';
/* eslint-enable platform/imports */

/*
 * AWS refuses a static entry for a range that the table has already (`RouteAlreadyExists`), also a blackhole. Terraform does
 * not order the creation of one resource after the deletion of another, and the stacks of Transit Gateways are applied before
 * the links. So whatever settings change, a created entry must not meet one of another address.
 */

const [us, ap] = exampleRegionsOfBoth;
const regions: readonly RegionSettings[] = [
  { ...us, vpcs: { ...us.vpcs, lab: { segment: 'nonprod', cidrs: { prod: '10.1.0.0/16', staging: '10.65.0.0/16' } } } },
  ap,
];
const attached = regions.flatMap((region) =>
  Object.keys(region.vpcs).map((name) => ({ region: region.key, name, contract: vpcContract(region, name) })),
);
const acme = {
  name: 'acme',
  account: '999999999999',
  region: 'us',
  segment: 'partner',
  cidr: '172.16.0.0/24',
  attachmentId: 'tgw-attach-0123456789abcdef0',
};
const { attachmentId: _, ...invited } = acme;

interface Entry {
  readonly stack: string;
  readonly address: string;
  /** Table and range: AWS keeps one static entry for each. */
  readonly place: string;
}

/** The static entries of all stacks, in the order in which the stacks are deployed. */
function entriesOf(environment: Environment): Map<string, Entry[]> {
  const app = Testing.app();
  addMesh(app, environment, regions, attached);
  for (const region of regions) new HybridStack(app, { environment, region, home: us, regions });
  const stacks = app.node.children.map((stack): [string, SynthesisedStack] => [
    stack.node.id,
    new SynthesisedStack((stack as TerraformStack).toTerraform() as StackJson),
  ]);
  return new Map(
    stacks.map(([stack, synthesised]) => [
      stack,
      Object.entries(synthesised.json.resource?.['aws_ec2_transit_gateway_route'] ?? {}).map(([address, route]) => ({
        stack,
        address,
        place: `${tableOf(stack, synthesised, route)} ${route['destination_cidr_block'] as string}`,
      })),
    ]),
  );
}

/** `us prod`: the table of an entry, as the stack of the Transit Gateway and the link both call it. */
function tableOf(
  stack: string,
  synthesised: SynthesisedStack,
  { transit_gateway_route_table_id: table }: Block,
): string {
  const read = /shared-tgw-(\w+)\.outputs\.(?:peeringRouteTableId|routeTableIds(?:\.|\["|, ")([\w-]+))/.exec(
    table as string,
  );
  if (read) return `${read[1]} ${read[2] ?? 'peering'}`;
  const { routeTableIds, peeringRouteTableId } = synthesised.outputs();
  const tables = { ...(routeTableIds as object), peering: peeringRouteTableId as string };
  return `${stack.replace('shared-tgw-', '')} ${Object.entries(tables).find(([, id]) => id === table)![0]}`;
}

/** Entries that a change of the settings creates while another address has their place. */
function collisions(before: Environment, after: Environment): string[] {
  const deployed = entriesOf(before);
  return [...entriesOf(after)].flatMap(([stack, entries]) => {
    const present = [...deployed.values()].flat();
    const own = new Map(deployed.get(stack)?.map((entry) => [entry.address, entry.place]));
    deployed.set(stack, entries);
    return entries
      .filter(({ address, place }) => own.get(address) !== place)
      .filter(({ address, place }) =>
        present.some((other) => other.place === place && (other.stack !== stack || other.address !== address)),
      )
      .map(({ address, place }) => `${stack}: ${address} in ${place}`);
  });
}

const prod = exampleEnvironment({ onPremises: exampleOnPremises, externalAttachments: [acme] });

test('withdrawing what a segment reaches', () => {
  const { prod: segment, ...others } = prod.segments;
  const reaches = segment!.reaches.filter((name) => name !== 'prod');
  for (const level of ['local-reads', 'inspected'] as const) {
    const before = { ...prod, level };
    const after = { ...before, segments: { prod: { reaches }, ...others } };
    expect(collisions(before, after)).toEqual([]);
    expect(collisions(after, before)).toEqual([]);
  }
});

test('withdrawing on-premises from a segment, with static routes', () => {
  const { directConnect } = exampleOnPremises.connectivity.prod;
  const onPremises = { ...exampleOnPremises, connectivity: { prod: { directConnect, routes: 'static' as const } } };
  const { prod: segment, ...others } = prod.segments;
  const reaches = segment!.reaches.filter((name) => name !== 'on-premises');
  for (const level of ['local-reads', 'inspected'] as const) {
    const before = { ...prod, level, onPremises };
    const after = { ...before, segments: { prod: { reaches }, ...others } };
    expect(entriesOf(before).get('shared-hybrid-us')).not.toEqual([]);
    expect(collisions(before, after)).toEqual([]);
    expect(collisions(after, before)).toEqual([]);
  }
  const [below, inspected] = (['accelerated', 'inspected'] as const).map((level) => ({ ...prod, level, onPremises }));
  expect(collisions(below!, inspected!)).toEqual([]);
  expect(collisions(inspected!, below!)).toEqual([]);
});

test('any change of levels, reachability, external attachments and on-premises', () => {
  const names = Object.keys(prod.segments).filter((name) => name !== 'inspection');
  const segments = fc.tuple(...names.map(() => fc.subarray([...names, 'on-premises']))).map((reached) => ({
    ...Object.fromEntries(names.map((name, index) => [name, { reaches: reached[index]! }])),
    inspection: { reaches: [] },
  }));
  const environments = fc
    .record({
      level: fc.constantFrom(...adoptionLevels),
      segments,
      externalAttachments: fc.constantFrom([], [invited], [acme]),
      onPremises: fc.constantFrom(exampleOnPremises, undefined),
    })
    .map(({ onPremises, ...changes }): Environment => {
      const { onPremises: _former, ...rest } = prod;
      return { ...rest, ...changes, ...(onPremises ? { onPremises } : {}) };
    });
  fc.assert(
    fc.property(environments, environments, (before, after) => {
      expect(collisions(before, after)).toEqual([]);
    }),
    { numRuns: 12, seed: 20261130 },
  );
});
