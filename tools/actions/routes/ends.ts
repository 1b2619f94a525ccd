import { onPremisesSegment } from '@platform/libs/settings/segments';
import type { Environment } from '@platform/libs/settings/environment';
import { networkOf, type RegionSettings } from '@platform/libs/settings/region';
import { cidrRange, type AddressRange } from '@platform/libs/settings/cidr';
import type { Attachment, Hub, Network, Vpc } from './network';

/** Settings that say who may reach whom, the internet, and services of partners. */
export type PolicySettings = Pick<
  Environment,
  'name' | 'level' | 'segment' | 'segments' | 'externalAttachments' | 'onPremises' | 'natGateways' | 'privateLink'
>;
export type PolicyRegion = Pick<RegionSettings, 'key' | 'awsRegion' | 'cidrs' | 'vpcs'>;

/** A network that conversations begin or end in, as the settings know it, and what the stacks make of it. */
export type End = {
  /** `us/vpc`, `external/acme`, `on-premises` */
  readonly name: string;
  readonly segment: string;
  readonly ranges: readonly AddressRange[];
  /** Region key; absent on premises. */
  readonly region?: string;
} & (
  | { readonly kind: 'vpc'; readonly vpc: Vpc }
  | { readonly kind: 'external'; readonly attachment: Attachment; readonly hub: Hub }
  | { readonly kind: 'on-premises'; readonly attachments: readonly (Attachment & { kind: 'on-premises' })[] }
);

/** Ends of the settings, and the names of those that no stack makes. */
export function endsOf(
  network: Network,
  settings: PolicySettings,
  regions: readonly PolicyRegion[],
): { readonly ends: readonly End[]; readonly missing: readonly string[] } {
  const missing: string[] = [];
  const found = <T>(name: string, thing: T | undefined): T[] => {
    if (thing === undefined) missing.push(name);
    return thing === undefined ? [] : [thing];
  };
  const vpcs = regions.flatMap(({ key, awsRegion, vpcs }) =>
    Object.entries(vpcs).flatMap(([name, { cidrs, segment = settings.segment }]) => {
      const range = cidrRange(networkOf(cidrs, settings));
      const made = network.vpcs.find((vpc) => vpc.awsRegion === awsRegion && vpc.ranges.includes(range));
      return found(`${key}/${name}`, made).map(
        (vpc): End => ({ kind: 'vpc', name: `${key}/${name}`, segment, region: key, ranges: vpc.ranges, vpc }),
      );
    }),
  );
  const externals = (settings.externalAttachments ?? []).flatMap(({ name, region, segment, cidr, attachmentId }) => {
    // Invited, and not there yet.
    if (!attachmentId) return [];
    const attachment = network.attachments.get(attachmentId);
    const hub = [...network.hubs.values()].find(({ associations }) => associations.has(attachmentId));
    const both = attachment && hub ? { attachment, hub } : undefined;
    return found(`external/${name}`, both).map(
      (made): End => ({
        kind: 'external',
        name: `external/${name}`,
        segment,
        region,
        ranges: [cidrRange(cidr)],
        ...made,
      }),
    );
  });
  const attachments = [...network.attachments.values()].filter((attachment) => attachment.kind === 'on-premises');
  const onPremises: End[] =
    settings.onPremises && attachments.length > 0
      ? [
          {
            kind: 'on-premises',
            name: onPremisesSegment,
            segment: onPremisesSegment,
            ranges: settings.onPremises.cidrs.map(cidrRange),
            attachments,
          },
        ]
      : [];
  return { ends: [...vpcs, ...externals, ...onPremises], missing };
}

/** Whose packets come in by an attachment: by a peering those of the networks at the other hub. */
export function sendersOf({ hubs }: Network, attachment: Attachment, hub: Hub, ends: readonly End[]): readonly End[] {
  if (attachment.kind !== 'peer') return ends.filter((end) => isOf(attachment, end));
  const other = hubs.get(attachment.hubs.find((id) => id !== hub.id) ?? '');
  return ends.filter((end) =>
    end.kind === 'vpc' ? end.vpc.awsRegion === other?.awsRegion : end.kind === 'external' && end.hub === other,
  );
}

/** True for the attachment that an end stands behind. */
export function isOf(attachment: Attachment, end: End): boolean {
  switch (end.kind) {
    case 'vpc':
      return attachment.kind === 'vpc' && attachment.vpc === end.vpc;
    case 'external':
      return attachment === end.attachment;
    case 'on-premises':
      return attachment.kind === 'on-premises';
  }
}
