/** A statement of a bucket policy. Only a Deny may have a wildcard principal. */
export type BucketStatement = {
  readonly Sid: string;
  readonly Action: string | readonly string[];
  readonly Resource: string | readonly string[];
  readonly Condition?: Readonly<Record<string, Readonly<Record<string, string>>>>;
} & (
  | { readonly Effect: 'Deny'; readonly Principal: '*' }
  | { readonly Effect: 'Allow'; readonly Principal: { readonly Service: string } | { readonly AWS: string } }
);

const arnsOf = (bucket: string) => [`arn:aws:s3:::${bucket}`, `arn:aws:s3:::${bucket}/*`];

/** Denies every request without TLS 1.2 or newer. */
export function tlsOnlyStatements(bucket: string): BucketStatement[] {
  const refuse = { Effect: 'Deny', Principal: '*', Action: 's3:*', Resource: arnsOf(bucket) } as const;
  return [
    { Sid: 'NoPlainHttp', ...refuse, Condition: { Bool: { 'aws:SecureTransport': 'false' } } },
    { Sid: 'NoOldTls', ...refuse, Condition: { NumericLessThan: { 's3:TlsVersion': '1.2' } } },
  ];
}

/** Allows S3 to deliver access logs of this account's buckets. */
export function accessLogStatement(bucket: string, accountId: string): BucketStatement {
  return {
    Sid: 'AccessLogs',
    Effect: 'Allow',
    Principal: { Service: 'logging.s3.amazonaws.com' },
    Action: 's3:PutObject',
    Resource: `arn:aws:s3:::${bucket}/*`,
    Condition: { StringEquals: { 'aws:SourceAccount': accountId } },
  };
}

/**
 * Allows the distributions of one account to read, through origin access control. Bound to the account and not to one
 * distribution, because distributions are created after the bucket and each region's may read every copy.
 */
export function websiteStatement(bucket: string, distributionAccountId: string): BucketStatement {
  return {
    Sid: 'Distributions',
    Effect: 'Allow',
    Principal: { Service: 'cloudfront.amazonaws.com' },
    Action: ['s3:GetObject', 's3:ListBucket'],
    Resource: arnsOf(bucket),
    Condition: { ArnLike: { 'aws:SourceArn': `arn:aws:cloudfront::${distributionAccountId}:distribution/*` } },
  };
}
