import { table } from '@platform/tools/session/table';
import {
  valueOf,
  type Answer,
  type EndpointView,
  type FailoverPlan,
  type FailoverView,
} from '@platform/tools/model/failover';
import type { FailoverContext } from './accounts';
import { callOf } from './act';

/** Who writes, who takes traffic and what each region could take over with, in one screen. */
export function statusText(view: FailoverView): string {
  const database = valueOf(view.database);
  const rows = view.regions.map(({ key, fleets, latched, endpoints }) => {
    const member = database?.members[key];
    return [
      key,
      member ? `${member.writer ? 'writer' : 'reader'}, ${member.status}` : 'unknown',
      member?.lagMs === undefined ? '-' : `${Math.round(member.lagMs)} ms`,
      member ? String(member.instances) : '-',
      valueOf(fleets)
        ?.map(({ name, inService, desired, min, max }) => `${name} ${inService}/${desired} (${min}–${max})`)
        .join(', ') ?? 'unknown',
      latched === undefined ? 'none' : word(latched, (value) => (value ? 'LATCHED' : 'open')),
      endpoints === undefined ? '-' : Object.entries(endpoints).map(endpointText).join('; '),
    ];
  });
  const head = ['region', 'database', 'lag', 'instances', 'fleets: in service/desired', 'latch', 'accelerators'];
  const move = database?.move;
  return [
    table({ head, rows }),
    ...(move ? [`RDS moves the writer to ${move.to} now (${move.kind})`] : []),
    ...unknowns(view),
  ].join('\n');
}

function endpointText([accelerator, endpoint]: readonly [string, Answer<EndpointView>]): string {
  const text = ({ weight, dialPercent, health }: EndpointView) => `weight ${weight}, dial ${dialPercent} %, ${health}`;
  return `${accelerator} ${word(endpoint, text)}`;
}

/** What did not answer, with the reasons, each once. */
function unknowns({ regions, database }: FailoverView): string[] {
  const answers: (readonly [string, Answer<unknown> | undefined])[] = [
    ['database', database],
    ...regions.flatMap(
      ({ key, fleets, latched, endpoints = {} }) =>
        [
          [`${key}: fleets`, fleets],
          [`${key}: latch`, latched],
          ...Object.entries(endpoints).map(([name, each]) => [`${key}: accelerator ${name}`, each] as const),
        ] as const,
    ),
  ];
  return answers.flatMap(([what, each]) => (each && 'unknown' in each ? [`unknown: ${what}: ${each.unknown}`] : []));
}

function word<T>(answer: Answer<T>, text: (value: T) => string): string {
  return 'value' in answer ? text(answer.value) : 'unknown';
}

/** Steps with their calls, what stands in the way, and what may be lost. */
export function planText(context: FailoverContext, { to, steps, blockers, notes, lossMs }: FailoverPlan): string {
  const { objective } = context.environment.dataStores.database;
  const moves = steps.some(({ kind }) => kind === 'move-writer');
  const loss = lossMs === undefined ? 'unknown: no lag was measured' : `${(lossMs / 1000).toFixed(1)} s of writes`;
  return [
    ...(steps.length === 0 ? [`${to} has the writer and the traffic: nothing to do`] : [`To move to ${to}:`]),
    ...steps.map((step, index) => `  ${index + 1}. ${callOf(context, step)}${'begun' in step ? ' (begun: wait)' : ''}`),
    ...(moves
      ? [
          `objective of the database: recovery within ${objective.rtoSec} s, at most ${objective.rpoSec} s of writes lost`,
          `lost by this move: ${loss}`,
        ]
      : []),
    ...notes.map((note) => `note: ${note}`),
    ...blockers.map((blocker) => `BLOCKED: ${blocker}`),
  ].join('\n');
}
