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
 * agent (https://docs.aws.amazon.com/systems-manager/latest/userguide/ssm-agent-technical-details.html).
 */
function bucketsOfAws(awsRegion: string): string[] {
  return [
    `al2023-repos-${awsRegion}-de612dc2`,
    `prod-${awsRegion}-starport-layer-bucket`,
    `amazon-ssm-${awsRegion}`,
    `amazon-ssm-packages-${awsRegion}`,
    `aws-ssm-${awsRegion}`,
    `aws-ssm-document-attachments-${awsRegion}`,
    `${awsRegion}-birdwatcher-prod`,
    `patch-baseline-snapshot-${awsRegion}`,
  ];
}

/**
 * Endpoint policy with the same perimeter as those of the interface endpoints: identities of these accounts, on
 * resources of these accounts. Objects of AWS and of the named buckets may be read, also without an identity, because
 * package managers have none.
 *
 * If a request names no resource, its account is unknown and not checked.
 */
export function planGatewayPolicy(
  service: 's3' | 'dynamodb',
  awsRegion: string,
  { accounts, readableBuckets }: GatewayAccess,
): object {
  const own = [...new Set(accounts)].sort();
  const readable = [...bucketsOfAws(awsRegion), ...readableBuckets];
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
          StringEqualsIfExists: { 'aws:ResourceAccount': own },
        },
      },
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
