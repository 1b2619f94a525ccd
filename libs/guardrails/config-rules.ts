/** One of AWS's managed rules: https://docs.aws.amazon.com/config/latest/developerguide/managed-rules-by-aws-config.html */
export interface ManagedRule {
  /** AWS's name of the rule; its page is `<name>.html` below the page above. */
  readonly name: string;
  readonly identifier: string;
  /** Resource types that it is evaluated for, and that the recorder records. Empty: once a day, of the account. */
  readonly types: readonly string[];
  /** In one region only: what it checks the account has once. */
  readonly once?: true;
  readonly parameters?: Readonly<Record<string, string>>;
}

const instances = ['AWS::EC2::Instance'];

const encryption: readonly ManagedRule[] = [
  { name: 'ec2-ebs-encryption-by-default', identifier: 'EC2_EBS_ENCRYPTION_BY_DEFAULT', types: [] },
  { name: 'encrypted-volumes', identifier: 'ENCRYPTED_VOLUMES', types: ['AWS::EC2::Volume'] },
  { name: 'rds-storage-encrypted', identifier: 'RDS_STORAGE_ENCRYPTED', types: ['AWS::RDS::DBInstance'] },
  {
    name: 'rds-cluster-encrypted-at-rest',
    identifier: 'RDS_CLUSTER_ENCRYPTED_AT_REST',
    types: ['AWS::RDS::DBCluster'],
  },
  { name: 'dynamodb-table-encrypted-kms', identifier: 'DYNAMODB_TABLE_ENCRYPTED_KMS', types: ['AWS::DynamoDB::Table'] },
  { name: 'sns-encrypted-kms', identifier: 'SNS_ENCRYPTED_KMS', types: ['AWS::SNS::Topic'] },
  {
    name: 's3-bucket-server-side-encryption-enabled',
    identifier: 'S3_BUCKET_SERVER_SIDE_ENCRYPTION_ENABLED',
    types: ['AWS::S3::Bucket'],
  },
];

const publicAccess: readonly ManagedRule[] = [
  {
    name: 's3-account-level-public-access-blocks-periodic',
    identifier: 'S3_ACCOUNT_LEVEL_PUBLIC_ACCESS_BLOCKS_PERIODIC',
    types: [],
    once: true,
  },
  {
    name: 's3-bucket-level-public-access-prohibited',
    identifier: 'S3_BUCKET_LEVEL_PUBLIC_ACCESS_PROHIBITED',
    types: ['AWS::S3::Bucket'],
  },
  {
    name: 'rds-instance-public-access-check',
    identifier: 'RDS_INSTANCE_PUBLIC_ACCESS_CHECK',
    types: ['AWS::RDS::DBInstance'],
  },
  {
    name: 'rds-snapshots-public-prohibited',
    identifier: 'RDS_SNAPSHOTS_PUBLIC_PROHIBITED',
    types: ['AWS::RDS::DBSnapshot', 'AWS::RDS::DBClusterSnapshot'],
  },
  { name: 'ebs-snapshot-public-restorable-check', identifier: 'EBS_SNAPSHOT_PUBLIC_RESTORABLE_CHECK', types: [] },
  { name: 'ec2-instance-no-public-ip', identifier: 'EC2_INSTANCE_NO_PUBLIC_IP', types: instances },
  // Its identifier keeps the rule's first name.
  { name: 'restricted-ssh', identifier: 'INCOMING_SSH_DISABLED', types: ['AWS::EC2::SecurityGroup'] },
  {
    name: 'vpc-default-security-group-closed',
    identifier: 'VPC_DEFAULT_SECURITY_GROUP_CLOSED',
    types: ['AWS::EC2::SecurityGroup'],
  },
];

const metadata: readonly ManagedRule[] = [
  { name: 'ec2-imdsv2-check', identifier: 'EC2_IMDSV2_CHECK', types: instances },
  {
    name: 'ec2-launch-template-imdsv2-check',
    identifier: 'EC2_LAUNCH_TEMPLATE_IMDSV2_CHECK',
    types: ['AWS::EC2::LaunchTemplate'],
  },
];

/**
 * Rules for encryption, public access, IMDSv2 and tags. Config records tags of some types only, and the tags rule is for
 * those that bear most of the cost (https://docs.aws.amazon.com/config/latest/developerguide/required-tags.html).
 * @param tags keys of the tags that resources must have, at most six
 * @throws Error for more than six, which the rule does not take
 */
export function configRules(tags: readonly string[]): readonly ManagedRule[] {
  if (tags.length > 6) throw new Error(`the rule required-tags takes six keys, not ${tags.length}: ${tags.join(', ')}`);
  return [
    ...encryption,
    ...publicAccess,
    ...metadata,
    {
      name: 'required-tags',
      identifier: 'REQUIRED_TAGS',
      types: [
        'AWS::AutoScaling::AutoScalingGroup',
        'AWS::DynamoDB::Table',
        ...instances,
        'AWS::EC2::Volume',
        'AWS::ElasticLoadBalancingV2::LoadBalancer',
        'AWS::RDS::DBInstance',
        'AWS::S3::Bucket',
      ],
      parameters: Object.fromEntries(tags.map((key, index) => [`tag${index + 1}Key`, key])),
    },
  ];
}
