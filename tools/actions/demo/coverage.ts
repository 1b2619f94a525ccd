import { knownFaults } from '@platform/tools/emulator/known-faults';
import type { Emulator } from '@platform/tools/emulator/profile';
import type { LiveSession } from '@platform/tools/session/live-session';
import { table } from '@platform/tools/session/table';

/** How much of a stack an emulator can make. */
export interface StackCoverage {
  readonly stack: string;
  readonly resources: number;
  readonly made: number;
  /** Why resources are unsupported, with how many for each reason; those that only need one of them come last. */
  readonly reasons: readonly string[];
}

/** Coverage of stacks, in their order. Those that make nothing with these settings are not in it. */
export function coverageOf(
  session: Pick<LiveSession, 'stacks' | 'unsupported'>,
  stacks: readonly string[],
): StackCoverage[] {
  return stacks.flatMap((stack) => {
    const types = Object.values(session.stacks.configuration(stack).resource ?? {});
    const resources = types.reduce((sum, blocks) => sum + Object.keys(blocks).length, 0);
    if (resources === 0) return [];
    const { resources: unsupported } = session.unsupported.of(stack);
    const counts = new Map<string, number>();
    let needing = 0;
    for (const { reason } of unsupported) {
      if (reason.startsWith('needs ')) needing++;
      else counts.set(reason, (counts.get(reason) ?? 0) + 1);
    }
    return [
      {
        stack,
        resources,
        made: resources - unsupported.length,
        reasons: [
          ...[...counts].map(([reason, count]) => `${count} × ${reason}`),
          ...(needing > 0 ? [`${needing} × needs an unsupported resource`] : []),
        ],
      },
    ];
  });
}

/** A line per stack and the sum, then why resources are unsupported. */
export function coverageTable(coverage: readonly StackCoverage[]): string {
  const sum = (of: (stack: StackCoverage) => number) => coverage.reduce((total, stack) => total + of(stack), 0);
  const row = (name: string, made: number, resources: number) => [
    name,
    String(made),
    String(resources),
    `${Math.floor((100 * made) / Math.max(1, resources))} %`,
  ];
  const lines = table({
    head: ['stack', 'made', 'resources', ''],
    rows: [
      ...coverage.map(({ stack, made, resources }) => row(stack, made, resources)),
      row(
        `${coverage.length} stacks`,
        sum(({ made }) => made),
        sum(({ resources }) => resources),
      ),
    ],
    numbers: [1, 2, 3],
  });
  const reasons = coverage.flatMap(({ stack, reasons: of }) => of.map((reason) => `${stack}: ${reason}`));
  return [lines, ...(reasons.length > 0 ? ['unsupported:', ...reasons.map((line) => `  ${line}`)] : [])].join('\n');
}

/** What is known to be wrong with an emulator, a line per symptom. */
export function faultList(profile: Emulator['profile']): string {
  if (profile === 'other') return 'nothing is known of the faults of this endpoint: everything is tried';
  const bySymptom = new Map<string, string[]>();
  for (const { type, fault, symptom, only } of knownFaults[profile]) {
    const line = `${fault}: ${symptom}`;
    bySymptom.set(line, [...(bySymptom.get(line) ?? []), only ? `${type} ${only.where}` : type]);
  }
  return [
    `known faults of ${profile}: ${knownFaults[profile].length} types of resources`,
    ...[...bySymptom].map(([line, types]) => `  ${line} (${types.join(', ')})`),
  ].join('\n');
}
