import { oneOf, type Problem } from '@platform/libs/settings/problem';
import { proposedNetworks } from '@platform/libs/settings/free-ranges';
import { accountRoles, type AccountRole } from '@platform/libs/settings/organisation';
import type { LoadedEstate } from '@platform/tools/workspace/load-estate';
import ts from 'typescript';
import { refuse, type WorkspaceFiles } from './changes';
import { literal, objectAt, propertiesOf, propertyName, type SourceEdit } from './source-edit';

export interface NewEnvironment {
  readonly name: string;
  /** Environment whose settings it copies. Default: the last one. */
  readonly like?: string;
  readonly domain: string;
  /** Account ids by role. */
  readonly accounts: Readonly<Record<AccountRole, string>>;
}

/**
 * A further environment: the settings of another one with its own domain and accounts, and free networks in every region. An
 * environment that exists already is left alone.
 * @throws WrongUse with all problems
 */
export function newEnvironment(
  files: WorkspaceFiles,
  { settings, regions }: Pick<LoadedEstate, 'settings' | 'regions'>,
  options: NewEnvironment,
): void {
  const { name, domain, accounts } = options;
  const names = Object.keys(settings.environments);
  const problems: Problem[] = [];
  if (!/^[a-z][a-z0-9-]{0,10}[a-z0-9]$/.test(name))
    problems.push({
      where: 'environment',
      what: `"${name}" is not a name of an environment`,
      remedy: 'use 2–12 lower-case letters, digits or hyphens, a letter first and no hyphen last',
    });
  for (const role of accountRoles) {
    if (!/^\d{12}$/.test(accounts[role]))
      problems.push({
        where: `--${role}-account`,
        what: `"${accounts[role]}" is not an account id`,
        remedy: 'write its 12 digits',
      });
  }
  const like = options.like ?? names.at(-1)!;
  if (!names.includes(like))
    problems.push({
      where: '--like',
      what: `there is no environment "${like}"`,
      remedy: `use one of ${names.join(', ')}`,
    });
  refuse(problems);
  if (names.includes(name)) return;

  files.edit('infra.config.ts', (source) => {
    const environments = objectAt(source.defaultExport(), 'environments');
    const model = propertiesOf(environments).get(like);
    refuse(
      environments && model
        ? []
        : [
            {
              where: 'infra.config.ts: environments',
              what: 'is not written as an object there',
              remedy: 'add the environment by hand',
            },
          ],
    );
    source.append(
      environments!,
      `${propertyName(name)}: ${copied(model!.initializer, like, { name, domain, accounts })}`,
    );
  });
  const withIt = { ...settings, environments: { ...settings.environments, [name]: settings.environments[like]! } };
  const proposals = proposedNetworks({ settings: withIt, regions, folders: [] });
  for (const [region, networks] of proposals) {
    files.edit(`region-${region.key}/region.ts`, (source) => {
      for (const [path, network] of networks) {
        const [property, ...rest] = [...path.split('.')].reverse();
        if (property === name) appendAt(source, rest.reverse(), name, literal(network));
      }
      appendAt(source, ['edgeSources', 'accelerator'], name, literal('not-yet'));
    });
  }
}

/**
 * Takes an environment out of all settings. What is deployed of it stays: destroy that before.
 * @throws WrongUse with all problems
 */
export function removeEnvironment(
  files: WorkspaceFiles,
  { settings, regions }: Pick<LoadedEstate, 'settings' | 'regions'>,
  name: string,
): void {
  const names = Object.keys(settings.environments);
  oneOf('environment', names, name);
  refuse(
    names.length === 1
      ? [{ where: 'environment', what: `"${name}" is the only one`, remedy: 'add another one first' }]
      : [],
  );
  const removeFrom = (source: SourceEdit, object: ts.ObjectLiteralExpression | undefined) => {
    const property = propertiesOf(object).get(name);
    if (property) source.remove(property);
  };
  files.edit('infra.config.ts', (source) => {
    const root = source.defaultExport();
    removeFrom(source, objectAt(root, 'environments'));
    removeFrom(source, objectAt(root, 'onPremises', 'connectivity'));
  });
  for (const { key } of regions) {
    files.edit(`region-${key}/region.ts`, (source) => {
      const root = source.constant('region');
      const visit = (object: ts.ObjectLiteralExpression | undefined): void => {
        for (const [property, { initializer }] of propertiesOf(object)) {
          if (property !== name) visit(objectAt(initializer));
        }
        removeFrom(source, object);
      };
      visit(objectAt(root));
    });
  }
}

function appendAt(source: SourceEdit, path: readonly string[], name: string, value: string): void {
  const list = objectAt(source.constant('region'), ...path);
  if (list && !propertiesOf(list).has(name)) source.append(list, `${propertyName(name)}: ${value}`);
}

/** The text of an environment's settings with another domain, other accounts, and names that begin with its own name. */
function copied(node: ts.Expression, like: string, { name, domain, accounts }: Omit<NewEnvironment, 'like'>): string {
  const start = node.getStart();
  const edits: { at: ts.Node; text: string }[] = [];
  const top = propertiesOf(node);
  const visit = (each: ts.Node): void => {
    if (each === top.get('domain')?.initializer) edits.push({ at: each, text: literal(domain) });
    else if (each === top.get('accounts')?.initializer) edits.push({ at: each, text: literal(accounts) });
    else if (ts.isStringLiteral(each) && each.text.startsWith(`${like}-`))
      edits.push({ at: each, text: literal(name + each.text.slice(like.length)) });
    else ts.forEachChild(each, visit);
  };
  visit(node);
  return edits
    .sort((a, b) => b.at.getStart() - a.at.getStart())
    .reduce(
      (text, { at, text: other }) => text.slice(0, at.getStart() - start) + other + text.slice(at.getEnd() - start),
      node.getText(),
    );
}
