/** The log group that is written to. */
export interface DeliveredLog {
  readonly name: string;
  readonly awsRegion: string;
  readonly accountId: string;
}

/**
 * Resource policy that lets AWS's delivery of logs, by which WAF sends its own, write to one log group.
 *
 * WAF makes a policy itself when its logging is switched on and none lets it in (WAF API, PutLoggingConfiguration). That one is in
 * no plan, nobody makes it again once it is lost, and where all firewalls of an account share it, it grows until WAF is refused
 * (Terraform AWS provider, `aws_wafv2_web_acl_logging_configuration`). So each firewall's log has its own, made before
 * logging is switched on. A region of an account takes 10 (CloudWatch Logs API, PutResourcePolicy).
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
