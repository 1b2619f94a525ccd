import type { Problem } from './problem';
import { securityGroupRules } from './quotas';
import { environmentsOf, inSettings, repeated, type SettingsInput } from './settings-input';

/** Endpoints: each service once, offers with something to offer, partners' services where their names say. */
export function checkPrivateLink(input: SettingsInput): Problem[] {
  return environmentsOf(input).flatMap(([environment, { privateLink, application }]) => {
    const problems: Problem[] = [];
    const add = (path: string, what: string, remedy: string) =>
      problems.push({ where: inSettings(input, `environments.${environment}.privateLink.${path}`), what, remedy });

    for (const [service] of repeated(privateLink.services, (service) => service)) {
      add('services', `"${service}" stands there twice`, 'say it once');
    }
    if (privateLink.offer && !application.networkBalancer) {
      add(
        'offer',
        'there is no internal network balancer to offer',
        'add application.networkBalancer, or remove offer',
      );
    }
    privateLink.offer?.allowedPrincipals.forEach((principal, index) => {
      if (/^arn:aws:iam::\d{12}:(root|role\/\S+|user\/\S+)$/.test(principal)) return;
      add(
        `offer.allowedPrincipals.${index}`,
        `"${principal}" is no account, role or user`,
        'write an ARN such as arn:aws:iam::999999999999:root; never "*", which lets everybody ask',
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
          `"${name}" cannot stand in names of resources`,
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
            `"${serviceName}" is no endpoint service of ${region.awsRegion}`,
            `ask the partner: com.amazonaws.vpce.${region.awsRegion}.vpce-svc-…`,
          );
        }
      }
      if (ports.length === 0 || ports.some((port) => !Number.isInteger(port) || port < 1 || port > 65535)) {
        add(
          `partners.${name}.ports`,
          `${JSON.stringify(ports)} are no ports`,
          'list those that it answers on, 1–65535',
        );
      }
      for (const [port] of repeated(ports, (port) => port)) {
        add(`partners.${name}.ports`, `${port} stands there twice`, 'say it once');
      }
    }
    return problems;
  });
}
