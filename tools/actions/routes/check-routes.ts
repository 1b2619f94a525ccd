import type { PolicyRegion, PolicySettings } from './ends';
import type { EstateJson } from './estate-json';
import type { Network } from './network';
import { inboundAccess } from './inbound-access';
import { checkPolicy, type Violation, type PolicyAnswers } from './check-policy';
import { readNetwork } from './read-network';
import type { Surroundings } from './reading';

/** Reads the network of an environment and holds it against the settings. */
export function checkRoutes(
  estate: EstateJson,
  settings: PolicySettings,
  regions: readonly PolicyRegion[],
): PolicyAnswers & { readonly network: Network } {
  const network = readNetwork(estate, surroundingsOf(settings));
  const answers = checkPolicy(network, settings, regions);
  const open = inboundAccess(estate, network, settings.onPremises?.cidrs ?? []).map(
    ({ place, says }): Violation => ({ rule: 'closed', says, owner: place, hops: [] }),
  );
  return { ...answers, network, violations: [...answers.violations, ...open] };
}

/** What the settings know of networks that no stack makes. */
export function surroundingsOf(settings: PolicySettings): Surroundings {
  return {
    onPremises: settings.onPremises?.cidrs ?? [],
    externals: new Map(
      (settings.externalAttachments ?? []).flatMap(({ attachmentId, cidr }) =>
        attachmentId ? [[attachmentId, cidr]] : [],
      ),
    ),
    partners: new Map(
      Object.values(settings.privateLink.partners ?? {}).flatMap(({ serviceNames, ports }) =>
        Object.values(serviceNames).map((name) => [name, ports]),
      ),
    ),
  };
}
