import { mkdtempSync, readFileSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { useExampleWorkspace } from '@platform/e2e/fixtures/example-workspace';
import type { AdoptionLevel } from '@platform/libs/settings/adoption';
import { SynthesisedStack } from '@platform/libs/testing/synthesised-stack';
import { loadEstate } from '@platform/tools/workspace/load-estate';
import { synthesise } from '@platform/tools/actions/synth/synth';

const root = useExampleWorkspace();
const estate = loadEstate(root);
const outdir = mkdtempSync(join(tmpdir(), 'levels-'));
afterAll(() => rmSync(outdir, { recursive: true }));

/** Every resource at a level: its JSON by stack and address. */
function resourcesAt(level: AdoptionLevel): Map<string, string> {
  const folder = join(outdir, level);
  const { stacks } = synthesise({ root, estate, outdir: folder, whatIf: { level, mode: 'active-active' } });
  return new Map(
    stacks.flatMap(({ stack }) => {
      const read = new SynthesisedStack(JSON.parse(readFileSync(join(folder, 'stacks', stack, 'cdk.tf.json'), 'utf8')));
      return read.addresses().map((address) => {
        const [type, name] = address.split('.') as [string, string];
        return [`${stack} ${address}`, JSON.stringify(read.resource(type, name))] as const;
      });
    }),
  );
}

/** Stack and type of each address, without regions: `shared-tgw aws_route`. */
const kinds = (addresses: string[]) =>
  [...new Set(addresses.map((address) => address.replace(/-(us|ap)(-(us|ap))? /, ' ').split('.')[0]!))].sort();

test('inspection comes and goes by routes: beside its own stacks and attachment nothing else changes', () => {
  const [before, after] = [resourcesAt('accelerated'), resourcesAt('inspected')];
  const [old, current] = [[...before.keys()], [...after.keys()]];
  const added = current.filter((address) => !before.has(address) && !address.startsWith('shared-security-gwlb-'));
  const removed = old.filter((address) => !after.has(address));
  const changed = current.filter((address) => before.has(address) && before.get(address) !== after.get(address));

  expect(old.filter((address) => address.startsWith('shared-security-gwlb-'))).toEqual([]);
  expect(kinds(added)).toEqual(
    expect.arrayContaining(['shared-tgw aws_ec2_transit_gateway_vpc_attachment', 'shared-tgw aws_route']),
  );
  const routing =
    /^shared-(tgw|tgw-link|hybrid) aws_(route|ec2_transit_gateway_route(_table_(association|propagation))?)$/;
  expect(kinds([...added, ...removed, ...changed]).filter((kind) => !routing.test(kind))).toEqual([
    // Names that the appliances ask for are checked and logged as those of the VPCs are.
    'shared-resolver aws_route53_resolver_firewall_config',
    'shared-resolver aws_route53_resolver_firewall_rule_group_association',
    'shared-resolver aws_route53_resolver_query_log_config_association',
    'shared-tgw aws_ec2_transit_gateway_vpc_attachment',
  ]);
  // One per region, in appliance mode; those of the VPCs stay as they are.
  const attachments = added.filter((address) => address.includes('aws_ec2_transit_gateway_vpc_attachment.'));
  expect(attachments.map((address) => JSON.parse(after.get(address)!).appliance_mode_support)).toEqual(
    estate.regions.map(() => 'enable'),
  );
  // VPCs keep their own way to the internet: the one through inspection is more specific.
  const spokes = added.filter((address) => address.includes(' aws_route.AttachmentVpc_'));
  expect([...new Set(spokes.map((address) => JSON.parse(after.get(address)!).destination_cidr_block))].sort()).toEqual([
    '0.0.0.0/1',
    '128.0.0.0/1',
  ]);
  expect(removed.filter((address) => address.includes(' aws_route.'))).toEqual([]);
});
