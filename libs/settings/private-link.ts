import type { Problem } from './problem';
import { securityGroupRules } from './quotas';
import { byProfile, list, named, oneOf, section, text, whole, type Settings } from './schema';
import { environmentsOf, inSettings, repeated, type SettingsInput } from './settings-input';

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
  'Offers the service behind the internal network load balancer of the application to others. Left out: nothing is offered. Needs `application.networkBalancer`.',
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

/** Endpoints: each service once, offers with a service, partners' services in existing regions. */
export function checkPrivateLink(input: SettingsInput): Problem[] {
  return environmentsOf(input).flatMap(([environment, { privateLink, application }]) => {
    const problems: Problem[] = [];
    const add = (path: string, what: string, remedy: string) =>
      problems.push({ where: inSettings(input, `environments.${environment}.privateLink.${path}`), what, remedy });

    for (const [service] of repeated(privateLink.services, (service) => service)) {
      add('services', `"${service}" is listed twice`, 'list it once');
    }
    privateLink.readableBuckets?.forEach((bucket, index) => {
      // S3 user guide, "General purpose bucket naming rules".
      if (/^[a-z0-9][a-z0-9.-]{1,61}[a-z0-9]$/.test(bucket)) return;
      add(
        `readableBuckets.${index}`,
        `"${bucket}" is not a name of a bucket`,
        'write the name alone, such as acme-packages',
      );
    });
    if (privateLink.offer && !application.networkBalancer) {
      add(
        'offer',
        'there is no internal network load balancer to offer',
        'add application.networkBalancer, or remove offer',
      );
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
    for (const [name, { serviceNames, ports }] of Object.entries(privateLink.partners ?? {})) {
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
      for (const [port] of repeated(ports, (port) => port)) {
        add(`partners.${name}.ports`, `${port} is listed twice`, 'list it once');
      }
    }
    return problems;
  });
}
