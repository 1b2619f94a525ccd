import type { StackDescription } from '@platform/libs/stack/estate-stack';
import type { PlanCounts } from '@platform/tools/model/plan';
import { runInOrder } from '@platform/tools/workspace/run-in-order';
import { readable } from '@platform/tools/aws/callers-failure';
import { checkTypes } from '@platform/tools/actions/plan/check-types';
import { deployStack, type DeployStackOptions, type StackOutcome } from './deploy-stack';
import { setTimeout as delay } from 'node:timers/promises';
import { settleSec } from '@platform/tools/session/emptied-stacks';
import { workersFor, type LiveProgress } from '@platform/tools/session/estate-run';
import { assertLevelStep } from '@platform/tools/session/level-step';
import type { LiveSession } from '@platform/tools/session/live-session';
import { table } from '@platform/tools/session/table';

/** One line of the table that a deploy ends with. */
export interface DeployedStack {
  readonly stack: string;
  readonly project: string;
  readonly region: string;
  /**
   * `skipped`: something before it failed. `not reached`: the run was stopped before. `unsupported`: the target can make
   * nothing of it.
   */
  readonly result: StackOutcome['result'] | 'skipped' | 'not reached' | 'unsupported';
  readonly counts?: PlanCounts;
  readonly seconds: number;
  readonly messages: readonly string[];
}

export interface DeployEstateOptions extends Omit<DeployStackOptions, 'planCommand'> {
  readonly stacks: readonly StackDescription[];
  /** What goes before each stack. */
  readonly before: ReadonlyMap<string, readonly string[]>;
  /** Those that only take away what they have made; default none. They wait until nobody follows what led to them. */
  readonly emptied?: ReadonlySet<string>;
  readonly planCommand: (description: StackDescription) => string;
  readonly progress?: LiveProgress;
}

/**
 * Deploys stacks in order. What comes after a failure is skipped; the rest goes on. Never rejects for a stack's sake.
 * @throws WrongUse when the level is more than one away from the one that is reached
 * @throws EstateLoadError when something is deployed without a plan and the code has wrong types
 */
export async function deployEstate(session: LiveSession, options: DeployEstateOptions): Promise<DeployedStack[]> {
  const { stacks, before, emptied, progress = {} } = options;
  const { root, signal } = session.options;
  // A plan has checked them; what is deployed without one is planned by the deploy itself.
  if (options.unreviewed) await checkTypes(root, signal);
  await assertLevelStep(session, stacks);
  const done = new Map<string, DeployedStack>();
  const appliedAt = new Map<string, number>();
  progress.planned?.(stacks.map(({ stack }) => stack));
  await runInOrder(stacks, {
    name: ({ stack }) => stack,
    upstreams: ({ stack }) => before.get(stack) ?? [],
    workers: workersFor(session, stacks),
    ...(signal ? { stop: signal } : {}),
    work: async (description) => {
      const { stack, project, region } = description;
      const started = performance.now();
      const finish = (outcome: Pick<DeployedStack, 'result' | 'counts' | 'messages'>) => {
        const seconds = Math.round((performance.now() - started) / 10) / 100;
        done.set(stack, { stack, project, region, seconds, ...outcome });
        progress.finished?.(stack, outcome.result);
      };
      if (session.unsupported.isWhole(stack)) {
        return finish({ result: 'unsupported', messages: [`${stack}: unsupported by the target`] });
      }
      const failed = (before.get(stack) ?? []).filter((name) => !isFine(done.get(name)));
      if (failed.length > 0) {
        return finish({ result: 'skipped', messages: [`${stack}: waits for ${failed.join(', ')}`] });
      }
      progress.started?.(stack);
      try {
        if (emptied?.has(stack)) {
          const last = Math.max(...(before.get(stack) ?? []).map((name) => appliedAt.get(name) ?? -Infinity));
          const leftMs = last + settleSec * 1000 - performance.now();
          if (leftMs > 0) await delay(leftMs, undefined, signal ? { signal } : {});
        }
        const outcome = await deployStack(session, description, {
          ...options,
          planCommand: options.planCommand(description),
        });
        if (outcome.result === 'applied') appliedAt.set(stack, performance.now());
        finish(outcome);
      } catch (error) {
        finish({ result: 'failed', messages: [messageOf(error, stack)] });
      }
    },
  });
  return stacks.map(
    ({ stack, project, region }) =>
      done.get(stack) ?? { stack, project, region, result: 'not reached', seconds: 0, messages: [] },
  );
}

/** Whether what comes after a stack may go on. */
export function isFine(stack: Pick<DeployedStack, 'result'> | undefined): boolean {
  return stack === undefined || ['applied', 'untouched', 'unsupported'].includes(stack.result);
}

/** The table that a deploy ends with, and how many stacks ended in which way. */
export function deployTable(stacks: readonly DeployedStack[]): string {
  const count = (counts: PlanCounts | undefined, of: (counts: PlanCounts) => number) =>
    counts ? String(of(counts)) : '–';
  const results = [...new Set(stacks.map(({ result }) => result))];
  return table({
    head: ['stack', 'region', 'result', 'create', 'change', 'destroy', 'seconds'],
    numbers: [3, 4, 5, 6],
    rows: [
      ...stacks.map(({ stack, region, result, counts, seconds }) => [
        stack,
        region,
        result,
        count(counts, (each) => each.create),
        count(counts, (each) => each.update + each.replace),
        count(counts, (each) => each.delete + each.replace),
        seconds.toFixed(1),
      ]),
      [
        `${stacks.length} stack${stacks.length === 1 ? '' : 's'}`,
        '',
        results.map((result) => `${stacks.filter((each) => each.result === result).length} ${result}`).join(', '),
      ],
    ],
  });
}

function messageOf(error: unknown, where: string): string {
  const { exitCode, message, stack } = readable(error, where) as Error & { exitCode?: number };
  return exitCode === undefined ? (stack ?? message) : message;
}
