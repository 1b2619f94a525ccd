import { controlPlanes, reasonFor, recoverySteps, type RecoveryStep } from '@platform/libs/resilience/recovery';
import type { Block } from '@platform/libs/resilience/contribution';
import type { ResilienceFinding } from '@platform/tools/model/resilience';
import type { EstateReading } from './estate-reading';

/** Arguments that name what a resource cannot work without. */
const needed =
  /^(kms_key_id|kms_key_arn|kms_master_key_id|kms_key_identifier|performance_insights_kms_key_id|image_id|ami|secret_arn|certificate_arn)$/;

/** What the steps of recoveries need of the region that is lost. Pure. */
export function checkSteps(
  lost: { readonly key: string; readonly awsRegion: string },
  steps: readonly RecoveryStep[] = recoverySteps,
): ResilienceFinding[] {
  return steps
    .filter(({ loss, plane }) => loss === 'region' && plane === 'control')
    .flatMap(({ path, call, service, region, because }): ResilienceFinding[] => {
      const where = `libs/resilience/recovery.ts: ${path}`;
      const control = controlPlanes[service];
      if (region === lost.key) {
        return [
          {
            rule: 'step-in-lost-region',
            lost: lost.key,
            where,
            what: `${call} is called in ${lost.key}, which is lost`,
            remedy: 'call it in a surviving region, or give the step a reason in `because`',
            declared: because ?? null,
          },
        ];
      }
      if (control?.awsRegion !== lost.awsRegion) return [];
      return [
        {
          rule: 'step-on-global-control-plane',
          lost: lost.key,
          where,
          what: `${call} needs the control plane of ${control.name}, which is in ${control.awsRegion} and lost with ${lost.key} (${control.source})`,
          remedy: 'use a data plane such as health checks, or give the step a reason in `because`',
          declared: because ?? null,
        },
      ];
    });
}

/** What stacks of other regions need of a region that is lost: state, keys, images, certificates, resources. */
export function findDependencies(reading: EstateReading, lost: string, environment: string): ResilienceFinding[] {
  const awsRegion = reading.awsRegionOf(lost);
  const findings: ResilienceFinding[] = [];
  const add = (rule: string, stack: string, to: string, what: string, remedy: string, declared?: string) => {
    const project = reading.stacks.find((each) => each.stack === stack)?.project ?? stack;
    findings.push({
      rule,
      lost,
      where: stack,
      what,
      remedy,
      declared: declared ?? reasonFor(rule, project, to) ?? null,
    });
  };
  for (const description of reading.stacks) {
    const { stack, project } = description;
    const region = regionAlone(reading, description);
    if (region === undefined || region === lost) continue;
    const json = reading.estate.get(stack)!.json;
    const backend = (json.terraform?.['backend'] as { s3?: { region?: string } } | undefined)?.s3?.region;
    if (backend === awsRegion) {
      add(
        'state-in-lost-region',
        stack,
        stack,
        `its state is in ${awsRegion}: nothing of ${region} can be changed while ${lost} is lost`,
        `keep it in the bucket of ${region}: the project must be ${project.startsWith('region-') ? `below region-${region}` : 'one stack per region'} (settings: home, state)`,
      );
    }
    for (const [name, { config }] of Object.entries(json.data?.['terraform_remote_state'] ?? {})) {
      if ((config as { region?: string }).region !== awsRegion) continue;
      const isGlobal =
        regionAlone(
          reading,
          reading.stacks.find((each) => each.stack === name),
        ) === undefined;
      add(
        'reads-state-of-lost-region',
        stack,
        name,
        `its plans read the state of ${name} in ${awsRegion}`,
        'read nothing of another region, or declare it in libs/resilience/recovery.ts',
        isGlobal
          ? `\`npx platform state switch-home -c ${environment} --target aws\` moves the global states to a surviving region`
          : undefined,
      );
    }
    const made = new Map<string, string[]>();
    for (const [type, blocks] of Object.entries(json.resource ?? {})) {
      for (const [name, block] of Object.entries(blocks)) {
        const resource = reading.resource(`${stack}/${type}.${name}`)!;
        if (reading.regionOf(resource) === lost) {
          made.set(type, [...(made.get(type) ?? []), name]);
          continue;
        }
        for (const [argument, key] of neededIn(block as Block)) {
          const followed = String(reading.follow(key, resource) ?? '');
          const other = reading.resourceIn(followed);
          const there = other ? reading.regionOf(other) === lost : followed.includes(`:${awsRegion}:`);
          if (!there) continue;
          add(
            'key-in-lost-region',
            stack,
            type,
            `${type}.${name}: ${argument} names ${other ? reading.where(other) : 'an object'} in ${awsRegion}`,
            `use one of ${region}: a key, image or certificate works in its own region only`,
          );
        }
      }
    }
    const declaredTypes = [...made.keys()].filter((type) => reasonFor('made-in-lost-region', project, type));
    const remedy = 'make it in its own region, or declare it in libs/resilience/recovery.ts';
    if (declaredTypes.length > 0) {
      const what = `${declaredTypes.join(', ')} are made in ${awsRegion}`;
      add('made-in-lost-region', stack, declaredTypes[0]!, what, remedy);
    }
    for (const [type, names] of made) {
      if (declaredTypes.includes(type)) continue;
      add('made-in-lost-region', stack, type, `${type}.${names.join(', ')} is made in ${awsRegion}`, remedy);
    }
  }
  for (const record of reading.ofType('aws_route53_record')) {
    const check = reading.resourceIn(reading.text(record, 'health_check_id') ?? '');
    if (!check || !reading.isBlindTo(check, lost)) continue;
    findings.push({
      rule: 'health-check-in-lost-region',
      lost,
      where: reading.where(check),
      what: `it looks from ${awsRegion} only, so that nothing notices the loss of ${lost}`,
      remedy: 'let it look from three regions or more: leave `regions` out (settings: edge.healthCheck)',
      declared: null,
    });
  }
  return unique(findings);
}

/** Key of the region that a stack belongs to alone; undefined for global stacks and links of two regions. */
export function regionAlone(
  reading: EstateReading,
  description: { readonly stack: string; readonly project: string } | undefined,
): string | undefined {
  if (!description) return undefined;
  const { stack, project } = description;
  const keys = reading.regions.map(({ key }) => key);
  const own = keys.find((key) => project.startsWith(`region-${key}/`));
  if (own !== undefined || /-link-[^-]+-[^-]+$/.test(stack) || project.startsWith('global/')) return own;
  return keys.find((key) => stack.endsWith(`-${key}`));
}

function neededIn(block: Block): [string, unknown][] {
  return Object.entries(block).flatMap(([argument, value]): [string, unknown][] => {
    if (needed.test(argument)) return [[argument, value]];
    if (argument === '//' || typeof value !== 'object' || value === null) return [];
    return [value].flat().flatMap((inside) => (typeof inside === 'object' && inside ? neededIn(inside as Block) : []));
  });
}

function unique(findings: readonly ResilienceFinding[]): ResilienceFinding[] {
  return [...new Map(findings.map((each) => [`${each.rule} ${each.where} ${each.what}`, each])).values()];
}
