import { CloudwatchLogResourcePolicy } from '@cdktf/provider-aws/lib/cloudwatch-log-resource-policy';
import { Construct } from 'constructs';
import { EncryptedLogGroup } from '@platform/libs/observability/encrypted-log-group';
import { logDeliveryPolicy } from '@platform/libs/observability/log-delivery-policy';

export interface VpnLogProps {
  /** Name of the environment: the log group is `/prod/vpn`, the resource policy `prod-vpn`. */
  readonly environmentName: string;
  readonly retentionDays: number;
  readonly awsRegion: string;
  readonly accountId: string;
}

/**
 * The log of a region's VPN tunnels: IKE negotiation, dead peer detection, state changes. AWS log delivery writes it,
 * with a resource policy of this group only (CloudWatch Logs user guide, "Logs sent to CloudWatch Logs":
 * https://docs.aws.amazon.com/AmazonCloudWatch/latest/logs/AWS-logs-infrastructure-CWL.html). An account has up to 10
 * such policies per region (CloudWatch Logs API, PutResourcePolicy).
 */
export class VpnLog extends Construct {
  readonly groupArn: string;
  /** Must exist before a tunnel logs: otherwise AWS writes a policy of its own. */
  readonly ready: CloudwatchLogResourcePolicy;

  constructor(scope: Construct, id: string, props: VpnLogProps) {
    super(scope, id);
    const { environmentName, retentionDays, awsRegion, accountId } = props;
    const { name, arn } = new EncryptedLogGroup(this, 'LogGroup', {
      name: `/${environmentName}/vpn`,
      retentionDays,
      awsRegion,
      accountId,
    });
    this.groupArn = arn;
    this.ready = new CloudwatchLogResourcePolicy(this, 'LogWriter', {
      policyName: `${environmentName}-vpn`,
      policyDocument: logDeliveryPolicy({ name, awsRegion, accountId }),
    });
  }
}
