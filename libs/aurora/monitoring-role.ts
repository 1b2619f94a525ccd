import { IamRole } from '@cdktf/provider-aws/lib/iam-role';
import { IamRolePolicyAttachment } from '@cdktf/provider-aws/lib/iam-role-policy-attachment';
import { Construct } from 'constructs';

export interface MonitoringRoleProps {
  /** IAM roles are global in an account, so the name must differ per region. */
  readonly name: string;
}

/**
 * The role with which RDS writes an instance's operating-system metrics to CloudWatch Logs. An account has up to 1,000
 * roles (IAM user guide, "IAM and AWS STS quotas").
 */
export class MonitoringRole extends Construct {
  readonly arn: string;

  constructor(scope: Construct, id: string, { name }: MonitoringRoleProps) {
    super(scope, id);
    const role = new IamRole(this, 'Role', {
      name,
      assumeRolePolicy: JSON.stringify({
        Version: '2012-10-17',
        Statement: [
          { Effect: 'Allow', Principal: { Service: 'monitoring.rds.amazonaws.com' }, Action: 'sts:AssumeRole' },
        ],
      }),
    });
    new IamRolePolicyAttachment(this, 'Policy', {
      role: role.name,
      policyArn: 'arn:aws:iam::aws:policy/service-role/AmazonRDSEnhancedMonitoringRole',
    });
    this.arn = role.arn;
  }
}
