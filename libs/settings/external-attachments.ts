import type { Problem } from './problem';
import { section, text, type Settings } from './schema';
import { environmentsOf, inSettings, type SettingsInput } from './settings-input';

export const externalAttachmentSchema = section(
  'A VPC of another account that is attached to a Transit Gateway of ours. The gateway is shared with that account; its owner creates the attachment; it is accepted and routed as one of its segment.',
  {
    name: text({
      is: 'Lower-case name, unique in the environment; part of resource addresses.',
      replaces: 'its routes',
    }),
    account: text({ is: 'Account id of the owner.', limits: '12 digits, in quotes' }),
    region: text({ is: 'Key of the region whose Transit Gateway it is attached to.' }),
    segment: text({ is: 'Key of `segments`.' }),
    cidr: text({
      is: 'The only range that is routed to it, even if its owner adds others to the VPC.',
      replaces: 'its routes',
    }),
    attachmentId: text({
      is: 'Id of the attachment, `tgw-attach-…`. Left out until its owner has created it: the gateway is shared, and nothing is routed.',
    }).exactOptional(),
  },
);
/** A VPC of another account that is attached to one of our Transit Gateways. */
export type ExternalAttachment = Settings<typeof externalAttachmentSchema>;

/**
 * VPCs of other accounts: names, owners, and that their Transit Gateway and segment exist. Another check covers their
 * networks.
 */
export function checkExternalAttachments(input: SettingsInput): Problem[] {
  const keys = input.regions.map(({ key }) => key);
  const segments = Object.keys(input.settings.segments);
  const problems: Problem[] = [];
  const places = new Map<string, string>();
  for (const [environment, { externalAttachments = [] }] of environmentsOf(input)) {
    externalAttachments.forEach(({ name, account, region, segment, attachmentId }, index) => {
      const add = (field: string, what: string, remedy: string) =>
        problems.push({
          where: inSettings(input, `environments.${environment}.externalAttachments.${index}.${field}`),
          what,
          remedy,
        });
      if (!/^[a-z][a-z0-9-]{0,31}$/.test(name)) {
        add(
          'name',
          `"${name}" cannot be part of resource names`,
          'use 1–32 lower-case letters, digits or hyphens, a letter first',
        );
      } else if (externalAttachments.findIndex((other) => other.name === name) < index) {
        add('name', `"${name}" is the name of another attachment`, 'give each its own');
      }
      if (!/^\d{12}$/.test(account)) {
        add(
          'account',
          `"${account}" is not an AWS account id`,
          'write its 12 digits as a text in quotes, leading zeros included',
        );
      }
      if (!keys.includes(region)) add('region', `there is no region "${region}"`, `use one of ${keys.join(', ')}`);
      if (!segments.includes(segment))
        add('segment', `there is no segment "${segment}"`, `use one of ${segments.join(', ')}`);
      if (attachmentId !== undefined && !/^tgw-attach-[0-9a-f]{17}$/.test(attachmentId)) {
        add(
          'attachmentId',
          `"${attachmentId}" is not an id of an attachment`,
          'ask its owner: tgw-attach- and 17 hexadecimal digits',
        );
      } else if (attachmentId !== undefined) {
        // An attachment has one route table (Transit Gateway guide, "Transit gateway route tables").
        const first = places.get(attachmentId);
        if (first) add('attachmentId', `"${attachmentId}" is that of ${first}`, 'give each attachment its own id');
        else places.set(attachmentId, `externalAttachments.${index} of ${environment}`);
      }
    });
  }
  return problems;
}
