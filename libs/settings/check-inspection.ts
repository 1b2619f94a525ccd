import { inspectionSegment } from './check-segments';
import type { InspectionSettings } from './inspection';
import { logRetentionDays } from './log-retention';
import type { Problem } from './problem';
import { environmentsOf, inRegion, inSettings, type SettingsInput } from './settings-input';

/** The appliances of every environment, and that the segment which is theirs holds nothing else. */
export function checkInspection(input: SettingsInput): Problem[] {
  return [
    ...checkSegment(input),
    ...environmentsOf(input).flatMap(([name, { inspection }]) =>
      checkAppliances(inspection).map(({ path, what, remedy }) => ({
        where: inSettings(input, `environments.${name}.inspection.${path}`),
        what,
        remedy,
      })),
    ),
  ];
}

function checkAppliances(settings: InspectionSettings) {
  const problems: { path: string; what: string; remedy: string }[] = [];
  const add = (path: string, what: string, remedy: string) => problems.push({ path, what, remedy });
  const whole = (path: string, value: number, least: number, most: number, what: string) => {
    if (!Number.isInteger(value) || value < least || value > most) {
      add(path, `${value} is no ${what}`, `use ${least}–${most}`);
    }
  };
  const { instanceType, image, perZone, scaling, rulesUrl } = settings;
  if (!/^([a-z]+\d+g[a-z]*|a1)\.[a-z0-9-]+$/.test(instanceType)) {
    add(
      'instanceType',
      `"${instanceType}" is not of the arm64 kind that the image is made for`,
      'use one such as c7gn.large',
    );
  }
  if (!image.startsWith('/')) {
    add('image', `"${image}" is no full name of an SSM parameter`, 'begin it with /');
  }
  whole('diskGib', settings.diskGib, 8, 16_384, 'size for a root disk in GiB');
  whole('perZone.min', perZone.min, 1, 100, 'least number of appliances in a zone');
  whole('perZone.max', perZone.max, Math.max(perZone.min, 1), 100, 'greatest number of appliances in a zone');
  whole('scaling.cpuPercent', scaling.cpuPercent, 10, 90, 'load that scaling can aim at');
  whole('scaling.megabitsPerSec', scaling.megabitsPerSec, 1, 200_000, 'traffic that scaling can aim at');
  if (!/^https:\/\/[A-Za-z0-9.-]+\/[A-Za-z0-9._~%/-]+\.(tar\.gz|rules)$/.test(rulesUrl)) {
    add('rulesUrl', `"${rulesUrl}" is no https address of rules`, 'use one that ends with .tar.gz or .rules');
  }
  if (!logRetentionDays.includes(settings.alertRetentionDays)) {
    add(
      'alertRetentionDays',
      `CloudWatch Logs cannot keep alerts for ${settings.alertRetentionDays} days`,
      `use one of ${logRetentionDays.join(', ')}`,
    );
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
