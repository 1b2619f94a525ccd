import type { EndpointService } from '@platform/libs/settings/private-link';

/**
 * Services that also hand out what AWS or others own: public parameters and documents, container images. The instances'
 * roles say which of it they may have.
 */
const servingOthers: readonly EndpointService[] = ['ssm', 'ssmmessages', 'ec2messages', 'ecr.api', 'ecr.dkr'];

/**
 * Who may use an endpoint, and for what: identities of these accounts, on resources of these accounts. Credentials of
 * somebody else that were brought in are refused, and so is a copy to somebody else's queue or key.
 *
 * Where a request names no resource, its account is not known and not asked for.
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
