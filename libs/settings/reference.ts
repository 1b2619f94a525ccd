import type { z } from 'zod';
import { boundsOf } from './check-shape';
import { logRetentionDays } from './log-retention';
import { organisationSchema } from './organisation';
import { regionSchema } from './region';
import { unwrap, type SettingNote, type Unwrapped } from './schema';

/** Path of the reference page from the workspace root. */
export const referenceFile = 'docs/settings.md';

/** One key of the settings, from the schema. */
export interface DescribedSetting {
  /** `environments.<name>.edge.requestLimit`; `[]` is an element of a list. */
  readonly path: string;
  readonly setting: Unwrapped;
  /** When a change takes effect, from the setting itself or one that contains it. */
  readonly applies?: string;
  /** The union member that has the setting: `engine: rds-postgresql`. */
  readonly only?: string;
}

/** Every possible key of the settings, outer keys before inner ones. */
export function describedSettings(schema: z.ZodType, path = '', applies?: string): DescribedSetting[] {
  const setting = unwrap(schema);
  const inherited = setting.note.applies ?? applies;
  const own = path ? [{ path, setting, ...(inherited ? { applies: inherited } : {}) }] : [];
  const inside = (part: z.ZodType, key: string) => describedSettings(part, path ? `${path}.${key}` : key, inherited);
  const { shape, valueType, element, options, discriminator } = setting.def;
  if (shape) return [...own, ...Object.entries(shape).flatMap(([key, part]) => inside(part, key))];
  if (valueType) return [...own, ...inside(valueType, '<name>')];
  if (element) return [...own, ...describedSettings(element, `${path}[]`, inherited)];
  if (options) {
    // A setting of several members is listed once.
    const perOption = options.map((option) => describedSettings(option, path, inherited).slice(path ? 1 : 0));
    const found = new Map<string, DescribedSetting>();
    perOption.forEach((described, index) => {
      for (const each of described) {
        const others = perOption.filter((_, place) => place !== index);
        const isShared = others.some((other) => other.some((there) => there.path === each.path));
        const choice = isShared || !discriminator ? undefined : choiceOf(options[index]!, discriminator);
        if (!found.has(each.path)) found.set(each.path, choice ? { ...each, only: choice } : each);
      }
    });
    return [...own, ...found.values()];
  }
  return own;
}

function choiceOf(option: z.ZodType, discriminator: string): string {
  const { schema } = unwrap(unwrap(option).def.shape![discriminator]!);
  return `${discriminator}: ${(schema as z.ZodEnum).options.join(' or ')}`;
}

/** The reference page: every setting with its type, default, limits, effect, and what changing it replaces. */
export function settingsReference(): string {
  const organisation = describedSettings(organisationSchema);
  const region = describedSettings(regionSchema);
  return [
    '# Settings',
    '',
    `Generated from the schema in \`libs/settings\` by \`npx platform settings --write-reference\`; a test fails when it is out of date.`,
    '',
    '`infra.config.ts` holds what the organisation decides. Each environment names a profile, whose defaults apply to what it does not write:',
    '',
    '1. the default of the setting,',
    '2. the default of the profile, where profiles differ,',
    '3. what the environment writes.',
    '',
    'The later one wins.',
    '',
    '- Objects are merged key by key. Lists are replaced as a whole; `[]` is an empty one.',
    '- What can be absent is absent unless it is written: `messaging: {}` has it with the defaults of its parts, leaving `messaging` out has none.',
    '- A key whose value is `undefined` counts as left out.',
    '- `npx platform settings -c <environment>` prints every value with its origin; `--json` for programs.',
    '',
    `Retention periods of CloudWatch Logs are ${logRetentionDays.join(', ')} days.`,
    '',
    'A change takes effect as the heading says, and changes resources in place, unless the setting says otherwise.',
    '',
    '## What you must decide',
    '',
    'These have no default.',
    '',
    ...requiredOf(organisation).map((path) => `- \`${path}\``),
    '',
    '## What the profiles differ in',
    '',
    ...table(
      ['setting', 'production', 'development', 'reason'],
      organisation
        .filter(({ setting }) => differs(setting))
        .map(({ path, setting }) => [
          `\`${path.replace(/^environments\.<name>\./, '')}\``,
          code(setting.defaults?.production),
          code(setting.defaults?.development),
          setting.note.because ?? '',
        ]),
    ),
    '',
    '# `infra.config.ts`',
    '',
    ...sections('Organisation', organisation),
    '# `region-<key>/region.ts`',
    '',
    ...sections('Region', region),
  ]
    .join('\n')
    .trimEnd()
    .concat('\n');
}

/** A heading and a table per object, in the order of the schema. */
function sections(top: string, described: readonly DescribedSetting[]): string[] {
  const parentOf = (path: string) => path.slice(0, Math.max(path.lastIndexOf('.'), 0));
  const byPath = new Map(described.map((each) => [each.path, each]));
  const parents = [...new Set(described.filter(({ path }) => isKey(path)).map(({ path }) => parentOf(path)))];
  const order = ['', ...described.map(({ path }) => path)];
  return parents
    .sort((a, b) => order.indexOf(a) - order.indexOf(b))
    .flatMap((parent) => {
      const around = byPath.get(parent);
      const keys = described.filter(({ path }) => isKey(path) && parentOf(path) === parent);
      return [
        `## ${parent ? `\`${parent}\`` : top}`,
        '',
        ...(around ? [around.setting.note.is ?? '', ''] : []),
        ...(around?.applies ? [`Takes effect: ${around.applies}.`, ''] : []),
        ...table(
          ['setting', 'type', 'default', 'what it is'],
          keys.map(({ path, setting, applies, only }) => [
            `\`${path.slice(parent ? parent.length + 1 : 0)}\``,
            typeOf(setting),
            defaultOf(setting),
            [
              setting.note.is ?? '',
              only ? `Only with \`${only}\`.` : '',
              setting.note.limits ? `Limits: ${setting.note.limits}.` : '',
              applies && applies !== around?.applies ? `Takes effect: ${applies}.` : '',
              setting.note.replaces ? `**Changing it replaces ${setting.note.replaces}.**` : '',
            ]
              .filter(Boolean)
              .join(' '),
          ]),
        ),
        '',
      ];
    });
}

/** Whether a path has a heading of its own. */
function isKey(path: string): boolean {
  return !path.endsWith('.<name>') && !path.endsWith('[]');
}

function requiredOf(described: readonly DescribedSetting[]): string[] {
  const optional = described.filter(({ setting }) => setting.isOptional || setting.defaults).map(({ path }) => path);
  return described
    .filter(({ path, setting, only }) => isKey(path) && !only && isRequired(setting) && isPlainValue(setting))
    .map(({ path }) => path)
    .filter((path) => !optional.some((start) => path.startsWith(`${start}.`) || path.startsWith(`${start}[`)));
}

function isPlainValue({ def }: Unwrapped): boolean {
  return def.shape === undefined && def.discriminator === undefined;
}

function isRequired({ isOptional, isSectionOfDefaults, defaults }: Unwrapped): boolean {
  return !isOptional && !isSectionOfDefaults && defaults === undefined;
}

function differs({ defaults }: Unwrapped): boolean {
  return defaults !== undefined && JSON.stringify(defaults.production) !== JSON.stringify(defaults.development);
}

function typeOf(setting: Unwrapped): string {
  const { def, note, schema } = setting;
  const unit = note.unit && note.unit !== 'number' ? ` ${note.unit}` : '';
  switch (def.type) {
    case 'string':
      return 'text';
    case 'enum':
      return (schema as z.ZodEnum).options.map((word) => `\`${word}\``).join(', ');
    case 'literal':
      // Long lists are in the introduction only.
      return `${few([...(schema as z.ZodLiteral).values])}${unit}`;
    case 'number': {
      const { from, to } = boundsOf(setting)!;
      return `${from}–${to}${unit}`;
    }
    case 'array':
      return `list of ${typeOf(unwrap(def.element!))}`;
    case 'record':
      return `${typeOf(unwrap(def.valueType!))} by name`;
    case 'union':
      return (def.options ?? []).map((option) => typeOf(unwrap(option))).join(' or ');
    default:
      return 'object';
  }
}

function few(values: readonly unknown[]): string {
  return values.length > 8 ? `${String(values[0])}–${String(values.at(-1))}` : values.join(', ');
}

function defaultOf(setting: Unwrapped): string {
  const { defaults, isOptional, isSectionOfDefaults, note } = setting;
  if (isOptional) return 'none';
  if (isSectionOfDefaults) return 'those of its keys';
  if (!defaults) return '**required**';
  const value = differs(setting)
    ? `production: ${code(defaults.production)}, development: ${code(defaults.development)}`
    : code(defaults.production);
  return note.because ? `${value}. ${note.because}` : value;
}

function code(value: unknown): string {
  return `\`${typeof value === 'string' ? value : JSON.stringify(value)}\``;
}

function table(head: readonly string[], rows: readonly (readonly string[])[]): string[] {
  const line = (cells: readonly string[]) => `| ${cells.map((cell) => cell.replaceAll('|', '\\|')).join(' | ')} |`;
  return [line(head), line(head.map(() => '---')), ...rows.map(line)];
}

/** Gaps in the schema: keys without a description, numbers without a unit. */
export function undescribedSettings(schema: z.ZodType): string[] {
  return describedSettings(schema).flatMap(({ path, setting }) => {
    const { is, unit }: Partial<SettingNote> = setting.note;
    const isNumber = setting.def.type === 'number' || typeof [...(literalsOf(setting) ?? [])][0] === 'number';
    return [
      ...(is || setting.def.options ? [] : [`${path}: has no description`]),
      ...(isNumber && !unit ? [`${path}: has no unit`] : []),
    ];
  });
}

function literalsOf({ def, schema }: Unwrapped): ReadonlySet<unknown> | undefined {
  return def.type === 'literal' ? (schema as z.ZodLiteral).values : undefined;
}
