/** What may be used through the gateway endpoints of a VPC. */
export interface GatewayAccess {
  /** Accounts whose identities may use S3 and DynamoDB, on resources of these accounts. */
  readonly accounts: readonly string[];
  /** Names of buckets in other accounts that may be read. */
  readonly readableBuckets: readonly string[];
}

/**
 * Buckets of AWS that instances read: packages of Amazon Linux 2023
 * (https://repost.aws/knowledge-center/ec2-al1-al2-update-yum-without-internet), image layers of ECR
 * (https://docs.aws.amazon.com/AmazonECR/latest/userguide/vpc-endpoints.html#ecr-minimum-s3-perms), and files of the SSM
 * agent (https://docs.aws.amazon.com/systems-manager/latest/userguide/ssm-agent-minimum-s3-permissions.html).
 */
function bucketsOfAws(awsRegion: string): string[] {
  return [
    `al2023-repos-${awsRegion}-de612dc2`,
    `prod-${awsRegion}-starport-layer-bucket`,
    `amazon-ssm-${awsRegion}`,
    `amazon-ssm-packages-${awsRegion}`,
    `aws-ssm-${awsRegion}`,
    `aws-ssm-distributor-file-${awsRegion}`,
    `aws-ssm-document-attachments-${awsRegion}`,
    `${awsRegion}-birdwatcher-prod`,
    `patch-baseline-snapshot-${awsRegion}`,
  ];
}

/**
 * The perimeter of every endpoint: identities of these accounts, on resources of these accounts. Credentials of another
 * account are refused, and so is a copy to another account's queue or key.
 *
 * If a request names no resource, its account is unknown and not checked.
 * @param resources `any`: also those of other accounts
 */
export function ownAccountsStatement(accounts: readonly string[], resources: 'own' | 'any' = 'own'): object {
  const own = [...new Set(accounts)].sort();
  return {
    Sid: 'OwnAccounts',
    Effect: 'Allow',
    Principal: '*',
    Action: '*',
    Resource: '*',
    Condition: {
      StringEquals: { 'aws:PrincipalAccount': own },
      ...(resources === 'any' ? {} : { StringEqualsIfExists: { 'aws:ResourceAccount': own } }),
    },
  };
}

/**
 * Endpoint policy with the perimeter of {@link ownAccountsStatement}. Objects of AWS and of the named buckets may be read,
 * also without an identity, because package managers have none.
 */
export function planGatewayPolicy(
  service: 's3' | 'dynamodb',
  awsRegion: string,
  { accounts, readableBuckets }: GatewayAccess,
): object {
  const readable = [...bucketsOfAws(awsRegion), ...readableBuckets];
  return {
    Version: '2012-10-17',
    Statement: [
      ownAccountsStatement(accounts),
      ...(service === 's3'
        ? [
            {
              Sid: 'ReadFromOthers',
              Effect: 'Allow',
              Principal: '*',
              Action: 's3:GetObject',
              Resource: readable.map((bucket) => `arn:aws:s3:::${bucket}/*`),
            },
          ]
        : []),
    ],
  };
}
