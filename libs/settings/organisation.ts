import { accessSchema } from './access';
import { adoptionLevels, modes } from './adoption';
import { alarmRecipientsSchema } from './alarm-recipients';
import { applicationsSchema } from './application';
import { dataStoresSchema } from './data-stores';
import { dnsSchema } from './dns';
import { edgeSchema } from './edge';
import { fill } from './effective';
import { guardrailsSchema } from './guardrails';
import { externalAttachmentSchema } from './external-attachments';
import { flowLogsSchema } from './flow-logs';
import { firewallSchema } from './firewall';
import { onPremisesSchema } from './hybrid';
import { inspectionSchema } from './inspection';
import { objectivesSchema } from './objectives';
import type { Problem } from './problem';
import { observabilitySchema } from './observability';
import { ownersSchema } from './owners';
import { privateLinkSchema } from './private-link';
import { renamedInOrganisation, withPresentNames } from './renamed';
import { rolloutSchema } from './rollout';
import {
  byDefault,
  byProfile,
  list,
  named,
  oneOf,
  profiles,
  section,
  text,
  type Settings,
  type Written,
} from './schema';
import { segmentSchema } from './segments';
import { environmentsOf, inSettings, repeated, type SettingsInput } from './settings-input';
import { stateSchema } from './state';
import { trafficControlSchema } from './traffic-control';

/**
 * Which account owns what in AWS: every stack runs in exactly one of these accounts.
 *
 * - `network`: VPCs, Transit Gateways, Direct Connect, Resolver, endpoints, inspection; it shares the VPC subnets
 * - `workload`: load balancers, instances, databases, caches, buckets of the application
 * - `edge`: public zone, records, accelerator, distributions, dashboards
 * - `management`: Terraform state, budgets, organisation-wide rules
 */
export const accountRoles = ['network', 'workload', 'edge', 'management'] as const;
export type AccountRole = (typeof accountRoles)[number];

/**
 * Layout of NAT gateways: `per-zone` survives the loss of a zone, `single` costs a third, `none` gives no internet
 * access.
 */
export const natLayouts = ['per-zone', 'single', 'none'] as const;
/** One of {@link natLayouts}. */
export type NatLayout = (typeof natLayouts)[number];

const account = (is: string) =>
  text({
    is,
    limits: '12 digits, in quotes',
    replaces: 'everything in the account: stacks are deployed anew into the other',
  });

export const environmentSchema = section('One environment, by its name. The code is the same for all of them.', {
  profile: oneOf(profiles, {
    is: 'Defaults that apply: `production` keeps and protects, `development` is small and disposable. Left out: `production`.',
    applies: 'next deploy of the stacks whose settings differ',
  }).exactOptional(),
  domain: text({
    is: 'Public DNS name of the environment, such as `example.com` or `staging.example.com`.',
    limits: 'another one in every environment',
    applies: 'next deploy of every stack; clients must learn the new name',
    replaces: 'the public zone, certificates and records',
  }),
  segment: text({
    is: "Segment of the environment's own VPCs; a key of `segments`.",
    applies: 'next deploy of `shared/tgw`',
  }),
  accounts: section(
    { is: 'AWS account ids by role; one id may have several roles.', applies: 'next deploy of every stack' },
    {
      network: account('VPCs, Transit Gateways, Direct Connect, Resolver, endpoints, inspection.'),
      workload: account('Load balancers, instances, databases, caches, buckets of the application.'),
      edge: account('Public zone, records, accelerator, distributions, dashboards.'),
      management: account('Terraform state.'),
    },
  ),
  level: oneOf(adoptionLevels, {
    is: 'How much of the architecture is on. Each level includes the ones before it. `docs/levels.md` lists what each adds.',
    applies: 'next deploy of every stack, one level at a time',
  }),
  mode: oneOf(modes, {
    is: '`active-passive`: one region takes traffic. `active-active`: all of them do.',
    applies: 'next deploy of every stack',
  }),
  natGateways: byProfile(
    oneOf(natLayouts, {
      is: '`per-zone` survives the loss of a zone, `single` costs a third, `none` leaves subnets without a route to the internet.',
      applies: 'next deploy of `region-*/vpc`',
    }),
    { production: 'per-zone', development: 'single' },
  ),
  access: accessSchema.prefault({}),
  state: stateSchema.prefault({}),
  rollout: rolloutSchema.prefault({}),
  alarmRecipients: alarmRecipientsSchema.exactOptional(),
  observability: observabilitySchema.prefault({}),
  dns: dnsSchema.prefault({}),
  privateLink: privateLinkSchema.prefault({}),
  flowLogs: flowLogsSchema.prefault({}),
  externalAttachments: list(
    {
      is: "VPCs of other accounts that are attached to the environment's Transit Gateways. Left out: none.",
      applies: 'next deploy of `shared/tgw`',
    },
    externalAttachmentSchema,
  ).exactOptional(),
  edge: edgeSchema.prefault({}),
  firewall: firewallSchema.prefault({}),
  trafficControl: trafficControlSchema.prefault({}),
  guardrails: guardrailsSchema.prefault({}),
  dataStores: dataStoresSchema,
  applications: applicationsSchema,
  inspection: inspectionSchema.prefault({}),
  objectives: objectivesSchema.prefault({}),
});

export const organisationSchema = section('', {
  organisation: text({
    is: 'Name of the organisation: names of global resources such as buckets begin with it.',
    limits: '3–20 lower-case letters, digits or single hyphens, a letter first and no hyphen last',
    applies: 'next deploy of every stack',
    replaces: 'every bucket, that of the Terraform states included',
  }),
  githubOrganisation: text({
    is: 'Organisation on GitHub: owners are written as `@<githubOrganisation>/<team>` into `CODEOWNERS`. Left out: `organisation`.',
    applies: 'next `npx platform owners`',
  }).exactOptional(),
  costCentre: text({ is: 'Value of the tag `CostCentre` on every resource.', applies: 'next deploy of every stack' }),
  home: text({
    is: 'Key of the region whose bucket holds the states of global stacks; `docs/runbooks/move-home-region.md` changes it.',
    applies: 'after `npx platform state switch-home`',
  }),
  deployRole: byDefault(
    text({ is: 'IAM role that Terraform assumes in the account of a stack.', applies: 'next plan' }),
    'platform-deploy',
  ),
  planRole: byDefault(
    text({
      is: 'IAM role that reads what Terraform reads, and changes nothing: `--role <planRole>` assumes it.',
      applies: '`npx platform bootstrap`',
    }),
    'platform-plan',
  ),
  environments: named('The first one is the default of every command.', environmentSchema),
  segments: named('Routing segments of the Transit Gateways, by name.', segmentSchema),
  onPremises: onPremisesSchema.exactOptional(),
  owners: ownersSchema,
});

/** The settings of one environment, complete with defaults. */
export type EnvironmentSettings = Settings<typeof environmentSchema>;
/** One environment as people write it. */
export type EnvironmentInput = Written<typeof environmentSchema>;
/** The settings of the organisation, complete with defaults, for stacks and tools. */
export type OrganisationSettings = Settings<typeof organisationSchema>;
/** The settings of the organisation as people write them: the type of the value in `infra.config.ts`. */
export type OrganisationInput = Written<typeof organisationSchema>;

const writtenKey = Symbol.for('platform.settings.written');

/**
 * Completes the settings of `infra.config.ts` with the defaults of the schema and of each environment's profile.
 * `docs/settings.md` lists them all. Objects are merged and lists replaced. An optional setting has no default: omit it
 * to have none, write `{}` to have it with the defaults of its parts. Checks nothing: commands report all problems of
 * the settings in one message.
 */
export function defineOrganisation<const Name extends string>(
  written: Omit<OrganisationInput, 'environments'> & {
    readonly environments: Readonly<Record<Name, EnvironmentInput>>;
  },
): Omit<OrganisationSettings, 'environments'> & {
  readonly environments: Readonly<Record<Name, EnvironmentSettings>>;
} {
  const effective = fill(organisationSchema, withPresentNames(written, renamedInOrganisation), 'production');
  if (typeof effective === 'object' && effective !== null) {
    Object.defineProperty(effective, writtenKey, { value: written });
  }
  return effective as never;
}

/**
 * The settings that people wrote, before {@link defineOrganisation} completed them; undefined for settings that were
 * changed afterwards.
 */
export function writtenOf(settings: OrganisationSettings): OrganisationInput | undefined {
  return (settings as { readonly [writtenKey]?: OrganisationInput })[writtenKey];
}

/** Names that are used in AWS: in buckets, roles and tags. */
export function checkOrganisation(input: SettingsInput): Problem[] {
  const { organisation, githubOrganisation, costCentre, home, deployRole, planRole, environments } = input.settings;
  const keys = input.regions.map(({ key }) => key);
  const problems: Problem[] = [];
  // Bucket names have 63 characters for organisation, environment, purpose and region together (S3 user guide, bucket
  // naming rules).
  if (!/^[a-z][a-z0-9-]{1,18}[a-z0-9]$/.test(organisation) || organisation.includes('--')) {
    problems.push({
      where: inSettings(input, 'organisation'),
      what: `"${organisation}" cannot be part of bucket names`,
      remedy: 'use 3–20 lower-case letters, digits or single hyphens, a letter first and no hyphen last',
    });
  }
  // GitHub: letters, digits and single hyphens, 39 characters at most, no hyphen first or last.
  if (
    githubOrganisation !== undefined &&
    !/^(?!.*--)[A-Za-z0-9][A-Za-z0-9-]{0,37}[A-Za-z0-9]$|^[A-Za-z0-9]$/.test(githubOrganisation)
  ) {
    problems.push({
      where: inSettings(input, 'githubOrganisation'),
      what: `"${githubOrganisation}" is not a name of an organisation on GitHub`,
      remedy: 'use 1–39 letters, digits or single hyphens, without @',
    });
  }
  if (!/^[\p{L}\p{N} _.:/=+\-@]{1,256}$/u.test(costCentre)) {
    problems.push({
      where: inSettings(input, 'costCentre'),
      what: `"${costCentre}" is not a tag value`,
      remedy: 'use 1–256 letters, digits, spaces or _ . : / = + - @',
    });
  }
  for (const [setting, role] of Object.entries({ deployRole, planRole })) {
    if (/^[\w+=,.@-]{1,64}$/.test(role)) continue;
    problems.push({
      where: inSettings(input, setting),
      what: `"${role}" is not a name of an IAM role`,
      remedy: 'give the name, not the ARN: 1–64 letters, digits or _ + = , . @ -',
    });
  }
  // IAM compares names of roles without case (IAM API reference, CreateRole).
  if (typeof deployRole === 'string' && deployRole.toLowerCase() === planRole.toLowerCase()) {
    problems.push({
      where: inSettings(input, 'planRole'),
      what: `"${planRole}" is the deployRole too`,
      remedy: 'use two roles: one of them only reads',
    });
  }
  if (!keys.includes(home)) {
    problems.push({
      where: inSettings(input, 'home'),
      what: `there is no region "${home}"`,
      remedy: `use one of ${keys.join(', ')}`,
    });
  } else if (Object.hasOwn(input, 'homeOfStacks') && input.homeOfStacks !== home) {
    problems.push({
      where: inSettings(input, 'home'),
      what: `"${home}" is not the region of global/home.ts, ${input.homeOfStacks ?? 'which exports none'}`,
      remedy: 'change both with npx platform state switch-home, which moves the states of global stacks',
    });
  }
  if (Object.keys(environments).length === 0) {
    problems.push({
      where: inSettings(input, 'environments'),
      what: 'there are none',
      remedy: 'add one, for example prod',
    });
  }
  return problems;
}

/** Settings of each environment: names, domain, accounts, segment, retention. */
export function checkEnvironments(input: SettingsInput): Problem[] {
  const environments = environmentsOf(input);
  const segments = Object.keys(input.settings.segments);
  const problems: Problem[] = [];
  for (const [name, environment] of environments) {
    const at = (path: string) => inSettings(input, `environments.${name}${path}`);
    // Names of load balancers and target groups have at most 32 characters, and begin with the environment.
    if (!/^[a-z][a-z0-9-]{0,10}[a-z0-9]$/.test(name)) {
      problems.push({
        where: at(''),
        what: `"${name}" cannot be part of resource names`,
        remedy: 'use 2–12 lower-case letters, digits or hyphens, a letter first',
      });
    }
    if (!isDomain(environment.domain)) {
      problems.push({
        where: at('.domain'),
        what: `"${environment.domain}" is not a domain name`,
        remedy: 'write it in lower case with at least one dot and no dot at the end, such as example.com',
      });
    } else if (privateTopLevels.includes(environment.domain.split('.').at(-1)!)) {
      problems.push({
        where: at('.domain'),
        what: `"${environment.domain}" cannot be delegated: its top level is not in the public DNS`,
        remedy: 'use a domain that is registered, for ACM to issue certificates and clients to find it',
      });
    }
    for (const [role, id] of Object.entries(environment.accounts)) {
      if (!/^\d{12}$/.test(id)) {
        problems.push({
          where: at(`.accounts.${role}`),
          what: `"${id}" is not an AWS account id`,
          remedy: 'write its 12 digits as a text in quotes, leading zeros included',
        });
      }
    }
    if (!segments.includes(environment.segment)) {
      problems.push({
        where: at('.segment'),
        what: `there is no segment "${environment.segment}"`,
        remedy: `use one of ${segments.join(', ')}`,
      });
    }
  }
  for (const [[name, { domain }], [first]] of repeated(environments, ([, environment]) => environment.domain)) {
    problems.push({
      where: inSettings(input, `environments.${name}.domain`),
      what: `"${domain}" is the domain of ${first} already`,
      remedy: `give each environment its own, such as ${name}.${domain}`,
    });
  }
  return problems;
}

/**
 * Top levels that are never delegated: RFC 6761, 6762, 7686, 9476, and `internal`
 * (https://www.icann.org/en/board-activities-and-meetings/materials/approved-resolutions-special-meeting-of-the-icann-board-29-07-2024-en).
 * Those of documentation are examples, which plans for AWS refuse.
 */
const privateTopLevels = ['local', 'localhost', 'internal', 'onion', 'alt', 'lan', 'home', 'corp', 'mail'];

/** RFC 1035 labels of 1–63 characters, 253 in all, and a top level that is not a number. */
function isDomain(text: string): boolean {
  const labels = text.split('.');
  return (
    text.length <= 253 &&
    labels.length >= 2 &&
    labels.every((label) => /^[a-z0-9]([a-z0-9-]{0,61}[a-z0-9])?$/.test(label)) &&
    /[a-z]/.test(labels.at(-1)!)
  );
}
