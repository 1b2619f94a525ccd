import { readFileSync } from 'node:fs';
import { basename, dirname, resolve } from 'node:path';
import { readPlan, UnreadablePlan } from '@platform/tools/model/read-plan';
import type { Finding, Review } from '@platform/tools/model/review';
import { assembleReview, failedStack, reviewStack, type ReviewedStack, type StackFacts } from './assemble-review';

export interface ReviewPlansOptions {
  /** Files by `terraform show -json`, as seen from `folder`. */
  readonly files: readonly string[];
  readonly folder: string;
  /** What further checkers found, by the names of {@link planNames}. Default: nothing. */
  readonly checked?: readonly Finding[];
}

/** Reviews plan files of any repository. A file that cannot be read is a stack with an error, and the others go on. */
export function reviewPlans({ files, folder, checked = [] }: ReviewPlansOptions): Review {
  const names = planNames(files);
  return assembleReview(
    files.map((file, index) => reviewFile(resolve(folder, file), factsOf(names[index]!, file))),
    {
      environment: null,
      level: null,
      mode: null,
      target: 'plans',
      base: null,
      head: null,
      affected: null,
      assumptions: [],
      reachability: null,
      parity: [],
      configurations: new Map(),
      standbys: [],
      violations: [],
      broken: [],
      dependencies: [],
      unrehearsed: [],
      resilience: null,
      undeclared: [],
      githubOrganisation: null,
      waivers: [],
      checked,
      today: new Date().toISOString().slice(0, 10),
    },
  );
}

function reviewFile(path: string, facts: StackFacts): ReviewedStack {
  let bytes: Buffer;
  try {
    bytes = readFileSync(path);
  } catch (error) {
    const { code = 'unknown error' } = error as NodeJS.ErrnoException;
    return failedStack(facts, [`the file cannot be read (${code}); check that it exists and that you may read it`]);
  }
  try {
    const plan = readPlan(bytes);
    return reviewStack(facts, plan, null);
  } catch (error) {
    if (error instanceof UnreadablePlan) return failedStack(facts, [error.message]);
    throw error;
  }
}

/** A short name for each file that no other has: its own, or that of its folder too. */
export function planNames(files: readonly string[]): string[] {
  const bare = files.map((file) => basename(file).replace(/(\.tfplan)?\.json$/, ''));
  const short = bare.map((name, index) => {
    const isCommon = bare.filter((each) => each === name).length > 1 || /^(tf)?plan$/.test(name);
    const path = dirname(files[index]!).replace(/^(\.\.\/)+/, '');
    return isCommon && path !== '.' ? (name === 'plan' ? path : `${path}/${name}`) : name;
  });
  return short.map((name, index) => (short.indexOf(name) === short.lastIndexOf(name) ? name : files[index]!));
}

function factsOf(stack: string, source: string): StackFacts {
  return {
    stack,
    source,
    project: null,
    region: null,
    awsRegion: null,
    owner: null,
    account: null,
    reads: [],
    status: 'changed',
    reasons: [],
    assumed: [],
  };
}
