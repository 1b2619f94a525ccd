import { EcsCluster } from '@cdktf/provider-aws/lib/ecs-cluster';
import { IamRole } from '@cdktf/provider-aws/lib/iam-role';
import { IamRolePolicy } from '@cdktf/provider-aws/lib/iam-role-policy';
import { Construct } from 'constructs';
import { allowStatement, type Permission } from './instance-role';

export interface ContainerClusterProps {
  /** Name of the cluster, and prefix of the roles' names. */
  readonly name: string;
  readonly regionKey: string;
  readonly accountId: string;
  /** ARN of the repository with the images. */
  readonly repositoryArn: string;
  /** ARNs of the secrets that tasks get. */
  readonly secretArns: readonly string[];
  readonly logGroupArn: string;
  /** Permissions of the service itself. */
  readonly permissions: readonly Permission[];
}

/**
 * What the tasks of both colours share: a cluster with metrics, the role that starts tasks, and the role that tasks have.
 * Starting takes the image of one repository, the named secrets and the log; tasks have only what the application uses.
 * Both roles can be assumed for tasks of this account only (ECS developer guide, "Amazon ECS task IAM role":
 * https://docs.aws.amazon.com/AmazonECS/latest/developerguide/task-iam-roles.html).
 */
export class ContainerCluster extends Construct {
  readonly cluster: EcsCluster;
  readonly executionRoleArn: string;
  readonly taskRoleArn: string;

  constructor(scope: Construct, id: string, props: ContainerClusterProps) {
    super(scope, id);
    const { name, permissions } = props;
    this.cluster = new EcsCluster(this, 'Cluster', {
      name,
      setting: [{ name: 'containerInsights', value: 'enabled' }],
    });
    const start: Permission[] = [
      // Without resources, as AWS has it (service authorization reference, Amazon ECR).
      { sid: 'Registry', actions: ['ecr:GetAuthorizationToken'], resources: ['*'] },
      {
        sid: 'Image',
        actions: ['ecr:BatchCheckLayerAvailability', 'ecr:BatchGetImage', 'ecr:GetDownloadUrlForLayer'],
        resources: [props.repositoryArn],
      },
      {
        sid: 'Log',
        actions: ['logs:CreateLogStream', 'logs:PutLogEvents'],
        resources: [`${props.logGroupArn}:*`],
      },
      ...(props.secretArns.length > 0
        ? [{ sid: 'Secrets', actions: ['secretsmanager:GetSecretValue'], resources: props.secretArns }]
        : []),
    ];
    this.executionRoleArn = this.role('Execution', props, 'Starts the tasks of the application', start);
    this.taskRoleArn = this.role('Task', props, `Tasks of ${name}`, permissions);
  }

  private role(
    id: string,
    { name, regionKey, accountId }: ContainerClusterProps,
    description: string,
    permissions: readonly Permission[],
  ): string {
    const role = new IamRole(this, id, {
      name: `${name}-${regionKey}-${id.toLowerCase()}`,
      description,
      assumeRolePolicy: JSON.stringify({
        Version: '2012-10-17',
        Statement: [
          {
            Effect: 'Allow',
            Principal: { Service: 'ecs-tasks.amazonaws.com' },
            Action: 'sts:AssumeRole',
            Condition: { StringEquals: { 'aws:SourceAccount': accountId } },
          },
        ],
      }),
    });
    if (permissions.length > 0) {
      new IamRolePolicy(this, `${id}Policy`, {
        name: 'application',
        role: role.name,
        policy: JSON.stringify({ Version: '2012-10-17', Statement: permissions.map(allowStatement) }),
      });
    }
    return role.arn;
  }
}
