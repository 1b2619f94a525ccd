import { existsSync, readdirSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import { z } from 'zod';
import { formatProblem, WrongUse } from '@platform/libs/settings/problem';
import { losses, userPaths, type Loss, type PathName } from '@platform/libs/settings/objectives';

/** A path of the main application, or `app:<name>` for a further one. */
export const pathNameSchema = z.union([z.enum(userPaths), z.templateLiteral(['app:', z.string()])]);

/**
 * What a rehearsal may take away: the losses that have objectives, and others. `data`: items or objects that are restored;
 * `answers`: a region answers, with errors; `connection`: one of several ways; `state`: what Terraform needs.
 */
export const rehearsedLosses = [...losses, 'data', 'answers', 'connection', 'state'] as const;
export type RehearsedLoss = (typeof rehearsedLosses)[number];

/**
 * What a game day or a measurement has shown of one user path: a file `evidence/<environment>/<name>.json`.
 *
 * @example { "format": 1, "path": "apiReads", "loss": "region", "rtoSec": 95, "rpoSec": 0, "measuredAt": "2026-11-30", "how": "npx platform gameday lose-region" }
 */
export const evidenceSchema = z
  .strictObject({
    format: z.literal(1),
    path: pathNameSchema,
    /** What was lost; left out for measurements of normal operation. */
    loss: z.enum(rehearsedLosses).optional(),
    rtoSec: z.number().nonnegative().optional(),
    rpoSec: z.number().nonnegative().optional(),
    availabilityPercent: z.number().min(0).max(100).optional(),
    /** 95 of 100 answers. */
    latencyMs: z.number().nonnegative().optional(),
    /** Day, as 2026-11-30. */
    measuredAt: z.iso.date(),
    /** The command, canary or game day that measured it. */
    how: z.string().min(1),
    /** Who agreed to the rehearsal: a name, a ticket. */
    approvedBy: z.string().min(1).optional(),
  })
  .readonly();
export type Evidence = z.infer<typeof evidenceSchema>;

/**
 * All evidence of an environment; none where the folder is missing.
 * @throws WrongUse for files that are not evidence, all of them in one message
 */
export function readEvidence(root: string, environment: string): Evidence[] {
  const folder = join(root, 'evidence', environment);
  if (!existsSync(folder)) return [];
  const problems: string[] = [];
  const found = readdirSync(folder)
    .filter((name) => name.endsWith('.json'))
    .sort()
    .flatMap((name) => {
      const where = `evidence/${environment}/${name}`;
      try {
        const read = evidenceSchema.safeParse(JSON.parse(readFileSync(join(folder, name), 'utf8')));
        if (read.success) return [read.data];
        for (const issue of read.error.issues) {
          problems.push(
            formatProblem({
              where: `${where}: ${issue.path.join('.')}`,
              what: issue.message,
              remedy: 'correct it; tools/model/evidence.ts has the shape',
            }),
          );
        }
      } catch (error) {
        problems.push(
          formatProblem({ where, what: (error as Error).message, remedy: 'write valid JSON, or remove it' }),
        );
      }
      return [];
    });
  if (problems.length > 0) throw new WrongUse(problems.join('\n'));
  return found;
}

/** The newest evidence of each rehearsal, by what rehearsed it. */
export function newestRehearsals(evidence: readonly Evidence[]): Evidence[] {
  const found = new Map<string, Evidence>();
  for (const each of evidence) {
    if (each.loss === undefined) continue;
    const key = `${each.path} ${each.loss} ${each.how}`;
    const known = found.get(key);
    if (!known || known.measuredAt <= each.measuredAt) found.set(key, each);
  }
  return [...found.values()];
}

/** The newest measurement of one figure. */
export function newest<Key extends 'rtoSec' | 'rpoSec' | 'availabilityPercent' | 'latencyMs'>(
  evidence: readonly Evidence[],
  path: PathName,
  figure: Key,
  loss?: Loss,
): { readonly value: number; readonly measuredAt: string } | undefined {
  const [latest] = evidence
    .filter((each) => each.path === path && each.loss === loss && each[figure] !== undefined)
    .sort((a, b) => b.measuredAt.localeCompare(a.measuredAt));
  return latest && { value: latest[figure]!, measuredAt: latest.measuredAt };
}
