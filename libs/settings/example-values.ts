import { includesLevel } from './adoption';
import type { Environment } from './environment';
import type { Problem } from './problem';
import { acceleratorGroup, notYet, type RegionSettings } from './region';

/** Reserved names and addresses (RFC 2606, RFC 5737). */
const exampleDomain = /(^|\.)(example(\.(com|net|org))?|invalid|test)$/;
const exampleAddress = /^(192\.0\.2|198\.51\.100|203\.0\.113)\./;
/** Twelve times one digit: an account id of documentation. */
const exampleAccount = /^(\d)\1{11}$/;
/** AWS gives out no id that begins with eight zeros. */
const exampleId = /^(rslvr-fdl|pl|sg)-0{8}/;
export const isExampleId = (id: string): boolean => exampleId.test(id);

/**
 * Values of an environment that are still the repository's examples and that AWS would refuse or that belong to others.
 * Offline plans and emulators accept them; plans and deploys to AWS do not.
 */
export function exampleValues(environment: Environment, regions: readonly RegionSettings[]): Problem[] {
  const problems: Problem[] = [];
  const add = (where: string, value: string, remedy: string) =>
    problems.push({ where, what: `"${value}" is an example`, remedy });
  const at = (path: string) => `infra.config.ts: environments.${environment.name}.${path}`;

  if (environment.organisation === 'example') {
    add(
      'infra.config.ts: organisation',
      'example',
      'write your own: names of buckets begin with it, and are unique in the world',
    );
  }
  if (exampleDomain.test(environment.domain)) {
    add(at('domain'), environment.domain, 'write a domain that you can delegate to Route 53');
  }
  const { repository } = environment.access.ci ?? {};
  if (repository !== undefined && /^example(-\d+)?\//.test(repository))
    add(at('access.ci.repository'), repository, 'write your repository, whose workflows may then assume the roles');
  for (const path of ['planSubjects', 'deploySubjects'] as const) {
    environment.access.ci?.[path].forEach((subject, index) => {
      if (!/^repo:example[/-]/.test(subject)) return;
      add(at(`access.ci.${path}.${index}`), subject, 'write your repository, whose workflows may then assume the role');
    });
  }
  for (const [role, id] of Object.entries(environment.accounts)) {
    if (exampleAccount.test(id))
      add(at(`accounts.${role}`), id, 'write the id of the account: aws organizations list-accounts');
  }
  for (const { key, edgeSources, managedDomainLists = {} } of regions) {
    // Below that level they are not used, and the group does not exist.
    if (includesLevel(environment.level, 'accelerated')) {
      const group = acceleratorGroup(edgeSources, environment);
      if (isExampleId(edgeSources.healthCheckers)) {
        add(
          `region-${key}/region.ts: edgeSources.healthCheckers`,
          edgeSources.healthCheckers,
          'take it from aws ec2 describe-managed-prefix-lists in that region',
        );
      }
      if (isExampleId(group)) {
        add(
          `region-${key}/region.ts: edgeSources.accelerator.${environment.name}`,
          group,
          `write '${notYet}' for the first deploy of level accelerated, and then the id of the group that it made`,
        );
      }
    }
    for (const [word, id] of Object.entries(managedDomainLists).filter(([, each]) => isExampleId(each))) {
      add(
        `region-${key}/region.ts: managedDomainLists.${word}`,
        id,
        'take it from aws route53resolver list-firewall-domain-lists in that region, or remove it',
      );
    }
  }
  for (const [team, { email = [], https = [] }] of Object.entries(environment.alarmRecipients ?? {})) {
    email.forEach((address, index) => {
      if (!exampleDomain.test(address.split('@').at(-1)!)) return;
      add(at(`alarmRecipients.${team}.email.${index}`), address, 'write an address that somebody reads');
    });
    https.forEach((address, index) => {
      if (!URL.canParse(address) || !exampleDomain.test(new URL(address).hostname)) return;
      add(at(`alarmRecipients.${team}.https.${index}`), address, 'write the address of your pager, or remove it');
    });
  }
  const { domains = [], connectivity = {} } = environment.onPremises ?? {};
  domains.forEach(({ name }, index) => {
    if (exampleDomain.test(name)) {
      add(`infra.config.ts: onPremises.domains.${index}.name`, name, 'write a domain of yours, or remove onPremises');
    }
  });
  const { vpn, directConnect } = connectivity[environment.name] ?? {};
  const joined = `infra.config.ts: onPremises.connectivity.${environment.name}`;
  for (const [name, { address }] of Object.entries(vpn?.customerGateways ?? {})) {
    if (exampleAddress.test(address)) {
      add(
        `${joined}.vpn.customerGateways.${name}.address`,
        address,
        'write the address of your gateway, or remove vpn',
      );
    }
  }
  (directConnect?.connections ?? []).forEach(({ bgpKeySecretArn }, index) => {
    if (exampleAccount.test(bgpKeySecretArn.split(':')[4] ?? '')) {
      add(
        `${joined}.directConnect.connections.${index}.bgpKeySecretArn`,
        bgpKeySecretArn,
        'write the ARN of the secret with the BGP key, or remove directConnect',
      );
    }
  });
  return problems;
}

/**
 * Load balancers that are open to the internet although only the edge should reach them, a line per region; none below
 * `accelerated`. All plans print them. Not an error, because the accelerator's group exists only after its first
 * deploy.
 */
export function openBalancers(environment: Environment, regions: readonly RegionSettings[]): string[] {
  if (!includesLevel(environment.level, 'accelerated')) return [];
  return regions
    .filter(({ edgeSources }) => acceleratorGroup(edgeSources, environment) === notYet)
    .map(
      ({ key }) =>
        `region-${key}/region.ts: edgeSources.accelerator.${environment.name} is '${notYet}', so the load balancer is open to the internet; write the group's id after this level's first deploy: docs/runbooks/first-deploy.md`,
    );
}
