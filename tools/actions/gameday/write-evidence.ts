import { existsSync, mkdirSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import type { Evidence } from '@platform/tools/model/evidence';
import type { GameDay } from './game-day';
import type { GameDayResult } from './run-game-day';

export interface EvidenceOptions {
  readonly root: string;
  readonly environment: string;
  readonly target: string;
  /** Who has agreed to the rehearsal: a name, a ticket. */
  readonly approvedBy?: string;
  readonly now?: Date;
}

/**
 * Writes what a rehearsal has measured to `evidence/<environment>/`: figures as JSON, which `npx platform resilience` reads,
 * and a page for people.
 * @returns paths from the root; empty where the rehearsal was stopped, for it shows nothing
 */
export function writeEvidence(gameDay: GameDay, result: GameDayResult, options: EvidenceOptions): string[] {
  if (result.verdict === 'stopped') return [];
  const { root, environment, target, approvedBy, now = new Date() } = options;
  const { rtoSec = 0, rpoSec, hypothesis } = result;
  const day = now.toISOString().slice(0, 10);
  const folder = join('evidence', environment);
  mkdirSync(join(root, folder), { recursive: true });
  // A second rehearsal of a day keeps the first.
  let base = `${day}-${gameDay.name}`;
  for (let count = 2; existsSync(join(root, folder, `${base}.json`)); count++) base = `${day}-${gameDay.name}-${count}`;
  const json = join(folder, `${base}.json`);
  const page = join(folder, `${base}.md`);
  const figures: Evidence = {
    format: 1,
    path: gameDay.path,
    loss: gameDay.loss,
    rtoSec: Math.round(rtoSec * 10) / 10,
    ...(rpoSec === undefined ? {} : { rpoSec: Math.round(rpoSec * 10) / 10 }),
    measuredAt: day,
    how: `npx platform gameday run ${gameDay.name} on ${target}`,
    ...(approvedBy ? { approvedBy } : {}),
  };
  writeFileSync(join(root, json), `${JSON.stringify(figures, null, 2)}\n`);
  const lines = [
    `# ${gameDay.name}, ${day}`,
    '',
    `${gameDay.title}. Environment \`${environment}\` on ${target}${approvedBy ? `; agreed by ${approvedBy}` : ''}.`,
    '',
    '| | objective | measured |',
    '|---|---|---|',
    gameDay.measures === 'recovery'
      ? `| recovered after | ${hypothesis.rtoSec} s | ${figures.rtoSec} s |`
      : `| requests failed for | ${hypothesis.rtoSec} s | ${figures.rtoSec} s (${result.failed} of ${result.requests} requests) |`,
    `| writes lost of | ${hypothesis.rpoSec} s | ${rpoSec === undefined ? 'not measured: nothing was written' : `${figures.rpoSec} s`} |`,
    '',
    `**${result.verdict === 'held' ? 'The objective holds.' : 'The objective is broken.'}**`,
    '',
    '| time (UTC) | call |',
    '|---|---|',
    ...result.log.map(({ time, call, error }) => `| ${time} | ${call}${error ? `: ${error}` : ''} |`),
    '',
  ];
  writeFileSync(join(root, page), lines.join('\n'));
  return [json, page];
}
