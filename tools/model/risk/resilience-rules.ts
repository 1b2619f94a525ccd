import type { EstateRule } from './estate-rule';

/** Rules on objectives and recoveries; `npx platform resilience` has the figures. */
export const resilienceRules: readonly EstateRule[] = [
  {
    id: 'objective-broken',
    level: 'block',
    finds: 'an objective of a user path that the estate does not hold after the change',
    why: 'Users were told that the path holds it.',
    remedy:
      'Run `npx platform resilience -c <environment>` for the terms and settings; keep the figure, or change `objectives` in infra.config.ts.',
    source:
      'https://docs.aws.amazon.com/wellarchitected/latest/reliability-pillar/rel_planning_for_recovery_objective_defined_recovery.html',
    look: ({ broken }) => broken,
  },
  {
    id: 'recovery-needs-lost',
    level: 'block',
    finds: 'a region that needs the state, a key, an image or an API of another region',
    why: 'While the other region is lost, this one cannot recover or be changed.',
    remedy: 'Keep it in the region itself, or declare it with a reason in libs/resilience/recovery.ts.',
    source:
      'https://docs.aws.amazon.com/whitepapers/latest/aws-fault-isolation-boundaries/aws-fault-isolation-boundaries.html',
    look: ({ dependencies }) => dependencies,
  },
  {
    id: 'rehearsal-old',
    level: 'note',
    finds: 'a change of what carries a user path whose rehearsal is older than the settings allow, or missing',
    why: 'What a rehearsal has shown holds for the estate of that day.',
    remedy:
      'After the deploy run `npx platform gameday list` for the rehearsals of the path, and commit the evidence; the age is `objectives.rehearsedWithinDays`.',
    source:
      'https://docs.aws.amazon.com/wellarchitected/latest/reliability-pillar/rel_planning_for_recovery_dr_tested.html',
    look: ({ unrehearsed }) => unrehearsed,
  },
];
