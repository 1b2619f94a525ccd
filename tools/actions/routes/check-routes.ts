import type { PromiseRegion, PromiseSettings } from './ends';
import type { EstateJson } from './estate-json';
import type { Network } from './network';
import { openDoors } from './open-doors';
import { checkPromises, type BrokenPromise, type PromiseAnswers } from './promises';
import { readNetwork } from './read-network';

/** Reads the network of an environment and holds it against the settings. */
export function checkRoutes(
  estate: EstateJson,
  settings: PromiseSettings,
  regions: readonly PromiseRegion[],
): PromiseAnswers & { readonly network: Network } {
  const network = readNetwork(estate, {
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
  });
  const answers = checkPromises(network, settings, regions);
  const open = openDoors(estate, network, settings.onPremises?.cidrs ?? []).map(
    ({ place, says }): BrokenPromise => ({ promise: 'closed', says, owner: place, hops: [] }),
  );
  return { ...answers, network, broken: [...answers.broken, ...open] };
}
