import { capacity } from './application';
import { checkImage, imageSetting } from './images';
import { logRetentionByProfile, logRetention } from './log-retention';
import type { Problem } from './problem';
import { byDefault, byProfile, either, named, section, text, whole, type Settings } from './schema';
import { inspectionSegment } from './segments';
import { environmentsOf, inRegion, inSettings, type SettingsInput } from './settings-input';

export const inspectionSchema = section(
  {
    is: 'The appliances that inspect traffic between networks and to the internet, from level `inspected`. The same in every region.',
    applies: 'next deploy of `shared/security/gwlb`',
  },
  {
    instanceType: byProfile(
      either(
        {
          is: 'Instance type, arm64 like the image: one for all regions, or one per region key where a zone does not offer it (`aws ec2 describe-instance-type-offerings --location-type availability-zone-id`). Its network is the limit: packets come in and go out by the same interface.',
          replaces: 'the appliances, one after the other',
        },
        [text({ is: 'Instance type.' }), named('By region key.', text({ is: 'Instance type.' }))],
      ),
      { production: 'c7gn.large', development: 't4g.medium' },
      'A network-optimised type; a development environment inspects little.',
    ),
    diskGib: byDefault(
      whole({ is: 'Root disk.', unit: 'GiB', from: 8, to: 16_384, replaces: 'the appliances, one after the other' }),
      20,
    ),
    image: byDefault(
      imageSetting({
        is: 'Amazon Linux 2023 for arm64, plain or with Suricata installed: what is missing is installed at the first start.',
        replaces: 'the appliances, one after the other',
      }),
      '/aws/service/ami-amazon-linux-latest/al2023-ami-kernel-default-arm64',
      'AWS keeps this parameter at the newest image.',
    ),
    perZone: capacity(
      { is: 'Appliances per zone. With `min` 1 a zone passes nothing while its only appliance is replaced.' },
      { least: 1, most: 100, unit: 'appliances' },
      { production: { min: 2, max: 4 }, development: { min: 1, max: 2 } },
    ),
    scaling: section('What scaling aims at.', {
      cpuPercent: byDefault(
        whole({ is: 'Average CPU.', unit: '%', from: 10, to: 90 }),
        50,
        'Half is left for a zone that is lost.',
      ),
      megabitsPerSec: byProfile(
        whole({ is: 'Traffic that comes in, per appliance.', unit: 'Mbit/s', from: 1, to: 200_000 }),
        { production: 1500, development: 200 },
      ),
    }).prefault({}),
    rulesUrl: byDefault(
      text({
        is: 'Rules that appliances fetch every day, beside those of the estate.',
        limits: 'an https address that ends with .tar.gz or .rules',
      }),
      'https://rules.emergingthreats.net/open/suricata-7.0.3/emerging.rules.tar.gz',
      'The rules that suricata-update fetches by default.',
    ),
    alertRetentionDays: byProfile(logRetention('How long alerts are kept.'), logRetentionByProfile),
  },
);

/** The appliances of level `inspected`. */
export type InspectionSettings = Settings<typeof inspectionSchema>;

/**
 * Instance type of a region's appliances.
 * @throws Error when there is none for the region; the settings check reports it first
 */
export function instanceTypeIn({ instanceType }: Pick<InspectionSettings, 'instanceType'>, regionKey: string): string {
  const type = typeof instanceType === 'string' ? instanceType : instanceType[regionKey];
  if (type === undefined) throw new Error(`inspection.instanceType has nothing for region ${regionKey}`);
  return type;
}

/** The appliances of every environment, and that no network belongs to their segment. */
export function checkInspection(input: SettingsInput): Problem[] {
  return [
    ...checkSegment(input),
    ...environmentsOf(input).flatMap(([name, { inspection }]) =>
      checkAppliances(inspection, input).map(({ path, what, remedy }) => ({
        where: inSettings(input, `environments.${name}.inspection.${path}`),
        what,
        remedy,
      })),
    ),
  ];
}

function checkAppliances({ instanceType, image, perZone, rulesUrl }: InspectionSettings, { regions }: SettingsInput) {
  const problems: { path: string; what: string; remedy: string }[] = [];
  const add = (path: string, what: string, remedy: string) => problems.push({ path, what, remedy });
  const types = typeof instanceType === 'string' ? { '': instanceType } : instanceType;
  for (const [key, type] of Object.entries(types)) {
    const path = key ? `instanceType.${key}` : 'instanceType';
    if (key && !regions.some((region) => region.key === key)) {
      add(path, `there is no region "${key}"`, `use one of ${regions.map((region) => region.key).join(', ')}`);
    } else if (!/^([a-z]+\d+g[a-z]*|a1)\.[a-z0-9-]+$/.test(type)) {
      add(path, `"${type}" is not of the arm64 kind that the image is made for`, 'use one such as c7gn.large');
    }
  }
  for (const { key } of regions) {
    if (typeof instanceType === 'string' || Object.hasOwn(instanceType, key)) continue;
    add('instanceType', `there is none for region ${key}`, `add ${key}: 'c7gn.large'`);
  }
  for (const { path, what, remedy } of checkImage(image, { regions })) add(`image${path}`, what, remedy);
  if (perZone.max < perZone.min) {
    add('perZone.max', `${perZone.max} is less than the least number, ${perZone.min}`, `use ${perZone.min}–100`);
  }
  if (!/^https:\/\/[A-Za-z0-9.-]+\/[A-Za-z0-9._~%/-]+\.(tar\.gz|rules)$/.test(rulesUrl)) {
    add('rulesUrl', `"${rulesUrl}" is not an https address of rules`, 'use one that ends with .tar.gz or .rules');
  }
  return problems;
}

function checkSegment(input: SettingsInput): Problem[] {
  const { segments } = input.settings;
  const problems: Problem[] = [];
  const add = (where: string, what: string, remedy: string) => problems.push({ where, what, remedy });
  const remedy = 'use another one: its table decides about what comes out of inspection';

  if (!Object.hasOwn(segments, inspectionSegment)) {
    add(
      inSettings(input, `segments.${inspectionSegment}`),
      'is missing, and with it the table for what comes out of inspection',
      `add ${inspectionSegment}: { reaches: [] }`,
    );
  }
  for (const [name, { reaches }] of Object.entries(segments)) {
    if (name === inspectionSegment ? reaches.length > 0 : reaches.includes(inspectionSegment)) {
      add(
        inSettings(input, `segments.${name}.reaches`),
        `${name === inspectionSegment ? `"${reaches.join(', ')}"` : `"${inspectionSegment}"`} cannot be reached like a network`,
        'leave it out: inspection passes on what others may reach',
      );
    }
  }
  for (const [name, { segment, externalAttachments = [] }] of environmentsOf(input)) {
    if (segment === inspectionSegment) {
      add(inSettings(input, `environments.${name}.segment`), `"${segment}" is not for networks`, remedy);
    }
    externalAttachments.forEach((attachment, index) => {
      if (attachment.segment !== inspectionSegment) return;
      const where = inSettings(input, `environments.${name}.externalAttachments.${index}.segment`);
      add(where, `"${attachment.segment}" is not for networks`, remedy);
    });
  }
  for (const region of input.regions) {
    for (const [name, { segment }] of Object.entries(region.vpcs)) {
      if (segment === inspectionSegment) {
        add(inRegion(input, region, `vpcs.${name}.segment`), `"${segment}" is not for networks`, remedy);
      }
    }
    if (Object.hasOwn(region.vpcs, inspectionSegment)) {
      add(
        inRegion(input, region, `vpcs.${inspectionSegment}`),
        'has the name of the VPC that shared/security/gwlb makes',
        'rename the VPC and its folder',
      );
    }
  }
  return problems;
}
