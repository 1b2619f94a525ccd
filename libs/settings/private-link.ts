import { mainApplication } from './physical-names';
import type { Problem } from './problem';
import { securityGroupRules } from './quotas';
import { byProfile, list, named, oneOf, section, text, whole, type Settings } from './schema';
import type { RegionSettings } from './region';
import { environmentsOf, inRegion, inSettings, type SettingsInput } from './settings-input';

/** AWS services with an interface endpoint, by the end of the endpoint service's name. */
export const endpointServices = [
  'ssm',
  'ssmmessages',
  'ec2messages',
  'ecr.api',
  'ecr.dkr',
  'logs',
  'monitoring',
  'events',
  'secretsmanager',
  'kms',
  'sts',
  'sqs',
  'elasticloadbalancing',
  'autoscaling',
] as const;
/** One of {@link endpointServices}. */
export type EndpointService = (typeof endpointServices)[number];

const offerSchema = section(
  'Offers the service behind the internal network load balancer of the application to others. Left out: nothing is offered. Needs `applications.app.networkBalancer`.',
  {
    allowedPrincipals: list(
      'Who may request a connection; each request is accepted by hand.',
      text({ is: 'ARN of an account, role or user.' }),
    ),
  },
);

const partnerServiceSchema = section("A partner's service that our VPCs use.", {
  serviceNames: named(
    'By region key. Regions without one do not use it.',
    text({
      is: 'Name of the endpoint service, `com.amazonaws.vpce.<region>.vpce-svc-…`.',
      replaces: 'the endpoint',
    }),
  ),
  zones: named(
    'By region key: ids of the zones that have the service, of those in `zones` of the region. AWS refuses an endpoint in another zone; the partner, or `aws ec2 describe-vpc-endpoint-services`, tells. Left out: all zones of the region.',
    list('Zones with an endpoint.', text({ is: 'Id of a zone, such as `use1-az1`.' })),
  ).exactOptional(),
  ports: list(
    { is: 'TCP ports that it answers on.', limits: 'those of all partners in a region at most 59 beside 443' },
    whole({ is: 'TCP port.', unit: 'number', from: 1, to: 65_535 }),
  ),
  privateDns: oneOf(['on', 'off'], {
    is: "`on`: the VPC resolves the partner's own name to the endpoint. Only once the partner has accepted the connection.",
  }),
});
/** A partner's service that our VPCs use. */
export type PartnerServiceSettings = Settings<typeof partnerServiceSchema>;

export const privateLinkSchema = section(
  {
    is: 'Private connections to services, in every region of the environment.',
    applies: 'next deploy of `shared/privatelink`',
  },
  {
    services: byProfile(
      list(
        { is: 'AWS services with an endpoint in every VPC. Each costs per zone and hour.' },
        oneOf(endpointServices, { is: 'End of the name of the endpoint service.' }),
      ),
      { production: [...endpointServices], development: ['ssm', 'ssmmessages', 'ec2messages'] },
      'Production reaches no AWS service over the internet; development pays only for what sessions on instances need.',
    ),
    readableBuckets: list(
      {
        is: 'Buckets of others that instances read through the endpoint of S3, beside those of AWS with packages and image layers. Every other bucket outside the accounts of the environment is refused there. Left out: none.',
        applies: 'next deploy of `region-*/vpc`',
      },
      text({ is: 'Name of a bucket in the region, without `arn:`.' }),
    ).exactOptional(),
    offer: offerSchema.exactOptional(),
    partners: named("Partners' services, by lower-case name.", partnerServiceSchema).exactOptional(),
  },
);
/** Private connections to services, in every region of one environment. */
export type PrivateLinkSettings = Settings<typeof privateLinkSchema>;

/** Interface endpoints of one service in one region, for the preflight to ask AWS about. */
export interface NeededEndpoints {
  /** Region key. */
  readonly region: string;
  readonly awsRegion: string;
  /** `com.amazonaws.us-east-1.kms` */
  readonly serviceName: string;
  /** Ids of the zones with an endpoint. */
  readonly zones: readonly string[];
}

type EndpointRegion = Pick<RegionSettings, 'key' | 'awsRegion' | 'zones' | 'endpointZones'>;

/**
 * Every service that an environment has interface endpoints for, with their zones: what
 * `aws ec2 describe-vpc-endpoint-services` must list in `AvailabilityZones`. AWS answers `InvalidParameter` for an endpoint
 * in a zone that the service lacks (terraform-aws-vpc issues 462 and 785).
 */
export function neededEndpoints(
  { privateLink }: { readonly privateLink: Pick<PrivateLinkSettings, 'services' | 'partners'> },
  regions: readonly EndpointRegion[],
): NeededEndpoints[] {
  return regions.flatMap((region) => {
    const { key, awsRegion } = region;
    const partners = Object.values(privateLink.partners ?? {}).flatMap(({ serviceNames, zones }) => {
      const serviceName = Object.hasOwn(serviceNames, key) ? serviceNames[key] : undefined;
      return serviceName === undefined ? [] : [[serviceName, zones?.[key]] as const];
    });
    const services = privateLink.services.map(
      (service) => [`com.amazonaws.${awsRegion}.${service}`, region.endpointZones?.[service]] as const,
    );
    return [...services, ...partners].map(([serviceName, zones = region.zones]) => ({
      region: key,
      awsRegion,
      serviceName,
      zones,
    }));
  });
}

/** Endpoints: each service once, offers with a service, partners' services in existing regions. */
export function checkPrivateLink(input: SettingsInput): Problem[] {
  return [...checkEnvironments(input), ...input.regions.flatMap((region) => checkEndpointZones(input, region))];
}

function checkEndpointZones(input: SettingsInput, region: RegionSettings): Problem[] {
  return Object.entries(region.endpointZones ?? {}).flatMap(([service, zones]) => {
    const at = (path: string) => inRegion(input, region, `endpointZones.${service}${path}`);
    if (!endpointServices.some((known) => known === service)) {
      const remedy = `use one of ${endpointServices.join(', ')}`;
      return [{ where: at(''), what: `there is no endpoint for "${service}"`, remedy }];
    }
    return checkZones(zones, region, at);
  });
}

function checkZones(zones: readonly string[], region: RegionSettings, at: (path: string) => string): Problem[] {
  if (zones.length === 0) {
    return [{ where: at(''), what: 'there is none', remedy: 'list those that have the service, or remove it' }];
  }
  return zones.flatMap((zone, index) => {
    const where = at(`.${index}`);
    if (!region.zones.includes(zone)) {
      const [last, ...others] = [...region.zones].reverse();
      const remedy = `use ${others.reverse().join(', ')} or ${last}`;
      return [{ where, what: `"${zone}" is not among the zones of ${region.key}`, remedy }];
    }
    return [];
  });
}

function checkEnvironments(input: SettingsInput): Problem[] {
  return environmentsOf(input).flatMap(([environment, { privateLink, applications }]) => {
    const problems: Problem[] = [];
    const add = (path: string, what: string, remedy: string) =>
      problems.push({ where: inSettings(input, `environments.${environment}.privateLink.${path}`), what, remedy });

    privateLink.readableBuckets?.forEach((bucket, index) => {
      // S3 user guide, "General purpose bucket naming rules".
      if (/^[a-z0-9][a-z0-9.-]{1,61}[a-z0-9]$/.test(bucket)) return;
      add(
        `readableBuckets.${index}`,
        `"${bucket}" is not a name of a bucket`,
        'write the name alone, such as acme-packages',
      );
    });
    if (privateLink.offer && !applications[mainApplication]?.networkBalancer) {
      add(
        'offer',
        'there is no internal network load balancer to offer',
        `add applications.${mainApplication}.networkBalancer, or remove offer`,
      );
    }
    if (privateLink.offer?.allowedPrincipals.length === 0) {
      add('offer.allowedPrincipals', 'there is none', 'add one, or remove offer');
    }
    privateLink.offer?.allowedPrincipals.forEach((principal, index) => {
      if (/^arn:aws:iam::\d{12}:(root|role\/\S+|user\/\S+)$/.test(principal)) return;
      add(
        `offer.allowedPrincipals.${index}`,
        `"${principal}" is not an account, role or user`,
        'write an ARN such as arn:aws:iam::999999999999:root; never "*", which lets every account request a connection',
      );
    });
    for (const { key } of input.regions) {
      const used = Object.values(privateLink.partners ?? {}).filter(({ serviceNames }) =>
        Object.hasOwn(serviceNames, key),
      );
      const rules = new Set([443, ...used.flatMap(({ ports }) => ports)]).size;
      if (rules <= securityGroupRules) continue;
      add(
        'partners',
        `${rules} ports in ${key}, with 443 for AWS, are more than the security group of the application's instances can name`,
        `use at most ${securityGroupRules} different ones`,
      );
    }
    for (const [name, { serviceNames, zones = {}, ports }] of Object.entries(privateLink.partners ?? {})) {
      if (Object.keys(serviceNames).length === 0) {
        add(`partners.${name}.serviceNames`, 'there is none', 'add one by region key, or remove the partner');
      }
      for (const [key, own] of Object.entries(zones)) {
        const region = input.regions.find((candidate) => candidate.key === key);
        const at = `partners.${name}.zones.${key}`;
        if (!region || !Object.hasOwn(serviceNames, key)) {
          add(at, `there is no service name for ${key}`, `add serviceNames.${key}, or remove it`);
        } else {
          problems.push(
            ...checkZones(own, region, (path) =>
              inSettings(input, `environments.${environment}.privateLink.${at}${path}`),
            ),
          );
        }
      }
      if (!/^[a-z][a-z0-9-]{0,31}$/.test(name)) {
        add(
          `partners.${name}`,
          `"${name}" cannot be part of resource names`,
          'use 1–32 lower-case letters, digits or hyphens, a letter first',
        );
      }
      for (const [key, serviceName] of Object.entries(serviceNames)) {
        const region = input.regions.find((candidate) => candidate.key === key);
        const at = `partners.${name}.serviceNames.${key}`;
        if (!region) {
          add(at, `there is no region "${key}"`, `use one of ${input.regions.map((other) => other.key).join(', ')}`);
        } else if (
          !new RegExp(`^com\\.amazonaws\\.vpce\\.${region.awsRegion}\\.vpce-svc-[0-9a-f]+$`).test(serviceName)
        ) {
          add(
            at,
            `"${serviceName}" is not an endpoint service of ${region.awsRegion}`,
            `ask the partner: com.amazonaws.vpce.${region.awsRegion}.vpce-svc-…`,
          );
        }
      }
      if (ports.length === 0) add(`partners.${name}.ports`, 'there is none', 'list those that it answers on');
    }
    return problems;
  });
}
