import { readFileSync, rmSync } from 'node:fs';
import { join } from 'node:path';
import { exampleWorkspace } from '@platform/e2e/fixtures/example-workspace';
import { growInPlace } from '@platform/e2e/fixtures/grown-workspace';
import { homesOf, type EstateMap, type MapNode } from '@platform/tools/model/estate-map';
import { findRoot } from '@platform/tools/workspace/find-root';
import { estateSvg, tileId } from './draw-estate';
import { mapEstate } from './map-estate';

const workspaces: string[] = [];
afterAll(() => workspaces.forEach((workspace) => rmSync(workspace, { recursive: true, force: true })));

/** An example workspace, which the caller may change before it is drawn. */
function workspace(change: (root: string) => void = () => {}): string {
  const root = exampleWorkspace();
  workspaces.push(root);
  change(root);
  return root;
}

function nodesOf({ nodes }: EstateMap, kind: MapNode['kind'], region: string | null = 'us'): MapNode[] {
  return nodes.filter((node) => node.kind === kind && node.region === region);
}

/** `from → to` of the links of a kind, by name and region. */
function linksOf({ nodes, links }: EstateMap, kind: string): string[] {
  const names = new Map(nodes.map(({ id, name, region }) => [id, region === null ? name : `${name}@${region}`]));
  return links
    .filter((link) => link.kind === kind)
    .map(({ from, to, both }) => `${names.get(from)} ${both ? '↔' : '→'} ${names.get(to)}`)
    .sort();
}

describe('the map of the example estate at the highest level', () => {
  let map: EstateMap;
  beforeAll(() => {
    map = mapEstate({ root: workspace(), environment: 'prod', whatIf: { level: 'inspected' } });
  });

  it('has the regions, the primary first', () => {
    expect(map.regions).toEqual([
      { key: 'us', awsRegion: 'us-east-1', role: 'primary', home: true },
      { key: 'ap', awsRegion: 'ap-northeast-2', role: 'standby', home: false },
    ]);
  });

  it('has VPCs with tiers, zones and ranges', () => {
    const [vpc] = nodesOf(map, 'vpc').filter(({ name }) => name === 'vpc');
    expect(vpc!.facts).toEqual(['10.0.0.0/16', 'segment prod', '3 NAT']);
    expect(vpc!.tiers!.map(({ name }) => name)).toEqual(['public', 'app', 'data', 'transit']);
    expect(vpc!.tiers![0]!.subnets.map(({ zone, range }) => `${zone} ${range}`)).toEqual([
      'use1-az1 10.0.160.0/22',
      'use1-az2 10.0.164.0/22',
      'use1-az4 10.0.168.0/22',
    ]);
  });

  it('places what runs in a VPC in its tier', () => {
    const inVpc = (kind: MapNode['kind']) => nodesOf(map, kind).map(({ name, tier }) => `${name} in ${tier}`);
    expect(inVpc('balancer')).toEqual(['app in public']);
    expect(inVpc('fleet').sort()).toEqual(['app-blue in app', 'app-green in app', 'inspection in appliances']);
    expect(inVpc('inspection')).toEqual(['inspection in appliances']);
    expect(inVpc('database')).toEqual(['database-us in data']);
  });

  it('has what exists once, without a region', () => {
    expect(nodesOf(map, 'accelerator', null)[0]!.facts).toEqual(['us 100 %', 'ap 0 %']);
    expect(nodesOf(map, 'records', null).find(({ stack }) => stack === 'global-route53')!.facts).toEqual([
      'failover',
      '8 health checks',
    ]);
    expect(nodesOf(map, 'hosted-zone', null).map(({ name }) => name)).toContain('example.com');
    expect(nodesOf(map, 'on-premises', null)[0]!.facts).toEqual(['192.168.0.0/16']);
  });

  it('joins networks as the Transit Gateways do', () => {
    expect(linksOf(map, 'attachment')).toEqual([
      'inspection@ap ↔ hub@ap',
      'inspection@us ↔ hub@us',
      'vpc@ap ↔ hub@ap',
      'vpc@us ↔ hub@us',
    ]);
    expect(linksOf(map, 'peering')).toEqual(['hub@us ↔ hub@ap']);
    expect(linksOf(map, 'direct-connect')).toEqual(['hub@ap ↔ On-premises', 'hub@us ↔ On-premises']);
    expect(linksOf(map, 'vpn')).toEqual(['hub@ap ↔ On-premises', 'hub@us ↔ On-premises']);
  });

  it('has an arrow for each direction in which data is copied', () => {
    expect(linksOf(map, 'replication')).toEqual([
      'database-us@us → database-ap@ap',
      'documents-ap@ap ↔ documents-us@us',
      'sessions@us ↔ sessions@ap',
      'terraform-state-us@us → terraform-state-ap@ap',
      'website-ap@ap ↔ website-us@us',
    ]);
  });

  it('has traffic from the edge to the load balancers that it names', () => {
    expect(linksOf(map, 'traffic')).toEqual(
      expect.arrayContaining(['prod → app@us', 'prod → app@ap', '12 records → app@us', '12 records → app@ap']),
    );
  });

  it('has every stack with its owner and the stacks that it reads', () => {
    const aurora = map.stacks.find(({ stack }) => stack === 'region-us-aurora')!;
    expect(aurora).toMatchObject({ region: 'us', owner: 'platform', reads: ['region-us-vpc', 'region-us-data'] });
    const global = map.stacks.filter(({ region }) => region === null).map(({ stack }) => stack);
    expect(global).toEqual(expect.arrayContaining(['global-data', 'shared-hybrid', 'shared-tgw-link-us-ap']));
    expect(global.every((stack) => !stack.startsWith('region-'))).toBe(true);
  });

  it('finds the node that stands for a resource, by the construct that it is in', () => {
    const homes = homesOf(map);
    const names = new Map(map.nodes.map(({ id, name, region }) => [id, `${name}@${region}`]));
    const home = (stack: string, address: string) => names.get(homes.of(stack, address) ?? '');
    const versioning = 'aws_s3_bucket_versioning.Bucket-documents_Copy-ap_Versioning_E1AC30FC';
    expect(home('global-data', versioning)).toBe('documents-ap@ap');
    expect(home('region-us-alb-asg-app', 'aws_launch_template.Application_Fleets_Blue_Template_904674D8')).toBe(
      'app-blue@us',
    );
    expect(home('region-us-vpc', 'aws_kms_key.Elsewhere')).toBe('vpc@us');
    // Its nodes are in both regions, and none stands for all of it.
    expect(home('global-data', 'aws_kms_key.Elsewhere')).toBeUndefined();
  });

  it('is drawn in docs/estate.svg; "npx platform map --level inspected --output docs/estate.svg" writes it', () => {
    const svg = readFileSync(join(findRoot(__dirname), 'docs', 'estate.svg'), 'utf8');
    // An organisation that has put its own estate there keeps it current by itself.
    const title = /<title>.*?<\/title>/.exec(estateSvg(map))![0];
    if (svg.includes(title)) expect(svg === estateSvg(map)).toBe(true);
    else expect(svg).toContain('<title>Estate of ');
  });
});

describe('the picture', () => {
  it('has each stack of a grown estate, and no box across another', async () => {
    const root = workspace();
    await growInPlace(root, { vpcs: 12 });
    const map = mapEstate({ root, environment: 'prod' });
    const svg = estateSvg(map);
    const homes = homesOf(map);
    for (const { stack } of map.stacks) expect(svg).toContain(`data-id="${homes.main(stack) ?? tileId(stack)}"`);
    expect(map.nodes.filter(({ kind }) => kind === 'vpc')).toHaveLength(15);
    expect(linksOf(map, 'peering')).toHaveLength(3);
    expect(overlaps(svg)).toEqual([]);
  });

  it('has no on-premises network where the settings have none', () => {
    const map = mapEstate({ root: workspace(), environment: 'staging' });
    const without = {
      ...map,
      nodes: map.nodes.filter(({ kind }) => kind !== 'on-premises' && kind !== 'direct-connect'),
    };
    expect(estateSvg(map)).toContain('OUTSIDE');
    expect(estateSvg(without)).not.toContain('OUTSIDE');
  });

  it('is the same for the same estate in another order', () => {
    const map = mapEstate({ root: workspace(), environment: 'prod' });
    const turned = {
      ...map,
      stacks: [...map.stacks].reverse(),
      nodes: [...map.nodes].reverse(),
      links: [...map.links].reverse(),
    };
    expect(estateSvg(turned) === estateSvg(map)).toBe(true);
  });

  it('shows names as text, whatever they contain', () => {
    const name = '</text><script>alert(1)</script>&"\'\u0001';
    const map: EstateMap = {
      organisation: name,
      environment: name,
      level: null,
      mode: null,
      regions: [{ key: 'us', awsRegion: name, role: null, home: false }],
      stacks: [{ stack: name, project: name, region: 'us', owner: name, account: null, reads: [], resources: 1 }],
      nodes: [],
      links: [],
    };
    expect(estateSvg(map)).not.toContain('<script');
    expect(estateSvg(map)).not.toContain('\u0001');
  });
});

interface Box {
  readonly id: string;
  readonly x: number;
  readonly y: number;
  readonly w: number;
  readonly h: number;
}

/** Pairs of boxes that meet without one being inside the other. */
function overlaps(svg: string): string[] {
  const boxes = [
    ...svg.matchAll(
      /data-id="([^"]*)".*?<rect class="box" x="([\d.]+)" y="([\d.]+)" width="([\d.]+)" height="([\d.]+)"/g,
    ),
  ].map(([, id, ...numbers]): Box => {
    const [x, y, w, h] = numbers.map(Number) as [number, number, number, number];
    return { id: id!, x, y, w, h };
  });
  const meets = (a: Box, b: Box) => a.x < b.x + b.w && b.x < a.x + a.w && a.y < b.y + b.h && b.y < a.y + a.h;
  const holds = (a: Box, b: Box) => a.x <= b.x && a.y <= b.y && a.x + a.w >= b.x + b.w && a.y + a.h >= b.y + b.h;
  return boxes.flatMap((a, index) =>
    boxes.slice(index + 1).flatMap((b) => (meets(a, b) && !holds(a, b) && !holds(b, a) ? [`${a.id} and ${b.id}`] : [])),
  );
}
