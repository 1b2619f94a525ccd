import { accountRoles, type AccountRole } from '@platform/libs/settings/organisation';
import { formatProblem, WrongUse } from '@platform/libs/settings/problem';
import { loadCheckedSettings } from '@platform/tools/workspace/load-estate';
import { codeowners, codeownersFile } from '@platform/tools/actions/owners/codeowners';
import type { LoadedEstate } from '@platform/tools/workspace/load-estate';
import { type Generator } from './generator-options';
import { checkChanges, WorkspaceFiles, type Changes } from './changes';
import { newEnvironment, removeEnvironment } from './environment';
import { init } from './init';
import { newRegion } from './region';
import { newService } from './service';
import { newStack, type StackPlace } from './stack';
import { newVpc } from './vpc';

/** Options by name without `--`; one with `many` is a list. The argument has its own name. */
export type GeneratorValues = Readonly<Record<string, string | readonly string[] | boolean | undefined>>;

type Run = (files: WorkspaceFiles, estate: Pick<LoadedEstate, 'settings' | 'regions'>, values: GeneratorValues) => void;

/** What each generator does, by its name. */
const runs: Readonly<Record<string, Run>> = {
  init: (files, estate, values) => {
    const onPremises = one(values, 'on-premises');
    if (onPremises !== undefined && onPremises !== 'none') {
      throw new WrongUse(
        formatProblem({
          where: '--on-premises',
          what: `"${onPremises}" is not known`,
          remedy: 'use none, or leave it out',
        }),
      );
    }
    init(files, estate, {
      ...given({
        organisation: one(values, 'organisation'),
        githubOrganisation: one(values, 'github-organisation'),
        costCentre: one(values, 'cost-centre'),
        repository: one(values, 'repository'),
      }),
      domains: pairs(values, 'domain'),
      accounts: nested(pairs(values, 'account'), 'account'),
      awsRegions: pairs(values, 'region'),
      ranges: nested(pairs(values, 'range'), 'range'),
      ...(onPremises === 'none' ? { onPremises } : {}),
    });
  },
  region: (files, estate, values) => {
    const asn = one(values, 'asn');
    if (asn !== undefined && !/^\d+$/.test(asn))
      throw new WrongUse(
        formatProblem({
          where: '--asn',
          what: `"${asn}" is not a number`,
          remedy: 'give a private ASN, or leave it out',
        }),
      );
    const zones = many(values, 'zones');
    newRegion(files, estate, {
      key: needed(values, 'key'),
      awsRegion: needed(values, 'aws-region'),
      ...given({ like: one(values, 'like'), asn: asn === undefined ? undefined : Number(asn) }),
      ...(zones.length > 0 ? { zones } : {}),
      cidrs: pairs(values, 'cidr'),
    });
  },
  vpc: (files, estate, values) =>
    newVpc(files, estate, {
      name: needed(values, 'name'),
      region: needed(values, 'region'),
      ...given({ segment: one(values, 'segment') }),
      cidrs: pairs(values, 'cidr'),
    }),
  environment: (files, estate, values) => {
    const name = needed(values, 'name');
    if (one(values, 'remove') !== undefined) return removeEnvironment(files, estate, name);
    const accounts = Object.fromEntries(
      accountRoles.map((role) => [role, needed(values, `${role}-account`)]),
    ) as Record<AccountRole, string>;
    return newEnvironment(files, estate, {
      name,
      domain: needed(values, 'domain'),
      accounts,
      ...given({ like: one(values, 'like') }),
    });
  },
  service: (files, estate, values) =>
    newService(files, estate, {
      name: needed(values, 'name'),
      uses: many(values, 'uses'),
      ...given({ owner: one(values, 'owner') }),
    }),
  stack: (files, estate, values) =>
    newStack(files, estate, {
      name: needed(values, 'name'),
      place: needed(values, 'in') as StackPlace,
      ...given({ account: one(values, 'account') as AccountRole | undefined, owner: one(values, 'owner') }),
    }),
};

/** The argument and the required options that have no value. */
export function missingIn({ argument, options }: Generator, values: GeneratorValues) {
  const required = options.filter(
    (option) => option.required && !(option.unless !== undefined && one(values, option.unless) !== undefined),
  );
  return [...(argument ? [argument] : []), ...required].filter(({ name }) => one(values, name) === undefined);
}

/**
 * The changes of a generator, checked: the estate loads with them.
 * @throws WrongUse, SettingsError with all problems; nothing has been written
 */
export async function generate(root: string, generator: Generator, values: GeneratorValues): Promise<Changes> {
  const files = new WorkspaceFiles(root);
  const known = new Set([generator.argument?.name, ...generator.options.map(({ name }) => name)]);
  const unknown = Object.keys(values).filter((name) => values[name] !== undefined && !known.has(name));
  if (unknown.length > 0)
    throw new WrongUse(
      unknown
        .map((name) =>
          formatProblem({
            where: `--${name}`,
            what: `"new ${generator.name}" has no such option`,
            remedy: `see npx platform new ${generator.name} --help`,
          }),
        )
        .join('\n'),
    );
  const missing = missingIn(generator, values);
  if (missing.length > 0)
    throw new WrongUse(
      missing
        .map(({ name, description }) => {
          const option = name === generator.argument?.name ? `<${name}>` : `--${name}`;
          return formatProblem({ where: option, what: 'is missing', remedy: `add it: ${description}` });
        })
        .join('\n'),
    );
  runs[generator.name]!(files, loadCheckedSettings(root), values);
  const changes = await files.changes();
  if (changes.size === 0) return changes;
  const settings = checkChanges(root, changes);
  files.write(codeownersFile, codeowners(settings));
  return files.changes();
}

function one(values: GeneratorValues, name: string): string | undefined {
  const value = values[name];
  if (value === undefined || value === '' || value === false) return undefined;
  return Array.isArray(value) ? (value as readonly string[])[0] : String(value);
}

function needed(values: GeneratorValues, name: string): string {
  const value = one(values, name);
  if (value === undefined) throw new Error(`${name} is used, but not required`);
  return value;
}

function many(values: GeneratorValues, name: string): string[] {
  const value = values[name] ?? [];
  return (Array.isArray(value) ? (value as readonly string[]) : [String(value)])
    .flatMap((each) => each.split(','))
    .filter(Boolean);
}

/** `--domain prod=example.com` */
function pairs(values: GeneratorValues, name: string): Record<string, string> {
  return Object.fromEntries(
    many(values, name).map((text) => {
      const [key, value] = text.split('=');
      if (!key || !value)
        throw new WrongUse(
          formatProblem({
            where: `--${name}`,
            what: `"${text}" has no "="`,
            remedy: `write it as --${name} <name>=<value>`,
          }),
        );
      return [key, value];
    }),
  );
}

/** `us.prod` → `{ us: { prod } }` */
function nested(flat: Readonly<Record<string, string>>, name: string): Record<string, Record<string, string>> {
  const result: Record<string, Record<string, string>> = {};
  for (const [path, value] of Object.entries(flat)) {
    const [outer, inner, ...rest] = path.split('.');
    if (!outer || !inner || rest.length > 0)
      throw new WrongUse(
        formatProblem({
          where: `--${name}`,
          what: `"${path}" has not two parts`,
          remedy: `write it as --${name} <one>.<other>=<value>`,
        }),
      );
    (result[outer] ??= {})[inner] = value;
  }
  return result;
}

function given<T extends object>(values: T): { [K in keyof T]?: NonNullable<T[K]> } {
  return Object.fromEntries(Object.entries(values).filter(([, value]) => value !== undefined)) as never;
}
