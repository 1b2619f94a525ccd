import { prefixListWeights, quotas, type Quota } from '@platform/libs/settings/quotas';
import type { Problem } from '@platform/libs/settings/problem';
import type { RegionSettings } from '@platform/libs/settings/region';
import { isOverLimit, overDefault, quotaUses, withOthers, type QuotaUse } from '@platform/tools/model/quota-use';
import type { StackConfiguration } from './check-configurations';

/** What the stacks of an environment need of AWS's quotas. */
export interface QuotaCheck {
  /** More than AWS grants to anybody. */
  readonly problems: readonly Problem[];
  /** More than a new account has, one line each. */
  readonly warnings: readonly string[];
}

/**
 * Compares what stacks need of each quota with what a new account has, and with what AWS grants at most.
 * @param others stacks of other environments in the same accounts, a list for each: quotas hold for all together
 */
export function checkQuotas(
  stacks: readonly StackConfiguration[],
  regions: readonly RegionSettings[],
  others: readonly (readonly StackConfiguration[])[] = [],
): QuotaCheck {
  const lists = prefixListsOf(regions);
  const usesOf = (each: readonly StackConfiguration[]) =>
    quotaUses(
      each.map((stack) => ({ ...stack, accounts: stack.environment.accounts })),
      lists,
    );
  const uses = withOthers(usesOf(stacks), others.map(usesOf));
  return {
    problems: uses.filter(isOverLimit).map((use) => {
      const { counts, most, source }: Quota = quotas[use.quota];
      return {
        where: placeOf(use),
        what: `${use.needed} ${counts}, and AWS grants ${most} at most`,
        remedy: `use fewer: ${source}`,
      };
    }),
    warnings: overDefault(uses).map(
      (use) =>
        `quota ${codeOf(quotas[use.quota])}: ${placeOf(use)} needs ${use.needed} ${quotas[use.quota].counts}, and a new account has ${quotas[use.quota].byDefault}`,
    ),
  };
}

/** Weights of the prefix lists that the settings name, by id. */
export function prefixListsOf(regions: readonly RegionSettings[]): Map<string, number> {
  return new Map(
    regions.flatMap(({ edgeSources }): [string, number][] => [
      [edgeSources.distributions, prefixListWeights['cloudfront.origin-facing']],
      [edgeSources.healthCheckers, prefixListWeights['route53-healthchecks']],
    ]),
  );
}

/** `ec2 L-0263D0A3`; the service alone where Service Quotas has no code. */
export function codeOf({ service, code }: Quota): string {
  return code ? `${service} ${code}` : service;
}

function placeOf({ account, awsRegion, of }: QuotaUse): string {
  return [`account ${account}`, awsRegion, ...(of ? [of] : [])].join(', ');
}
