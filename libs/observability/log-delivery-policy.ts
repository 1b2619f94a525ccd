/** The log group that is written to. */
export interface DeliveredLog {
  readonly name: string;
  readonly awsRegion: string;
  readonly accountId: string;
}

/**
 * Resource policy that allows AWS log delivery, which WAF, Resolver query logs and VPN tunnels use, to write to one log group.
 *
 * WAF creates a policy itself when logging is switched on and no policy allows it (WAF API, PutLoggingConfiguration).
 * That policy is in no plan, is not recreated when it is lost, and grows with every web ACL of the account until WAF is
 * refused (Terraform AWS provider, `aws_wafv2_web_acl_logging_configuration`). So each log has its own
 * policy, created before logging is switched on. An account has up to 10 policies per region (CloudWatch Logs API,
 * PutResourcePolicy).
 */
export function logDeliveryPolicy({ name, awsRegion, accountId }: DeliveredLog): string {
  return JSON.stringify({
    Version: '2012-10-17',
    Statement: [
      {
        Effect: 'Allow',
        Principal: { Service: 'delivery.logs.amazonaws.com' },
        Action: ['logs:CreateLogStream', 'logs:PutLogEvents'],
        Resource: `arn:aws:logs:${awsRegion}:${accountId}:log-group:${name}:*`,
        Condition: {
          StringEquals: { 'aws:SourceAccount': accountId },
          ArnLike: { 'aws:SourceArn': `arn:aws:logs:${awsRegion}:${accountId}:*` },
        },
      },
    ],
  });
}
