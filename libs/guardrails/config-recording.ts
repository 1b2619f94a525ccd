import { ConfigAggregateAuthorization } from '@cdktf/provider-aws/lib/config-aggregate-authorization';
import { ConfigConfigRule } from '@cdktf/provider-aws/lib/config-config-rule';
import { ConfigConfigurationRecorder } from '@cdktf/provider-aws/lib/config-configuration-recorder';
import { ConfigConfigurationRecorderStatus } from '@cdktf/provider-aws/lib/config-configuration-recorder-status';
import { ConfigDeliveryChannel } from '@cdktf/provider-aws/lib/config-delivery-channel';
import { IamRole } from '@cdktf/provider-aws/lib/iam-role';
import { IamRolePolicy } from '@cdktf/provider-aws/lib/iam-role-policy';
import { IamRolePolicyAttachment } from '@cdktf/provider-aws/lib/iam-role-policy-attachment';
import type { AwsProvider } from '@cdktf/provider-aws/lib/provider';
import type { ITerraformDependable } from 'cdktf';
import { Construct } from 'constructs';
import type { ManagedRule } from './config-rules';

export interface ConfigRecordingProps {
  /** What the names of the rules and of the role begin with: the environment. */
  readonly name: string;
  readonly accountId: string;
  /** A provider of the account for each region, by region key. The first also makes what the account has once. */
  readonly providers: Readonly<Record<string, AwsProvider>>;
  readonly rules: readonly ManagedRule[];
  /** Where a managed recorder delivers its history. Absent: every region of the account has a recorder already. */
  readonly history?: { readonly bucketName: string; readonly ready: ITerraformDependable };
  /** Account and AWS region that may read the results of this account. Absent: they are this account's own. */
  readonly readBy?: { readonly accountId: string; readonly awsRegion: string };
}

/**
 * AWS Config in one account: rules in each region and, unless the account has one, the recorder of what they judge. An
 * account has one recorder and one delivery channel in a region
 * (https://docs.aws.amazon.com/config/latest/developerguide/configlimits.html); it has up to 1,000 rules there.
 *
 * A recorder records the types of the rules only, because each change of a recorded resource is billed. The permissions
 * boundary of the deploy role keeps it from stopping or deleting one: an administrator does.
 */
export class ConfigRecording extends Construct {
  constructor(scope: Construct, id: string, props: ConfigRecordingProps) {
    super(scope, id);
    const { name, providers, rules, readBy } = props;
    const [first] = Object.keys(providers);
    const role = props.history && this.role(props, props.history.bucketName);
    for (const [key, provider] of Object.entries(providers)) {
      const started = role ? [this.recorder(props, key, role)] : [];
      for (const rule of rules.filter(({ once }) => !once || key === first)) {
        const { types, parameters } = rule;
        new ConfigConfigRule(this, `${pascalCase(rule.name)}-${key}`, {
          provider,
          name: `${name}-${rule.name}`,
          source: { owner: 'AWS', sourceIdentifier: rule.identifier },
          ...(types.length > 0
            ? { scope: { complianceResourceTypes: [...types] } }
            : { maximumExecutionFrequency: 'TwentyFour_Hours' }),
          ...(parameters ? { inputParameters: JSON.stringify(parameters) } : {}),
          // AWS refuses a rule where there is no recorder.
          dependsOn: started,
        });
      }
      if (readBy) {
        new ConfigAggregateAuthorization(this, `ReadBy-${key}`, {
          provider,
          accountId: readBy.accountId,
          region: readBy.awsRegion,
        });
      }
    }
  }

  private role({ name, accountId, providers }: ConfigRecordingProps, bucketName: string): IamRole {
    const [provider] = Object.values(providers);
    const role = new IamRole(this, 'Role', {
      provider: provider!,
      name: `${name}-config`,
      assumeRolePolicy: JSON.stringify({
        Version: '2012-10-17',
        Statement: [
          {
            Effect: 'Allow',
            Principal: { Service: 'config.amazonaws.com' },
            Action: 'sts:AssumeRole',
            Condition: { StringEquals: { 'aws:SourceAccount': accountId } },
          },
        ],
      }),
    });
    new IamRolePolicyAttachment(this, 'Read', {
      provider: provider!,
      role: role.name,
      policyArn: 'arn:aws:iam::aws:policy/service-role/AWS_ConfigRole',
    });
    // Into a bucket of another account, Config delivers as the service instead (see `ConfigHistoryBucket`).
    new IamRolePolicy(this, 'Deliver', {
      provider: provider!,
      name: 'deliver',
      role: role.id,
      policy: JSON.stringify({
        Version: '2012-10-17',
        Statement: [
          {
            Effect: 'Allow',
            Action: 's3:PutObject',
            Resource: `arn:aws:s3:::${bucketName}/AWSLogs/${accountId}/*`,
            Condition: { StringLike: { 's3:x-amz-acl': 'bucket-owner-full-control' } },
          },
          { Effect: 'Allow', Action: 's3:GetBucketAcl', Resource: `arn:aws:s3:::${bucketName}` },
        ],
      }),
    });
    return role;
  }

  /** A recorder that records: it needs a channel first. */
  private recorder(
    { name, providers, rules, history }: ConfigRecordingProps,
    key: string,
    role: IamRole,
  ): ITerraformDependable {
    const provider = providers[key]!;
    const recorder = new ConfigConfigurationRecorder(this, `Recorder-${key}`, {
      provider,
      name,
      roleArn: role.arn,
      recordingGroup: {
        allSupported: false,
        recordingStrategy: [{ useOnly: 'INCLUSION_BY_RESOURCE_TYPES' }],
        resourceTypes: [...new Set(rules.flatMap(({ types }) => types))].sort(),
      },
    });
    const channel = new ConfigDeliveryChannel(this, `Channel-${key}`, {
      provider,
      name,
      s3BucketName: history!.bucketName,
      dependsOn: [recorder, history!.ready],
    });
    return new ConfigConfigurationRecorderStatus(this, `Recording-${key}`, {
      provider,
      name: recorder.name,
      isEnabled: true,
      dependsOn: [channel],
    });
  }
}

const pascalCase = (name: string) => name.replaceAll(/(?:^|-)(\w)/g, (_, letter: string) => letter.toUpperCase());
