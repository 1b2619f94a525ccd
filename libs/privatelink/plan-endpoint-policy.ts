import type { EndpointService } from '@platform/libs/settings/private-link';
import { ownAccountsStatement } from '@platform/libs/vpc/plan-gateway-policy';

/**
 * Services that also serve resources of AWS or others: public parameters and documents, container images. The
 * instances' roles restrict them.
 */
const servingOthers: readonly EndpointService[] = ['ssm', 'ssmmessages', 'ec2messages', 'ecr.api', 'ecr.dkr'];

/** Policy of the endpoint of a service, for identities of these accounts. */
export function planEndpointPolicy(service: EndpointService, accounts: readonly string[]): object {
  return {
    Version: '2012-10-17',
    Statement: [ownAccountsStatement(accounts, servingOthers.includes(service) ? 'any' : 'own')],
  };
}
