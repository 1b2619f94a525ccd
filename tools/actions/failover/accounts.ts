import type { Environment } from '@platform/libs/settings/environment';
import type { AccountRole } from '@platform/libs/settings/organisation';
import type { RegionSettings } from '@platform/libs/settings/region';
import type { ClientOptions } from '@platform/tools/aws/client-options';
import type { LiveTarget } from '@platform/tools/aws/live-target';

/** What a failover needs to know. It reads no state, runs no Terraform and needs no region but the one that takes over. */
export interface FailoverContext {
  readonly environment: Environment;
  readonly regions: readonly RegionSettings[];
  readonly target: Pick<LiveTarget, 'name' | 'clientOptions'>;
  /** Key of a region of which nothing is asked. */
  readonly lost?: string;
}

/** A region that does not answer must not delay what the others say. */
const impatience = {
  requestHandler: { connectionTimeout: 3_000, requestTimeout: 10_000, throwOnRequestTimeout: true },
};

/** Region of Global Accelerator's API, the only one (Global Accelerator API reference, "Welcome"). */
const acceleratorRegion = 'us-west-2';

/** Clients of the accounts that a failover works in. */
export class Accounts {
  constructor(private readonly context: Pick<FailoverContext, 'target'>) {}

  private async options(role: AccountRole, awsRegion: string): Promise<ClientOptions> {
    return { ...(await this.context.target.clientOptions(role, awsRegion)), ...impatience, maxAttempts: 2 };
  }

  async rds(awsRegion: string) {
    const { RDSClient } = await import('@aws-sdk/client-rds');
    return new RDSClient(await this.options('workload', awsRegion));
  }

  async fleets(awsRegion: string) {
    const { AutoScalingClient } = await import('@aws-sdk/client-auto-scaling');
    return new AutoScalingClient(await this.options('workload', awsRegion));
  }

  async balancers(awsRegion: string) {
    const { ElasticLoadBalancingV2Client } = await import('@aws-sdk/client-elastic-load-balancing-v2');
    return new ElasticLoadBalancingV2Client(await this.options('workload', awsRegion));
  }

  async metrics(role: AccountRole, awsRegion: string) {
    const { CloudWatchClient } = await import('@aws-sdk/client-cloudwatch');
    return new CloudWatchClient(await this.options(role, awsRegion));
  }

  async tables(awsRegion: string) {
    const { DynamoDBClient } = await import('@aws-sdk/client-dynamodb');
    return new DynamoDBClient(await this.options('workload', awsRegion));
  }

  async objects(role: AccountRole, awsRegion: string) {
    const { S3Client } = await import('@aws-sdk/client-s3');
    const options = await this.options(role, awsRegion);
    return new S3Client({ ...options, forcePathStyle: options.endpoint !== undefined });
  }

  async networks(awsRegion: string) {
    const { EC2Client } = await import('@aws-sdk/client-ec2');
    return new EC2Client(await this.options('network', awsRegion));
  }

  async connections(awsRegion: string) {
    const { DirectConnectClient } = await import('@aws-sdk/client-direct-connect');
    return new DirectConnectClient(await this.options('network', awsRegion));
  }

  async accelerator() {
    const { GlobalAcceleratorClient } = await import('@aws-sdk/client-global-accelerator');
    return new GlobalAcceleratorClient(await this.options('edge', acceleratorRegion));
  }
}
