import { gzipSync } from 'node:zlib';
import type { Environment } from '@platform/libs/settings/environment';
import type { Problem } from '@platform/libs/settings/problem';
import type { RegionSettings } from '@platform/libs/settings/region';
import { requiredTags, type StackDescription } from '@platform/libs/stack/estate-stack';
import {
  documentLimits,
  groupDescription,
  inlinePolicies,
  nameLimits,
  tagLimits,
  tagPattern,
  userDataBytes,
} from '@platform/tools/model/aws-limits';
import type { Configuration } from '@platform/tools/model/configuration';
import { addressOf, placedResources, type PlacedResource } from '@platform/tools/model/placed-resources';
import { listBehind, settingsBehind } from './settings-behind';

/** What a stack is synthesised to, before it is written. */
export interface StackConfiguration {
  readonly stack: Pick<StackDescription, 'stack' | 'account' | 'awsRegion' | 'aliases'>;
  readonly configuration: Configuration & { readonly locals?: Readonly<Record<string, unknown>> };
  readonly environment: Environment;
}

interface Resource extends PlacedResource {
  readonly environment: Environment;
}

/**
 * What AWS would refuse of the resources of stacks: names that are too long, have characters or beginnings that it does not take, or are
 * there already; policies, user data and tags over their size. What is known after the apply only is not looked at. The
 * settings that the value was made of are named, and stack, address and argument with them.
 * @param others stacks of other environments in the same accounts, whose names must differ
 */
export function checkConfigurations(
  configurations: readonly StackConfiguration[],
  regions: readonly RegionSettings[],
  others: readonly StackConfiguration[] = [],
): Problem[] {
  const resources = configurations.flatMap(resourcesOf);
  const outputs = new Map(configurations.map(({ stack, configuration }) => [stack.stack, configuration.output ?? {}]));
  return [
    ...checkNames(resources, regions, others.flatMap(resourcesOf)),
    ...checkDocuments(resources, outputs, regions),
    ...checkUserData(configurations, regions),
    ...checkTags(configurations, resources, regions),
    ...configurations.flatMap(checkRequiredTags),
    ...checkDescriptions(resources, regions),
  ];
}

function resourcesOf(configuration: StackConfiguration): Resource[] {
  const { environment } = configuration;
  return placedResources({ ...configuration, accounts: environment.accounts }).map((resource) => ({
    ...resource,
    environment,
  }));
}

function checkNames(
  resources: readonly Resource[],
  regions: readonly RegionSettings[],
  others: readonly Resource[],
): Problem[] {
  const firsts = new Map(others.flatMap((other) => (uniqueName(other) ? [[uniqueName(other)!, other]] : [])));
  return resources.flatMap((resource) => {
    const { type, body } = resource;
    const limit = nameLimits[type];
    const name = limit && body[limit.argument];
    if (!limit || typeof name !== 'string' || name.includes('${')) return [];
    const { argument, least = 1, most, pattern, words } = limit;
    const report = (what: string, remedy: string): Problem[] => [
      {
        where: settingsBehind(name, resource.environment, regions).join(' and '),
        what: `${argument} of ${addressOf(resource)} is "${name}", ${what}`,
        remedy,
      },
    ];
    if (name.length > most || name.length < least) {
      return report(
        `which has ${name.length} characters`,
        `use ${name.length > most ? `a name that is shorter by ${name.length - most}` : 'a longer name'}: AWS takes ${least} to ${most}`,
      );
    }
    if (!pattern.test(name)) return report('which AWS does not take', `use ${words}`);
    const key = uniqueName(resource);
    if (key === undefined) return [];
    const first = firsts.get(key);
    if (!first) {
      firsts.set(key, resource);
      return [];
    }
    const [mine, others] = [resource, first].map(({ environment }) => settingsBehind(name, environment, regions));
    return [
      {
        where: mine!.join(' and '),
        what: `${argument} of ${addressOf(resource)} is "${name}", which is that of ${addressOf(first)} in ${first.environment.name} too (${others!.join(' and ')})`,
        remedy: 'give one of the two another name',
      },
    ];
  });
}

/** Type and name where no second resource may have it; undefined if names may be the same, or the name is not known yet. */
function uniqueName(resource: Resource): string | undefined {
  const { type, body, account, awsRegion } = resource;
  const limit = nameLimits[type];
  const name = limit && body[limit.argument];
  if (!limit?.unique || typeof name !== 'string' || name.includes('${')) return undefined;
  const place = { world: '', account, region: `${account} ${awsRegion}` }[limit.unique];
  return [type, place, ...(limit.within ?? []).map((each) => valueIn(resource, each)), name].join(' ');
}

/**
 * A value that is equal for two resources if they are in the same place. References to another stack's output are the
 * same in all stacks, those to a resource are of their own stack.
 */
function valueIn({ stack, body, environment }: Resource, argument: string): string {
  const value = JSON.stringify(body[argument] ?? '');
  if (!value.includes('${')) return value;
  return `${environment.name} ${value.includes('${data.terraform_remote_state.') ? '' : stack} ${value}`;
}

type Outputs = NonNullable<Configuration['output']>;

function checkDocuments(
  resources: readonly Resource[],
  outputs: ReadonlyMap<string, Outputs>,
  regions: readonly RegionSettings[],
): Problem[] {
  const report = (resource: Resource, argument: string, text: string, most: number): Problem => {
    const list = listBehind(text, resource.environment);
    return {
      where: list?.where ?? settingsBehind(text, resource.environment, regions).join(' and '),
      what: `${list ? `${list.entries} entries make ` : ''}${argument} of ${addressOf(resource)} ${text.length} characters long`,
      remedy: `use fewer or shorter names: AWS takes ${most}`,
    };
  };
  const inline = new Map<string, { readonly resource: Resource; text: string }>();
  const problems = resources.flatMap((resource) => {
    const { type, body, stack } = resource;
    if (type === 'aws_iam_role_policy' && typeof body['policy'] === 'string') {
      const role = `${stack} ${String(body['role'])}`;
      const policies = inline.get(role) ?? { resource, text: '' };
      policies.text += lengthened(body['policy'], outputs);
      inline.set(role, policies);
    }
    const limit = documentLimits[type];
    const document = limit && body[limit.argument];
    if (!limit || typeof document !== 'string') return [];
    const text = lengthened(document, outputs);
    return text.length > limit.most ? [report(resource, limit.argument, text, limit.most)] : [];
  });
  return [
    ...problems,
    ...[...inline.values()]
      .filter(({ text }) => text.length > inlinePolicies)
      .map(({ resource, text }) => report(resource, 'the inline policies', text, inlinePolicies)),
  ];
}

/** As long as a document will be: what another stack promises and is known stands in the place of its reference, else a typical ARN. */
function lengthened(document: string, outputs: ReadonlyMap<string, Outputs>): string {
  const typical = `arn:aws:kms:ap-northeast-2:000000000000:key/00000000-0000-0000-0000-000000000000`;
  return document
    .replaceAll(
      /\$\{data\.terraform_remote_state\.([\w-]+)\.outputs\.(\w+)(?:\.([\w-]+)|\["([^"]+)"\])?\}/g,
      (_, ...found) => {
        const [stack, field, word, quoted] = found as string[];
        const value = outputs.get(stack!)?.[field!]?.value;
        const key = word ?? quoted;
        const known = key === undefined ? value : (value as Record<string, unknown> | undefined)?.[key];
        return typeof known === 'string' && !known.includes('${') ? known : typical;
      },
    )
    .replaceAll(/\$\{[^}]*\}/g, typical)
    .replaceAll(/\s+/g, '');
}

/** Scripts stand in `locals`, and are compressed by Terraform. */
function checkUserData(configurations: readonly StackConfiguration[], regions: readonly RegionSettings[]): Problem[] {
  return configurations.flatMap(({ stack, configuration, environment }) =>
    Object.entries(configuration.resource?.['aws_launch_template'] ?? {}).flatMap(([name, { user_data: data }]) => {
      if (typeof data !== 'string') return [];
      const local = /^\$\{base64gzip\(local\.([\w-]+)\)\}$/.exec(data)?.[1];
      const script = local === undefined ? undefined : configuration.locals?.[local];
      const bytes =
        typeof script === 'string'
          ? gzipSync(script).length
          : data.includes('${')
            ? 0
            : Buffer.from(data, 'base64').length;
      if (bytes <= userDataBytes) return [];
      const list = listBehind(String(script ?? ''), environment);
      return [
        {
          where: list?.where ?? settingsBehind(name, environment, regions).join(' and '),
          what: `user_data of aws_launch_template.${name} of ${stack.stack} has ${bytes} bytes`,
          remedy: `use fewer or shorter names: EC2 takes ${userDataBytes}`,
        },
      ];
    }),
  );
}

function checkTags(
  configurations: readonly StackConfiguration[],
  resources: readonly Resource[],
  regions: readonly RegionSettings[],
): Problem[] {
  const defaults = configurations.flatMap(({ stack, configuration, environment }) =>
    (configuration.provider?.['aws'] ?? []).flatMap((block) =>
      ((block['default_tags'] ?? []) as { tags?: unknown }[]).map(({ tags }) => ({
        at: `default_tags of ${stack.stack}`,
        tags,
        environment,
      })),
    ),
  );
  const own = resources.map((resource) => ({
    at: `tags of ${addressOf(resource)}`,
    tags: resource.body['tags'],
    environment: resource.environment,
  }));
  const problems = [...defaults, ...own].flatMap(({ at, tags, environment }) =>
    Object.entries((tags ?? {}) as Record<string, unknown>).flatMap(([key, value]) => {
      if (typeof value !== 'string' || value.includes('${')) return [];
      const wrong =
        [key, value].some((text) => /^aws:/i.test(text)) ||
        key.length > tagLimits.keyCharacters ||
        value.length > tagLimits.valueCharacters ||
        ![key, value].every((text) => tagPattern.test(text));
      if (!wrong) return [];
      return [
        {
          where: settingsBehind(value, environment, regions).join(' and '),
          what: `"${value}" is the tag ${key} in ${at}, which AWS does not take`,
          remedy: `use at most ${tagLimits.valueCharacters} letters, digits, spaces and _.:/=+-@, not beginning with aws:`,
        },
      ];
    }),
  );
  // A value of all stacks is one setting.
  return [
    ...new Map(problems.map((problem) => [`${problem.where} ${problem.what.split(' in ')[0]}`, problem])).values(),
  ];
}

/**
 * Resources without the tags of the organisation: those of a provider that sets none, and what AWS launches, which the tags
 * of providers do not reach (`libs/stack/launch-tags.ts`).
 */
function checkRequiredTags({ stack, configuration }: StackConfiguration): Problem[] {
  const blocks = configuration.provider?.['aws'];
  if (!blocks) return [];
  const problem = (what: string, tags: Readonly<Record<string, unknown>>, remedy: string): Problem[] => {
    const missing = requiredTags.filter((key) => !tags[key]);
    return missing.length === 0
      ? []
      : [{ where: `stack ${stack.stack}`, what: `${what} lacks the tags ${missing.join(', ')}`, remedy }];
  };
  return Object.entries(configuration.resource ?? {}).flatMap(([type, resources]) =>
    Object.entries(resources).flatMap(([name, body]) => {
      if (!type.startsWith('aws_')) return [];
      const alias = /^aws\.(.+)$/.exec(String(body['provider']))?.[1];
      const defaults = blocks.find((block) => block['alias'] === alias)?.['default_tags'] as { tags?: object }[];
      const address = `${type}.${name}`;
      return [
        ...problem(
          address,
          { ...defaults?.[0]?.tags, ...(body['tags'] as object | undefined) },
          "use the stack's provider or one of addAliasedProvider, which set them",
        ),
        ...launchedTags(type, body).flatMap(([what, tags]) =>
          problem(`what AWS makes from ${address} (${what})`, tags, 'give it launchTags(this, {…})'),
        ),
      ];
    }),
  );
}

type Tags = Readonly<Record<string, unknown>>;

/** Tags of what AWS makes from a launch template and for an Auto Scaling group. */
function launchedTags(type: string, body: Readonly<Record<string, unknown>>): (readonly [what: string, Tags])[] {
  if (type === 'aws_launch_template') {
    const specifications = (body['tag_specifications'] ?? []) as { resource_type: string; tags?: Tags }[];
    return ['instance', 'volume'].map((what) => [
      what,
      specifications.find(({ resource_type }) => resource_type === what)?.tags ?? {},
    ]);
  }
  if (type !== 'aws_autoscaling_group') return [];
  const tags = (body['tag'] ?? []) as { key: string; value: unknown }[];
  return [['group', Object.fromEntries(tags.map(({ key, value }) => [key, value]))]];
}

function checkDescriptions(resources: readonly Resource[], regions: readonly RegionSettings[]): Problem[] {
  return resources.flatMap((resource) => {
    const { description } = resource.body;
    if (!/^aws_(vpc_)?security_group/.test(resource.type) || typeof description !== 'string') return [];
    if (description.includes('${')) return [];
    if (description.length <= groupDescription.most && groupDescription.pattern.test(description)) return [];
    return [
      {
        where: settingsBehind(description, resource.environment, regions).join(' and '),
        what: `description of ${addressOf(resource)} is "${description}", which AWS does not take`,
        remedy: `use at most ${groupDescription.most} letters, digits, spaces and ._-:/()#,@[]+=&;{}!$*`,
      },
    ];
  });
}
