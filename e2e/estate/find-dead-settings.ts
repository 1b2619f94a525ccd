import { App, type TerraformStack } from 'cdktf';
import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import type { AdoptionLevel, Mode } from '@platform/libs/settings/adoption';
import { checkSettings } from '@platform/libs/settings/check-settings';
import { selectEnvironment } from '@platform/libs/settings/environment';
import type { EnvironmentSettings, OrganisationSettings } from '@platform/libs/settings/organisation';
import type { RegionSettings } from '@platform/libs/settings/region';
import { findFolders } from '@platform/tools/workspace/stack-folders';
import { loadEstate } from '@platform/tools/workspace/load-estate';

/*
 * A program that prints which settings are dead, as JSON. Every leaf of the settings of the workspace that it runs in gets
 * another value, one at a time, and has to change some byte of what is synthesised. The first project that differs settles
 * it, so that the whole estate is built for dead ones only. A process of its own: inside Jest it takes far longer.
 */

const root = process.cwd();
const estate = loadEstate(root);
const folders = findFolders(root);
const folder = mkdtempSync(join(tmpdir(), 'dead settings-'));
process.on('exit', () => rmSync(folder, { recursive: true, force: true }));

/** Settings that change no byte, by the beginning of their path, and what they are for. */
const excused: Readonly<Record<string, string>> = {
  'prod.applications.app.capacity.degradedMode': 'is a statement for people',
  'prod.objectives': 'what the review compares the estate with; no stack knows of objectives',
  'prod.applications.app.processor':
    'is what images and instance types are checked against; containers are made for it',
  'prod.rollout': 'what a rollout looks at and waits for between two regions; no stack knows of rollouts',
  'organisation.deployRole': 'is assumed by the override of a live target, and previews assume nothing',
  'prod.profile': 'chooses defaults, which are settings of their own',
  'organisation.githubOrganisation': 'stands in CODEOWNERS only',
  'prod.level': 'levels are tried by themselves',
  'prod.mode': 'modes are tried by themselves',
  'us.key': 'names a folder, which would have to be there',
  'ap.key': 'names a folder, which would have to be there',
  'organisation.owners.libs': 'owners of folders without stacks stand in CODEOWNERS only',
  'organisation.owners.tools': 'as those of libs',
  'organisation.owners.docs': 'as those of libs',
  'organisation.owners.e2e': 'as those of libs',
  'organisation.owners.gamedays': 'as those of libs',
  'organisation.segments.shared.reaches.0': 'nobody is in that segment, so that nobody of it reaches another',
};

/** Which projects show a setting; all others are asked after them. */
const likely: readonly (readonly [path: RegExp, projects: RegExp])[] = [
  [/^prod\.edge\.(zone|healthCheck)/, /^global\/(zone|route53)$|us\/alb-asg-app$/],
  [/^prod\.edge\.accelerator/, /^global\/ga$/],
  [/^prod\.trafficControl/, /^region-us\/traffic-control$/],
  [/^prod\.guardrails/, /^global\/guardrails$/],
  [/^prod\.observability/, /^(shared\/tgw|region-us\/(certificate|alb-asg-app|cloudfront))$/],
  [/^prod\.firewall/, /^region-us\/(cloudfront|alb-asg-app)$/],
  [/^prod\.edge/, /^(region-us\/cloudfront|global\/ga)$/],
  [/^prod\.dataStores\.cache/, /^region-us\/cache$/],
  [/^prod\.dataStores\.(database|cache)/, /^(region-us\/(aurora|cache)|global\/data|region-ap\/aurora)$/],
  [/^prod\.alarmRecipients/, /^(global\/data|region-us\/(alb-asg-app|cloudfront)|shared\/security\/gwlb)$/],
  [/^prod\.dataStores/, /^global\/data$/],
  [/^prod\.applications\.\w+\.capacity\.standby/, /^region-ap\/alb-asg-app$/],
  [/^prod\.applications/, /^region-us\/alb-asg-app$/],
  [/^organisation\.home/, /^global\//],
  [/^prod\.domain/, /^global\/zone$/],
  [/^prod\.externalAttachments/, /^shared\/tgw$/],
  [/\.inspectionCidrs/, /gwlb$/],
  [/^prod\.inspection/, /gwlb$/],
  [/^prod\.privateLink\.readableBuckets/, /us\/vpc$/],
  [/^prod\.privateLink/, /privatelink$/],
  [/^prod\.dns/, /resolver$/],
  [/^prod\.state/, /^global\/state$/],
  [/^organisation\.onPremises/, /^shared\/(hybrid|resolver|tgw)$/],
  [/^organisation\.segments/, /^shared\/tgw$/],
  [/^(us|ap)\.(edge|failsOver|role)/, /(alb-asg-app|cloudfront|route53)$/],
  [/^(us|ap)\.maintenance/, /(aurora|cache)$/],
  [/^(us|ap)\.managed/, /resolver$/],
  [/./, /\/vpc$/],
  [/./, /^shared\/tgw$/],
];

const settings = structuredClone(withEverything(estate.settings)) as OrganisationSettings;
const combinations: readonly (readonly [environment: string, AdoptionLevel, Mode])[] = [
  ['prod', 'inspected', 'active-active'],
  ['prod', 'standby', 'active-passive'],
  ['prod', 'origin-failover', 'active-passive'],
  ['prod', 'local-reads', 'active-passive'],
  // For the segments that only it is in.
  ['staging', 'inspected', 'active-active'],
];

/** Everything that the example leaves out, so that it is looked at too. */
function withEverything({ environments, ...organisation }: OrganisationSettings): OrganisationSettings {
  const prod = environments['prod']!;
  const everything: EnvironmentSettings = {
    ...prod,
    firewall: {
      ...prod.firewall,
      common: { mode: 'block', version: 'Version_1.13', rules: { SizeRestrictions_BODY: 'count' } },
    },
    alarmRecipients: { ...prod.alarmRecipients, platform: { email: ['a@acme.io'], https: ['https://pager.acme.io'] } },
    externalAttachments: [
      {
        name: 'acme',
        account: '999999999999',
        region: 'us',
        segment: 'partner',
        cidr: '10.200.0.0/16',
        attachmentId: 'tgw-attach-0123456789abcdef0',
      },
    ],
    privateLink: {
      ...prod.privateLink,
      offer: { allowedPrincipals: ['arn:aws:iam::999999999999:root'] },
      readableBuckets: ['acme-packages'],
      partners: {
        acme: {
          serviceNames: { us: 'com.amazonaws.vpce.us-east-1.vpce-svc-0123456789abcdef0' },
          ports: [443],
          privateDns: 'on',
        },
      },
    },
    edge: { ...prod.edge, accelerator: { ...prod.edge.accelerator, dialLimitPercent: { us: 60 } } },
    dataStores: {
      ...prod.dataStores,
      backups: {
        ...prod.dataStores.backups,
        lock: { mode: 'compliance', minRetentionDays: 7, maxRetentionDays: 365, changeableDays: 30 },
      },
      cache: {
        writers: 'per-region',
        objective: { rpo: 'everything', rtoSec: 0 },
        engine: 'valkey',
        engineVersion: '8.0',
        nodeType: 'cache.r7g.large',
        replicas: 1,
        snapshotRetentionDays: 1,
        snapshotWindow: '03:00-04:00',
      },
    },
    applications: {
      app: {
        ...prod.applications['app']!,
        capacity: { ...prod.applications['app']!.capacity, degradedMode: 'slow for minutes' },
        networkBalancer: {
          listeners: { tls: { protocol: 'TCP', port: 443, targetPort: 8443 } },
          addresses: { us: ['10.0.0.10', '10.0.16.10', '10.0.32.10'] },
        },
      },
    },
  };
  return { ...organisation, environments: { ...environments, prod: everything } };
}

/** What the program prints. */
export interface DeadSettings {
  /** How many settings there are. */
  readonly leaves: number;
  /** Paths of those that change nothing. */
  readonly dead: readonly string[];
  /** Excuses for settings that are not there. */
  readonly unusedExcuses: readonly string[];
}

type Tree = Record<string, unknown>;

/** What a leaf is part of: changed in place, because stacks import their region. */
interface Leaf {
  readonly path: string;
  readonly parent: Tree;
  readonly name: string;
}

function leavesOf(tree: Tree, path: string): Leaf[] {
  return Object.entries(tree).flatMap(([name, value]) =>
    typeof value === 'object' && value !== null
      ? leavesOf(value as Tree, `${path}.${name}`)
      : [{ path: `${path}.${name}`, parent: tree, name }],
  );
}

const regions = estate.regions as readonly RegionSettings[];
const leaves = [
  ...leavesOf(settings.environments['prod'] as unknown as Tree, 'prod'),
  ...leavesOf(settings as unknown as Tree, 'organisation').filter(({ path }) => !path.includes('.environments.')),
  ...regions.flatMap((region) => leavesOf(region as unknown as Tree, region.key)),
  // Those of other environments say nothing in this one.
].filter(({ path }) => !path.split('.').includes('staging'));

const text = (project: string, [name, level, mode]: (typeof combinations)[number]): string => {
  const app = new App({ outdir: folder, stackTraces: false });
  const environment = selectEnvironment(settings, name, { level, mode });
  for (const build of estate.projects.get(project)!) build(app, environment);
  return app.node.children
    .map((child) => {
      (child as TerraformStack).prepareStack();
      return JSON.stringify((child as TerraformStack).toTerraform());
    })
    .join('\n');
};

const before = new Map<string, string>();
const textBefore = (project: string, combination: (typeof combinations)[number]): string => {
  const key = `${project} ${combination.join()}`;
  if (!before.has(key)) before.set(key, text(project, combination));
  return before.get(key)!;
};

/** Other values for a leaf, of its kind. */
function others({ path, parent, name }: Leaf): unknown[] {
  const value = parent[name];
  if (typeof value === 'number') return [value + 1];
  const words = alternatives({ path, parent, name });
  if (words.length > 0) return words;
  const given = String(value);
  if (/^\d+\.\d+\.\d+\.\d+\/\d+$/.test(given))
    return [given.replace(/\/\d+$/, (length) => `/${Number(length.slice(1)) + 1}`)];
  return [given.replace(/[a-z0-9](?=[^a-z0-9]*$)/i, (last) => (last === '9' ? '8' : '9'))];
}

/** The other words that the shape of the settings lets stand there; none where it lets any text. */
function alternatives({ path, parent, name }: Leaf): string[] {
  const value = parent[name];
  parent[name] = 'no such word';
  const where = path.replace(/^[^.]+\./, '');
  const problems = checkSettings({ settings, regions, folders }).filter((problem) => problem.where.endsWith(where));
  parent[name] = value;
  const listed = problems.find(({ what }) => what.startsWith('there is no "no such word"'))?.remedy;
  return (listed?.replace('use one of ', '').split(', ') ?? []).filter(
    (word) => word !== value && /^[\w.-]+$/.test(word),
  );
}

/** Whether some project is another one, or cannot be built, with a value. */
function shows(leaf: Leaf): boolean {
  const { path, parent, name } = leaf;
  const value = parent[name];
  const hints = likely.filter(([pattern]) => pattern.test(path)).map(([, projects]) => projects);
  const owned = /^organisation\.owners\.(.+)$/.exec(path)?.[1];
  if (owned) hints.unshift(new RegExp(`^${owned}(/|$)`));
  const rank = (project: string) =>
    (hints.findIndex((hint) => hint.test(project)) + hints.length + 1) % (hints.length + 1);
  const ranked = [...estate.projects.keys()].sort((a, b) => rank(a) - rank(b));
  return others(leaf).some((other) =>
    ranked.some((project) =>
      combinations.some((combination) => {
        const was = textBefore(project, combination);
        parent[name] = other;
        try {
          return text(project, combination) !== was;
        } catch {
          return true;
        } finally {
          parent[name] = value;
        }
      }),
    ),
  );
}

const excuse = ({ path }: Leaf) => Object.keys(excused).find((start) => path === start || path.startsWith(`${start}.`));
const used = new Set(leaves.map(excuse));
const found: DeadSettings = {
  leaves: leaves.length,
  dead: leaves.filter((leaf) => !excuse(leaf) && !shows(leaf)).map(({ path }) => path),
  unusedExcuses: Object.keys(excused).filter((start) => !used.has(start)),
};
process.stdout.write(JSON.stringify(found));
