import { isCancel, text } from '@clack/prompts';
import { writeChanges } from '@platform/tools/actions/new/changes';
import type { Generator } from '@platform/tools/actions/new/generator-options';
import { generate, missingIn, type GeneratorValues } from '@platform/tools/actions/new/generators';
import { findRoot } from '@platform/tools/workspace/find-root';
import { existsSync } from 'node:fs';
import { join } from 'node:path';
import { print, talk } from './output';

/** Runs a generator: on a terminal asks for missing values, checks the result, and writes it. */
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

/** The values, completed by answers to prompts; undefined if the person cancels. Without a terminal it asks nothing. */
async function askFor(generator: Generator, values: GeneratorValues): Promise<GeneratorValues | undefined> {
  if (!process.stdin.isTTY || process.env['CI'] !== undefined) return values;
  const answers: Record<string, GeneratorValues[string]> = { ...values };
  const ask = async ({ name, description }: { name: string; description: string }, more: object) => {
    const answer = await text({ message: `${name}: ${description}`, ...more });
    if (isCancel(answer)) return false;
    if (answer) answers[name] = answer;
    return true;
  };
  const asked = Object.values(values).some((value) => value !== undefined)
    ? []
    : generator.options.filter((option) => option.asked);
  for (const option of asked) {
    if (!(await ask(option, { placeholder: 'Enter keeps what is there', defaultValue: '' }))) return undefined;
  }
  for (const each of missingIn(generator, answers)) {
    if (!(await ask(each, { validate: (given?: string) => (given ? undefined : 'needs a value') }))) return undefined;
  }
  return answers;
}
