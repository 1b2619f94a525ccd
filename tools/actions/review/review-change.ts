import { execFileSync } from 'node:child_process';
import { existsSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import { selectEnvironment, type WhatIf } from '@platform/libs/settings/environment';
import type { StackDescription } from '@platform/libs/stack/estate-stack';
import { assessJson } from '@platform/tools/actions/resilience/assess-estate';
import { compareResilience, type ReviewedResilience } from '@platform/tools/actions/resilience/compare';
import { findUnrehearsed } from '@platform/tools/actions/resilience/find-unrehearsed';
import { checkRoutes } from '@platform/tools/actions/routes/check-routes';
import type { EstateJson, StackFile } from '@platform/tools/actions/routes/estate-json';
import type { PairAnswer } from '@platform/tools/actions/routes/check-policy';
import { formatViolation } from '@platform/tools/actions/routes/report';
import { sourceOf } from '@platform/tools/actions/synth/source-of';
import type { EstateChange, StackChange } from '@platform/tools/model/change';
import type { Configuration } from '@platform/tools/model/configuration';
import { UnreadableExpression } from '@platform/tools/model/expression';
import { costOfConfiguration } from '@platform/tools/model/cost';
import { readEvidence } from '@platform/tools/model/evidence';
import type { Cost, Finding, Review } from '@platform/tools/model/review';
import type { EstateSighting } from '@platform/tools/model/risk/estate-rule';
import { readWaivers, waiversFile, type RiskWaiver } from '@platform/tools/model/risk/waivers';
import type { LoadedEstate } from '@platform/tools/workspace/load-estate';
import {
  assembleReview,
  failedStack,
  reviewStack,
  unchangedStack,
  type ReviewedStack,
  type StackFacts,
} from './assemble-review';

export interface ReviewChangeOptions {
  /** Workspace root. */
  readonly root: string;
  readonly settings: Pick<LoadedEstate, 'settings' | 'regions'>;
  readonly change: EstateChange;
  readonly target: Exclude<Review['target'], 'plans'>;
  /** Whether there is a base; without one the plans start from nothing. */
  readonly hasBase: boolean;
  /** Undeclared differences between counterparts. */
  readonly undeclared: readonly EstateSighting[];
  /** What further checkers found. Default: nothing. */
  readonly checked?: readonly Finding[];
  /** `2026-11-30`. Default: today, UTC. */
  readonly today?: string;
}

/**
 * The review of a change of the estate.
 * @throws WrongUse when `waivers.json` has problems
 */
export function reviewChange(options: ReviewChangeOptions): Review {
  const { root, settings: loaded, change, target, hasBase, undeclared } = options;
  const { settings, regions } = loaded;
  const waivers = waiversIn(root, Object.values(settings.owners));
  const configurations = new Map(
    change.stacks.map(({ stack, baseFolder, headFolder }) => [
      stack,
      { ...sideOf('base', baseFolder), ...sideOf('head', headFolder) },
    ]),
  );
  const zones = new Map(regions.map((region) => [region.awsRegion, region.zones.length] as const));
  const stacks = change.stacks.map((each) => {
    const sides = configurations.get(each.stack) ?? {};
    const { review, found } = reviewedStack(each, sides.head);
    // What is deployed is not known by its configuration.
    const cost = target === 'preview' ? costOfSides(sides, each.awsRegion, zones) : null;
    return { review: { ...review, cost }, found };
  });
  const { reachability, violations } = routesOf(options);
  const today = options.today ?? new Date().toISOString().slice(0, 10);
  const { resilience, broken, dependencies, unrehearsed } = resilienceOf(options, today);
  const present = change.stacks.filter(({ presence }) => presence !== 'removed');
  const { base, head } = change;
  return assembleReview(stacks, {
    environment: change.environment,
    level: change.level,
    mode: change.mode,
    target,
    base: hasBase ? { ref: base.ref ?? base.commit ?? 'the checkout', commit: base.commit ?? '' } : null,
    head: headOf(root, head.commit),
    affected: change.nx
      ? {
          nx: [...change.nx],
          stacks: stacks.filter(({ review }) => review.status !== 'unchanged').map(({ review }) => review.stack),
        }
      : null,
    assumptions: assumptionsOf(options),
    reachability,
    parity: present.flatMap(({ project, description }) =>
      Object.entries(description.differences).map(([name, { here, reason, owner }]) => ({
        project,
        name,
        here,
        reason,
        owner,
      })),
    ),
    configurations,
    standbys: regions.filter(({ role }) => role === 'standby').map(({ key }) => key),
    violations,
    resilience,
    broken,
    dependencies,
    unrehearsed,
    undeclared,
    githubOrganisation: settings.githubOrganisation ?? settings.organisation,
    waivers,
    checked: options.checked ?? [],
    today,
  });
}

/** @throws WrongUse with every problem of the file */
export function waiversIn(root: string, teams: readonly string[]): RiskWaiver[] {
  const file = join(root, waiversFile);
  return existsSync(file) ? readWaivers(readFileSync(file, 'utf8'), [...new Set(teams)]) : [];
}

function reviewedStack(change: StackChange, head: Configuration | undefined): ReviewedStack {
  const { stack, project, region, awsRegion, owner, account, description, presence, reasons, outcome } = change;
  const facts: StackFacts = {
    stack,
    project,
    region,
    awsRegion,
    owner,
    account,
    reads: description.reads,
    status: presence === 'both' ? 'changed' : presence,
    reasons: reasons.map(({ text }) => text),
    source: null,
    assumed: outcome.status === 'planned' ? outcome.assumed : [],
    ...(outcome.status === 'planned' ? { warnings: outcome.warnings } : {}),
  };
  if (outcome.status === 'failed') {
    const side = outcome.side === 'base' ? 'base: ' : '';
    return failedStack(
      facts,
      outcome.errors.map((text) => `${side}${text}`),
    );
  }
  if (outcome.status === 'unchanged') return unchangedStack({ ...facts, status: 'unchanged' }, head);
  return reviewStack(facts, outcome.plan, null);
}

function costOfSides(
  { base, head }: { readonly base?: Configuration; readonly head?: Configuration },
  awsRegion: string,
  zones: ReadonlyMap<string, number>,
): Cost {
  const [before, after] = [base ?? {}, head ?? {}].map((side) => costOfConfiguration(side, awsRegion, zones));
  return {
    before: before!.usd,
    after: after!.usd,
    unconfirmed: [...after!.unconfirmed.values()].reduce((sum, usd) => sum + usd, 0),
    unknown: [...after!.unknown].map(([type, count]) => ({ type, count })),
  };
}

function sideOf(
  side: 'base' | 'head',
  folder: string | undefined,
): { readonly [side in 'base' | 'head']?: Configuration } {
  const file = folder === undefined ? undefined : join(folder, 'cdk.tf.json');
  if (file === undefined || !existsSync(file)) return {};
  return { [side]: JSON.parse(readFileSync(file, 'utf8')) as Configuration };
}

/** Who reaches whom on both sides, judged by the settings of head: what base let through counts as it was. */
function routesOf({ root, settings: loaded, change, hasBase }: ReviewChangeOptions): Pick<Review, 'reachability'> & {
  readonly violations: readonly string[];
} {
  const { environment: name, level, mode, stacks } = change;
  const environment = selectEnvironment(loaded.settings, name, { level, mode } as WhatIf);
  const check = (side: 'base' | 'head') => checkRoutes(estateOf(root, stacks, side), environment, loaded.regions);
  try {
    const head = check('head');
    const violations = head.violations.map((each) => formatViolation([each]).trim());
    const isChanged = stacks.some(({ outcome }) => outcome.status !== 'unchanged');
    if (!hasBase || !isChanged) return { reachability: hasBase ? { gained: [], lost: [] } : null, violations };
    const before = new Map(check('base').pairs.map((pair) => [keyOf(pair), pair.reaches]));
    const pairsThat = (was: boolean, is: boolean) =>
      head.pairs
        .filter((pair) => (before.get(keyOf(pair)) ?? false) === was && pair.reaches === is)
        .map(({ from, to }) => ({ from, to }));
    return { reachability: { gained: pairsThat(false, true), lost: pairsThat(true, false) }, violations };
  } catch (error) {
    if (error instanceof UnreadableExpression) return { reachability: null, violations: [error.message] };
    throw error;
  }
}

/** Both sides, judged by the objectives of head. */
function resilienceOf(
  { root, settings: loaded, change, hasBase }: ReviewChangeOptions,
  today: string,
): ReviewedResilience & { readonly unrehearsed: readonly EstateSighting[] } {
  const { environment: name, level, mode } = change;
  const settings = selectEnvironment(loaded.settings, name, { level, mode } as WhatIf);
  const evidence = readEvidence(root, name);
  const assess = (side: 'base' | 'head') => {
    const stacks = change.stacks.filter((each) => each[`${side}Folder`] !== undefined);
    return assessJson({ estate: estateOf(root, stacks, side), stacks, settings, regions: loaded.regions, evidence });
  };
  const head = assess('head');
  const changed = change.stacks.filter(({ outcome }) => outcome.status !== 'unchanged').map(({ stack }) => stack);
  return {
    ...compareResilience(hasBase ? assess('base') : null, head),
    // Without a base nothing runs yet that could be rehearsed.
    unrehearsed: hasBase ? findUnrehearsed(head, { changed, evidence, settings, today }) : [],
  };
}

const keyOf = ({ from, to }: PairAnswer) => `${from}\n${to}`;

function estateOf(root: string, stacks: readonly StackChange[], side: 'base' | 'head'): EstateJson {
  return new Map(
    stacks.flatMap(({ stack, project, description, baseFolder, headFolder }) => {
      const folder = side === 'base' ? baseFolder : headFolder;
      if (folder === undefined) return [];
      const json: unknown = JSON.parse(readFileSync(join(folder, 'cdk.tf.json'), 'utf8'));
      return [[stack, { stack, project, source: fileOf(root, description), json: json as StackFile['json'] }]] as const;
    }),
  );
}

/** A removed project has no file any more. */
function fileOf(root: string, description: StackDescription): string {
  try {
    return sourceOf(root, description);
  } catch {
    return description.project;
  }
}

function headOf(root: string, commit: string | undefined): Review['head'] {
  if (commit !== undefined) return { commit, dirty: false };
  const git = (...args: string[]) => {
    try {
      return execFileSync('git', args, { cwd: root, encoding: 'utf8', stdio: ['ignore', 'pipe', 'ignore'] }).trim();
    } catch {
      return undefined;
    }
  };
  const found = git('rev-parse', 'HEAD');
  return found === undefined ? null : { commit: found, dirty: git('status', '--porcelain') !== '' };
}

function assumptionsOf({ change, target, hasBase }: ReviewChangeOptions): string[] {
  const isPreview = target === 'preview';
  const assumed = change.stacks.some(({ outcome }) => outcome.status === 'planned' && outcome.assumed.length > 0);
  return [
    ...(isPreview && !hasBase
      ? ['Without a base every plan starts from an empty state, so that everything is created.']
      : []),
    ...(isPreview && hasBase
      ? ['The state of base is made from its plan: real infrastructure that differs from it is not seen.']
      : []),
    ...(assumed ? ['Some stacks are planned with assumed inputs of stacks that are not deployed.'] : []),
    ...(change.base.errors ?? []).map((text) => `Base cannot be compared with: ${text}`),
  ];
}
