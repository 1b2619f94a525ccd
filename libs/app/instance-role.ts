import { IamInstanceProfile } from '@cdktf/provider-aws/lib/iam-instance-profile';
import { IamRole } from '@cdktf/provider-aws/lib/iam-role';
import { IamRolePolicy } from '@cdktf/provider-aws/lib/iam-role-policy';
import { Construct } from 'constructs';

/** One Allow statement of an IAM policy. */
export interface Permission {
  readonly sid: string;
  readonly actions: readonly string[];
  readonly resources: readonly string[];
  readonly condition?: Readonly<Record<string, Readonly<Record<string, string | readonly string[]>>>>;
}

/** The statement of a policy. */
export function allowStatement({ sid, actions, resources, condition }: Permission) {
  return {
    Sid: sid,
    Effect: 'Allow',
    Action: actions,
    Resource: resources,
    ...(condition ? { Condition: condition } : {}),
  };
}

export interface InstanceRoleProps {
  /** Name of role and instance profile. IAM names are global, so it contains the region's key. */
  readonly name: string;
  /** Purpose of the role, shown in IAM. */
  readonly description: string;
  readonly permissions: readonly Permission[];
}

/**
 * Permissions for Session Manager and Run Command (Systems Manager user guide, "Instance profile for Session Manager";
 * messages of Run Command). The managed policy AmazonSSMManagedInstanceCore would also allow every parameter of the
 * account. None of these actions supports resources.
 */
const systemsManager: Permission = {
  sid: 'SystemsManager',
  actions: [
    'ec2messages:AcknowledgeMessage',
    'ec2messages:DeleteMessage',
    'ec2messages:FailMessage',
    'ec2messages:GetEndpoint',
    'ec2messages:GetMessages',
    'ec2messages:SendReply',
    'ssm:UpdateInstanceInformation',
    'ssmmessages:CreateControlChannel',
    'ssmmessages:CreateDataChannel',
    'ssmmessages:OpenControlChannel',
    'ssmmessages:OpenDataChannel',
  ],
  resources: ['*'],
};

/**
 * A role for instances: the given permissions and Systems Manager access; there are no SSH keys. All permissions are in
 * one inline policy; a role may have up to 10,240 characters of them (IAM user guide, "IAM and AWS STS quotas").
 */
export class InstanceRole extends Construct {
  readonly profileArn: string;

  constructor(scope: Construct, id: string, { name, description, permissions }: InstanceRoleProps) {
    super(scope, id);
    const role = new IamRole(this, 'Role', {
      name,
      description,
      assumeRolePolicy: JSON.stringify({
        Version: '2012-10-17',
        Statement: [{ Effect: 'Allow', Principal: { Service: 'ec2.amazonaws.com' }, Action: 'sts:AssumeRole' }],
      }),
    });
    new IamRolePolicy(this, 'Policy', {
      name: 'application',
      role: role.name,
      policy: JSON.stringify({
        Version: '2012-10-17',
        Statement: [systemsManager, ...permissions].map(allowStatement),
      }),
    });
    this.profileArn = new IamInstanceProfile(this, 'Profile', { name, role: role.name }).arn;
  }
}
