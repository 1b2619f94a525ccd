import { isCancel, text } from '@clack/prompts';
import { writeChanges } from '@platform/tools/actions/new/changes';
import type { Generator } from '@platform/tools/actions/new/generator-options';
import { generate, type GeneratorValues } from '@platform/tools/actions/new/generators';
import { findRoot } from '@platform/tools/workspace/find-root';
import { existsSync } from 'node:fs';
import { join } from 'node:path';
import { print, talk } from './output';

/** Runs a generator: asks for what is missing where somebody can answer, checks the result, and writes it. */
export async function newCommand(
  generator: Generator,
  values: GeneratorValues,
  { dryRun = false } = {},
): Promise<number> {
  const root = findRoot();
  const complete = await askFor(generator, values);
  if (!complete) return 1;
  const changes = await generate(root, generator, complete);
  if (changes.size === 0) {
    talk('nothing to change');
    return 0;
  }
  for (const [path, content] of changes) {
    print(`${content === null ? 'REMOVE' : existsSync(join(root, path)) ? 'UPDATE' : 'CREATE'} ${path}`);
  }
  if (dryRun) {
    talk('dry run: nothing was written');
    return 0;
  }
  writeChanges(root, changes);
  talk('written; next: npx platform plan');
  return 0;
}

/** The values with answers for the required options that are missing; undefined where the person cancelled. */
async function askFor(generator: Generator, values: GeneratorValues): Promise<GeneratorValues | undefined> {
  if (!process.stdin.isTTY || process.env['CI'] !== undefined) return values;
  const answers: Record<string, GeneratorValues[string]> = { ...values };
  const required = [
    ...(generator.argument ? [generator.argument] : []),
    ...generator.options.filter((option) => option.required),
  ];
  for (const { name, description } of required.filter((each) => values[each.name] === undefined)) {
    const answer = await text({ message: `${name}: ${description}` });
    if (isCancel(answer)) return undefined;
    answers[name] = answer;
  }
  return answers;
}
