import type { PromiseRegion, PromiseSettings } from './ends';
import type { EstateJson } from './estate-json';
import type { Network } from './network';
import { checkPromises, type PromiseAnswers } from './promises';
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
  });
  return { network, ...checkPromises(network, settings, regions) };
}
