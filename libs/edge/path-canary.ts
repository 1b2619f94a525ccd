import { IamRole } from '@cdktf/provider-aws/lib/iam-role';
import { IamRolePolicy } from '@cdktf/provider-aws/lib/iam-role-policy';
import { S3Object } from '@cdktf/provider-aws/lib/s3-object';
import { SyntheticsCanary } from '@cdktf/provider-aws/lib/synthetics-canary';
import { Construct } from 'constructs';
import { PrivateBucket } from '@platform/libs/data/private-bucket';
import { alarmsOf } from '@platform/libs/observability/alarms';
import type { ObservabilitySettings } from '@platform/libs/settings/observability';
import { readWorkspaceFile } from '@platform/libs/stack/workspace-file';
import { repeatableZip } from '@platform/libs/stack/repeatable-zip';
import { waive } from '@platform/libs/stack/waive';

export interface PathCanaryProps {
  /** Name in AWS: `prod-ap-path`. */
  readonly name: string;
  /** Name of its role: IAM names are global, so it contains the key of the region that it runs in. */
  readonly roleName: string;
  /** Bucket for its code and results. */
  readonly bucketName: string;
  readonly accountId: string;
  readonly awsRegion: string;
  /** The region that is watched, for the alarm. */
  readonly watched: string;
  /** What users request in the watched region. */
  readonly urls: readonly string[];
  readonly settings: ObservabilitySettings;
}

/** Days that results are kept. */
const resultDays = 31;

/** How long a run may take, in seconds. At least 15, for the start of the function (Synthetics, "runtime versions"). */
const runTimeoutSec = 60;

/**
 * Requests a region's site from another region, as users do: name, certificate, distribution and application. It says what
 * the region's own metrics cannot: that requests do not arrive.
 *
 * The code is an archive that is the same for every synth. Its role may write its results, its log and its metrics, and
 * nothing else (CloudWatch user guide, "Required roles and permissions for canaries":
 * https://docs.aws.amazon.com/AmazonCloudWatch/latest/monitoring/CloudWatch_Synthetics_Canaries_CanaryPermissions.html).
 *
 * An account has up to 100 or 200 canaries per region (CloudWatch user guide, "Synthetics quotas").
 */
export class PathCanary extends Construct {
  constructor(scope: Construct, id: string, props: PathCanaryProps) {
    super(scope, id);
    const { name, settings } = props;
    const { canaries, certificateDays, objectives } = settings;
    const { bucket } = new PrivateBucket(this, 'Bucket', {
      name: props.bucketName,
      retentionDays: resultDays,
      noncurrentRetentionDays: 7,
      protection: 'disposable',
    });
    waive(bucket, {
      CKV_AWS_18: 'it holds results of checks, and the canary is its only reader and writer',
      CKV_AWS_144: 'results are not replicated: nothing is restored from them',
    });
    const code = repeatableZip({
      // Synthetics finds the script in this folder ("Packaging your Node.js canary files").
      'nodejs/node_modules/user-path.js': readWorkspaceFile('libs/edge/canary/user-path.cjs'),
    });
    const archive = new S3Object(this, 'Code', {
      bucket: bucket.id,
      key: 'code/user-path.zip',
      contentBase64: Buffer.from(code).toString('base64'),
      contentType: 'application/zip',
    });
    const role = new IamRole(this, 'Role', {
      name: props.roleName,
      description: `Runs the canary ${name}`,
      assumeRolePolicy: JSON.stringify({
        Version: '2012-10-17',
        Statement: [{ Effect: 'Allow', Principal: { Service: 'lambda.amazonaws.com' }, Action: 'sts:AssumeRole' }],
      }),
    });
    const policy = new IamRolePolicy(this, 'Policy', { name: 'run', role: role.name, policy: rolePolicy(props) });
    const canary = new SyntheticsCanary(this, 'Canary', {
      name,
      runtimeVersion: canaries.runtime,
      handler: 'user-path.handler',
      s3Bucket: bucket.id,
      s3Key: archive.key,
      s3Version: archive.versionId,
      artifactS3Location: `s3://${bucket.id}/results`,
      executionRoleArn: role.arn,
      schedule: { expression: `rate(${canaries.everyMinutes} minutes)` },
      runConfig: {
        timeoutInSeconds: runTimeoutSec,
        environmentVariables: {
          CHECK_URLS: props.urls.join(','),
          // From the other side of the world, with a new connection each time.
          LATENCY_MS: String(4 * objectives.latencyMs),
          LEAST_DAYS: String(certificateDays),
        },
      },
      successRetentionPeriod: resultDays,
      failureRetentionPeriod: resultDays,
      startCanary: true,
      deleteLambda: true,
      dependsOn: [policy],
    });
    alarmsOf(this).add('UserPath', {
      description: `Users do not get through to ${props.watched}, as seen from ${props.awsRegion}: see the last run of the canary ${name}`,
      metric: {
        namespace: 'CloudWatchSynthetics',
        metricName: 'SuccessPercent',
        dimensions: { CanaryName: canary.name },
        statistic: 'Average',
        periodSec: canaries.everyMinutes * 60,
      },
      below: 90,
      periods: 2,
      missing: 'breaching',
    });
  }
}

function rolePolicy({ name, bucketName, accountId, awsRegion }: PathCanaryProps): string {
  const allow = (sid: string, actions: readonly string[], resource: string, condition?: object) => ({
    Sid: sid,
    Effect: 'Allow',
    Action: actions,
    Resource: resource,
    ...(condition ? { Condition: condition } : {}),
  });
  return JSON.stringify({
    Version: '2012-10-17',
    Statement: [
      allow('Results', ['s3:PutObject', 's3:GetObject'], `arn:aws:s3:::${bucketName}/results/*`),
      allow('Bucket', ['s3:GetBucketLocation'], `arn:aws:s3:::${bucketName}`),
      // Neither action supports resources.
      allow('Names', ['s3:ListAllMyBuckets'], '*'),
      allow('Metrics', ['cloudwatch:PutMetricData'], '*', {
        StringEquals: { 'cloudwatch:namespace': 'CloudWatchSynthetics' },
      }),
      allow(
        'Log',
        ['logs:CreateLogGroup', 'logs:CreateLogStream', 'logs:PutLogEvents'],
        `arn:aws:logs:${awsRegion}:${accountId}:log-group:/aws/lambda/cwsyn-${name}-*`,
      ),
    ],
  });
}
