import { Listr, ListrLogger, ProcessOutput } from 'listr2';
import type { PreviewProgress } from '@platform/tools/actions/plan/preview-estate';
import type { StackSummary } from '@platform/tools/actions/plan/summary';

/** A live list of stacks on a terminal, a line per finished stack elsewhere. Both on stderr. */
export function estateProgress(action: 'plan' | 'validate' = 'plan'): PreviewProgress {
  const outcome = action === 'plan' ? outcomeOfPlan : outcomeOfCheck;
  return process.stderr.isTTY && !process.env['CI'] ? liveList(outcome) : plainLines(outcome);
}

type Outcome = (stack: StackSummary) => string;

function plainLines(outcome: Outcome): PreviewProgress {
  let total = 0;
  let done = 0;
  return {
    note: (text) => void process.stderr.write(`${text}\n`),
    planned: (stacks) => void (total = stacks.length),
    finished: (stack) => void process.stderr.write(`[${++done}/${total}] ${outcome(stack)}\n`),
  };
}

function liveList(outcome: Outcome): PreviewProgress {
  const started = new Map<string, () => void>();
  const settled = new Map<string, (stack?: StackSummary) => void>();
  let list: Promise<unknown> | undefined;
  return {
    note: (text) => void process.stderr.write(`${text}\n`),
    planned: (stacks) => {
      const tasks = stacks.map(({ stack }) => {
        const start = new Promise<void>((resolve) => started.set(stack, resolve));
        const end = new Promise<StackSummary | undefined>((resolve) => settled.set(stack, resolve));
        return {
          title: stack,
          task: async (_: unknown, task: { title?: string; skip(reason: string): void }) => {
            await start;
            const summary = await end;
            if (!summary) return task.skip(`${stack} was not reached`);
            task.title = outcome(summary);
            if (summary.errors.length > 0) throw new Error(outcome(summary));
          },
        };
      });
      list = new Listr(tasks, {
        concurrent: true,
        exitOnError: false,
        registerSignalListeners: false,
        rendererOptions: {
          collapseErrors: false,
          logger: new ListrLogger({ processOutput: new ProcessOutput(process.stderr, process.stderr) }),
        },
      }).run();
    },
    started: ({ stack }) => started.get(stack)?.(),
    finished: (stack) => settled.get(stack.stack)?.(stack),
    // The list draws itself anew, and keeps this process, until each of its stacks has come to an end.
    ended: async () => {
      for (const end of [...started.values(), ...settled.values()]) end();
      await list;
    },
  };
}

function outcomeOfPlan(stack: StackSummary): string {
  const { create, update, replace, delete: deleted, errors, cached, seconds } = stack;
  const counts = [`+${create}`, `~${update + replace}`, `-${deleted + replace}`].join(' ');
  return errors.length > 0
    ? outcomeOfCheck(stack)
    : `${stack.stack} ${counts} (${cached ? 'cached' : `${seconds.toFixed(1)} s`})`;
}

function outcomeOfCheck({ stack, seconds, errors, cached }: StackSummary): string {
  return `${stack} ${errors.length > 0 ? 'failed' : 'is valid'} (${cached ? 'cached' : `${seconds.toFixed(1)} s`})`;
}
