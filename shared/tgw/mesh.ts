import type { App } from 'cdktf';
import type { Environment } from '@platform/libs/settings/environment';
import type { RegionSettings } from '@platform/libs/settings/region';
import { assertAttached, type AttachedVpc } from '@platform/libs/tgw/attached-vpc';
import { TgwLinkStack } from './link-stack';
import { TgwStack } from './stack';

/**
 * A Transit Gateway for each region and a link for each pair of regions, in the order of the list: two regions reach
 * each other while any third is lost.
 * @throws WrongUse when a VPC of the regions is not attached
 */
export function addMesh(
  app: App,
  environment: Environment,
  regions: readonly RegionSettings[],
  attachedVpcs: readonly AttachedVpc[],
): void {
  assertAttached(regions, attachedVpcs);
  for (const region of regions) new TgwStack(app, { environment, region, regions, attachedVpcs });
  regions.forEach((first, index) => {
    for (const second of regions.slice(index + 1)) new TgwLinkStack(app, { environment, first, second, regions });
  });
}
