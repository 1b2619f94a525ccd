import { z } from 'zod';
import { adoptionLevels } from './adoption';
import type { Difference } from './differences';
import { modes, natLayouts } from './organisation';
import type {
  EnvironmentSettings,
  ExternalAttachment,
  OnPremisesSettings,
  OrganisationSettings,
  SegmentSettings,
} from './organisation';
import type { Problem } from './problem';
import type { EdgeSources, RegionSettings, VpcSettings } from './region';
import { shapeOf } from './shape';
import { dnsShape, forwardedDomainShape } from './shape-dns';
import { hybridShape } from './shape-hybrid';
import { privateLinkShape } from './shape-private-link';
import { rolloutShape } from './shape-rollout';
import { stateShape } from './shape-state';
import { dataStoresShape } from './shape-data-stores';
import { applicationShape } from './shape-application';
import { edgeShape } from './shape-edge';
import { inspectionShape } from './shape-inspection';
import { inRegion, inSettings, type SettingsInput } from './settings-input';

const textByName = z.record(z.string(), z.string());

const environmentShape = shapeOf<EnvironmentSettings>({
  domain: z.string(),
  segment: z.string(),
  accounts: shapeOf<EnvironmentSettings['accounts']>({
    network: z.string(),
    workload: z.string(),
    edge: z.string(),
    management: z.string(),
  }),
  level: z.enum(adoptionLevels),
  mode: z.enum(modes),
  natGateways: z.enum(natLayouts),
  flowLogRetentionDays: z.number(),
  externalAttachments: z
    .array(
      shapeOf<ExternalAttachment>({
        name: z.string(),
        account: z.string(),
        region: z.string(),
        segment: z.string(),
        cidr: z.string(),
        attachmentId: z.string().optional(),
      }),
    )
    .optional(),
  edge: edgeShape,
  state: stateShape,
  rollout: rolloutShape,
  dns: dnsShape,
  privateLink: privateLinkShape,
  dataStores: dataStoresShape,
  application: applicationShape,
  inspection: inspectionShape,
});

const organisationShape = shapeOf<OrganisationSettings>({
  organisation: z.string(),
  costCentre: z.string(),
  home: z.string(),
  deployRole: z.string(),
  environments: z.record(z.string(), environmentShape),
  segments: z.record(z.string(), shapeOf<SegmentSettings>({ reaches: z.array(z.string()) })),
  onPremises: shapeOf<OnPremisesSettings>({
    cidrs: z.array(z.string()),
    domains: z.array(forwardedDomainShape).optional(),
    connectivity: z.record(z.string(), hybridShape).optional(),
  }).optional(),
  owners: textByName,
});

const regionShape = shapeOf<RegionSettings>({
  key: z.string(),
  awsRegion: z.string(),
  standing: z.enum(['primary', 'standby']),
  failsOverTo: z.string(),
  zones: z.array(z.string()),
  asn: z.number(),
  cidrs: textByName,
  inspectionCidrs: textByName,
  edgeSources: shapeOf<EdgeSources>({
    distributions: z.string(),
    healthCheckers: z.string(),
    accelerator: textByName,
  }),
  managedDomainLists: textByName.optional(),
  vpcs: z.record(z.string(), shapeOf<VpcSettings>({ segment: z.string().optional(), cidrs: textByName })),
  differences: z
    .record(
      z.string(),
      shapeOf<Difference>({ here: z.enum(['added', 'omitted']), reason: z.string(), owner: z.string() }),
    )
    .optional(),
});

/** Keys and JSON types, for settings that went around TypeScript: a cast, a JavaScript file, a generated one. */
export function checkShape(input: SettingsInput): Problem[] {
  return [
    ...problemsOf(organisationShape, input.settings, (path) => inSettings(input, path)),
    ...input.regions.flatMap((region) => problemsOf(regionShape, region, (path) => inRegion(input, region, path))),
  ];
}

function problemsOf(shape: z.ZodType, value: unknown, where: (path: string) => string): Problem[] {
  const issues = shape.safeParse(value).error?.issues ?? [];
  return [
    ...issues.flatMap((issue) => describe(issue, value, where)),
    ...inheritedValues(value, []).map((path) => ({
      where: where(path.join('.') || 'default export'),
      what: 'takes values from a prototype, which checks and stacks do not see alike',
      remedy: 'write them as keys of a plain object',
    })),
  ];
}

function describe(issue: z.core.$ZodIssue, value: unknown, where: (path: string) => string): Problem[] {
  const path = issue.path.map(String);
  const given = path.reduce<unknown>((inside, key) => (inside as Record<string, unknown> | undefined)?.[key], value);
  const at = where(path.join('.') || 'default export');
  switch (issue.code) {
    case 'unrecognized_keys':
      return issue.keys.map((key) => ({
        where: where([...path, key].join('.')),
        what: 'there is no such setting',
        remedy: 'remove it, or correct its name',
      }));
    case 'invalid_value': {
      const what = given === undefined ? 'is missing' : `there is no ${show(given)}`;
      return [{ where: at, what, remedy: `use one of ${issue.values.map(String).join(', ')}` }];
    }
    default: {
      const expected =
        issue.code === 'invalid_type' ? (typeWords[issue.expected] ?? issue.expected) : 'a value of another type';
      return given === undefined
        ? [{ where: at, what: 'is missing', remedy: `add it: ${expected}` }]
        : [{ where: at, what: `${show(given)} is not ${expected}`, remedy: `write ${expected}` }];
    }
  }
}

const typeWords: Readonly<Record<string, string>> = {
  string: 'a text in quotes',
  number: 'a number',
  array: 'a list',
  object: 'an object',
  record: 'an object',
};

function show(value: unknown): string {
  const text = JSON.stringify(value) ?? String(value);
  return text.length > 60 ? `${text.slice(0, 57)}...` : text;
}

/** Paths of the objects that are neither plain objects nor lists. Their prototype decides, in whatever realm they were made. */
function inheritedValues(value: unknown, path: readonly string[]): (readonly string[])[] {
  if (typeof value !== 'object' || value === null) return [];
  const prototype: unknown = Object.getPrototypeOf(value);
  const plain = Array.isArray(value) || prototype === null || Object.getPrototypeOf(prototype) === null;
  return [
    ...(plain ? [] : [path]),
    ...Object.entries(value).flatMap(([key, inside]) => inheritedValues(inside, [...path, key])),
  ];
}
