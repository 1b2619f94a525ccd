import type { PlanJson } from '../plan';
import { actionOf } from '../plan-review';
import type { Finding } from '../review';
import { levels } from '../review';
import { secretsOf, withoutSecrets } from '../secrets';
import { accessRules } from './access-rules';
import { dataRules } from './data-rules';
import type { EstateRule, EstateSighting, JudgedEstate } from './estate-rule';
import { networkRules } from './network-rules';
import { changeRules, estateRules } from './process-rules';
import { recoveryRules } from './recovery-rules';
import { resilienceRules } from './resilience-rules';
import { ReviewedChange, type ResourceRule, type RiskRule } from './rule';

/** The table, by topic. */
export const riskTopics: readonly { readonly title: string; readonly rules: readonly (ResourceRule | EstateRule)[] }[] =
  [
    { title: 'Data', rules: dataRules },
    { title: 'Recovery', rules: recoveryRules },
    { title: 'Objectives', rules: resilienceRules },
    { title: 'Network', rules: networkRules },
    { title: 'Access', rules: accessRules },
    { title: 'How the change is made', rules: [...changeRules, ...estateRules] },
  ];

export const riskRules: readonly RiskRule[] = riskTopics.flatMap(({ rules }) => rules);

const resourceRules: readonly ResourceRule[] = [
  ...dataRules,
  ...recoveryRules,
  ...networkRules,
  ...accessRules,
  ...changeRules,
];

/** Where a plan belongs. */
export interface PlanPlace {
  readonly stack: string;
  readonly project: string | null;
  readonly region: string | null;
  readonly owner: string | null;
}

/** What the rules on resources find in one plan. No sensitive value is in it. */
export function judgePlan(plan: PlanJson, place: PlanPlace): Finding[] {
  const found = (plan.resource_changes ?? []).flatMap((resource) => {
    const action = actionOf(resource);
    if (action === undefined || (resource.mode as string | undefined) === 'data') return [];
    const change = new ReviewedChange(resource, { action }, place.project ?? undefined);
    const address = resource.deposed ? `${resource.address} (deposed ${resource.deposed})` : resource.address;
    return resourceRules.flatMap((rule) =>
      rule
        .look(change)
        .map(({ what, argument }) =>
          findingOf(rule, place, { what: `${address} ${what}`, address, ...(argument ? { argument } : {}) }),
        ),
    );
  });
  return withoutSecrets(found, secretsOf(plan));
}

/** What the rules on stacks and on the estate find. */
export function judgeEstate(estate: JudgedEstate): Finding[] {
  const places = new Map(estate.stacks.map((stack) => [stack.stack, stack]));
  return [...resilienceRules, ...estateRules].flatMap((rule) =>
    rule.look(estate).map((sighting) => {
      const place = sighting.stack === undefined ? undefined : places.get(sighting.stack);
      return findingOf(rule, place ?? { stack: null, region: null, owner: null }, sighting);
    }),
  );
}

function findingOf(
  { id, level, why: ofRule, remedy }: RiskRule,
  { stack, region, owner }: Pick<PlanPlace, 'region' | 'owner'> & { readonly stack: string | null },
  { what, why = ofRule, address, argument }: EstateSighting,
): Finding {
  return {
    rule: id,
    level,
    what,
    why,
    remedy,
    where: { stack, address: address ?? null, argument: argument ?? null },
    region,
    owner,
    waiver: null,
  };
}

/** Blocks first; the order of the table and of the stacks within a level. */
export function sortFindings(findings: readonly Finding[]): Finding[] {
  return [...findings].sort((a, b) => levels.indexOf(a.level) - levels.indexOf(b.level));
}
