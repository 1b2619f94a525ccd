import type { EndpointService } from '@platform/libs/settings/private-link';

/**
 * Services that also serve resources of AWS or others: public parameters and documents, container images. The
 * instances' roles restrict them.
 */
const servingOthers: readonly EndpointService[] = ['ssm', 'ssmmessages', 'ec2messages', 'ecr.api', 'ecr.dkr'];

/**
 * Endpoint policy: identities of these accounts, on resources of these accounts. Credentials of another account are
 * refused, and so is a copy to another account's queue or key.
 *
 * If a request names no resource, its account is unknown and not checked.
 */
export function planEndpointPolicy(service: EndpointService, accounts: readonly string[]): object {
  const own = [...new Set(accounts)].sort();
  return {
    Version: '2012-10-17',
    Statement: [
      {
        Sid: 'OwnAccounts',
        Effect: 'Allow',
        Principal: '*',
        Action: '*',
        Resource: '*',
        Condition: {
          StringEquals: { 'aws:PrincipalAccount': own },
          ...(servingOthers.includes(service) ? {} : { StringEqualsIfExists: { 'aws:ResourceAccount': own } }),
        },
      },
    ],
  };
}
