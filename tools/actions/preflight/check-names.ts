import type { NameNeed } from '@platform/tools/model/needs';
import type { ClientOptions } from '@platform/tools/aws/client-options';
import { collect, each, open, type Context } from './context';
import { answer, at, isMissing, type Finding, type Found } from './finding';

/** Whether the bucket names are free. A name is unique in the world. */
export async function checkBuckets(context: Context): Promise<Finding[]> {
  const { HeadBucketCommand, S3Client } = await import('@aws-sdk/client-s3');
  return each(open(context, fresh(context, context.needs.buckets)), async (need) => {
    const question = { check: 'bucket name', where: at(need, need.name), needed: 'free', actions: 's3:ListBucket' };
    return answer(question, async (): Promise<Found> => {
      const options = await context.clientOptions(need.role, need.awsRegion);
      const client = new S3Client({ ...options, forcePathStyle: options.endpoint !== undefined });
      try {
        await client.send(new HeadBucketCommand({ Bucket: need.name }));
        return { verdict: 'fails', found: 'exists in the account', remedy: adopt(context, need, need.name) };
      } catch (error) {
        if (isMissing(error)) return { verdict: 'ok', found: 'free' };
        const status = (error as { $metadata?: { httpStatusCode?: number } }).$metadata?.httpStatusCode;
        // Of a bucket that exists and is not the account's, S3 says only this.
        if (status === 403 || status === 301) {
          const remedy = 'change organisation in infra.config.ts: names of buckets begin with it';
          return {
            verdict: 'fails',
            found: status === 403 ? 'taken by another account' : 'taken in another region',
            remedy,
          };
        }
        throw error;
      }
    });
  });
}

type Finder = (options: ClientOptions, need: NameNeed) => Promise<string | undefined>;

/** By type: what the account has under a name, as Terraform imports it; undefined where the name is free. */
const finders: Readonly<Record<string, Finder>> = {
  aws_db_instance: async (options, { name }) => {
    const { DescribeDBInstancesCommand, RDSClient } = await import('@aws-sdk/client-rds');
    await new RDSClient(options).send(new DescribeDBInstancesCommand({ DBInstanceIdentifier: name }));
    return name;
  },
  aws_dynamodb_table: async (options, { name }) => {
    const { DescribeTableCommand, DynamoDBClient } = await import('@aws-sdk/client-dynamodb');
    await new DynamoDBClient(options).send(new DescribeTableCommand({ TableName: name }));
    return name;
  },
  aws_elasticache_replication_group: async (options, { name }) => {
    const { DescribeReplicationGroupsCommand, ElastiCacheClient } = await import('@aws-sdk/client-elasticache');
    await new ElastiCacheClient(options).send(new DescribeReplicationGroupsCommand({ ReplicationGroupId: name }));
    return name;
  },
  aws_iam_openid_connect_provider: async (options, { name, account }) => {
    const { GetOpenIDConnectProviderCommand, IAMClient } = await import('@aws-sdk/client-iam');
    const OpenIDConnectProviderArn = `arn:aws:iam::${account}:oidc-provider/${name.replace(/^https:\/\//, '')}`;
    await new IAMClient(options).send(new GetOpenIDConnectProviderCommand({ OpenIDConnectProviderArn }));
    return OpenIDConnectProviderArn;
  },
  aws_iam_policy: async (options, { name, account }) => {
    const { GetPolicyCommand, IAMClient } = await import('@aws-sdk/client-iam');
    const PolicyArn = `arn:aws:iam::${account}:policy/${name}`;
    await new IAMClient(options).send(new GetPolicyCommand({ PolicyArn }));
    return PolicyArn;
  },
  aws_iam_role: async (options, { name }) => {
    const { GetRoleCommand, IAMClient } = await import('@aws-sdk/client-iam');
    await new IAMClient(options).send(new GetRoleCommand({ RoleName: name }));
    return name;
  },
  aws_kms_alias: async (options, { name }) => {
    const { KMSClient, paginateListAliases } = await import('@aws-sdk/client-kms');
    const aliases = await collect(
      paginateListAliases({ client: new KMSClient(options) }, {}),
      ({ Aliases }) => Aliases,
    );
    return aliases.some(({ AliasName }) => AliasName === name) ? name : undefined;
  },
  aws_lb: async (options, { name }) => {
    const { DescribeLoadBalancersCommand, ElasticLoadBalancingV2Client } = await import(
      '@aws-sdk/client-elastic-load-balancing-v2'
    );
    const client = new ElasticLoadBalancingV2Client(options);
    const { LoadBalancers } = await client.send(new DescribeLoadBalancersCommand({ Names: [name] }));
    return LoadBalancers?.[0]?.LoadBalancerArn;
  },
  aws_lb_target_group: async (options, { name }) => {
    const { DescribeTargetGroupsCommand, ElasticLoadBalancingV2Client } = await import(
      '@aws-sdk/client-elastic-load-balancing-v2'
    );
    const client = new ElasticLoadBalancingV2Client(options);
    const { TargetGroups } = await client.send(new DescribeTargetGroupsCommand({ Names: [name] }));
    return TargetGroups?.[0]?.TargetGroupArn;
  },
  aws_rds_cluster: async (options, { name }) => {
    const { DescribeDBClustersCommand, RDSClient } = await import('@aws-sdk/client-rds');
    const { DBClusters = [] } = await new RDSClient(options).send(
      new DescribeDBClustersCommand({ DBClusterIdentifier: name }),
    );
    return DBClusters.length > 0 ? name : undefined;
  },
  aws_rds_global_cluster: async (options, { name }) => {
    const { DescribeGlobalClustersCommand, RDSClient } = await import('@aws-sdk/client-rds');
    const { GlobalClusters = [] } = await new RDSClient(options).send(
      new DescribeGlobalClustersCommand({ GlobalClusterIdentifier: name }),
    );
    return GlobalClusters.length > 0 ? name : undefined;
  },
  aws_secretsmanager_secret: async (options, { name }) => {
    const { DescribeSecretCommand, SecretsManagerClient } = await import('@aws-sdk/client-secrets-manager');
    const { ARN, DeletedDate } = await new SecretsManagerClient(options).send(
      new DescribeSecretCommand({ SecretId: name }),
    );
    if (DeletedDate) throw new PendingDeletion(name, options.region);
    return ARN;
  },
};

/** A secret whose name stays taken until its deletion is over. */
class PendingDeletion extends Error {
  constructor(
    readonly secret: string,
    readonly region: string,
  ) {
    super(`${secret} is scheduled for deletion`);
  }
}

/** Whether names are free that the stacks without a state will take. */
export async function checkNames(context: Context): Promise<Finding[]> {
  return each(open(context, fresh(context, context.needs.names)), async (need) => {
    const find = finders[need.type];
    if (!find) return [];
    const question = {
      check: 'name',
      where: at(need, need.type.replace(/^aws_/, ''), need.name),
      needed: 'free',
      actions: `the read actions of ${need.type}`,
    };
    return answer(question, async (): Promise<Found> => {
      try {
        const id = await find(await context.clientOptions(need.role, need.awsRegion), need);
        if (id === undefined) return { verdict: 'ok', found: 'free' };
        return { verdict: 'fails', found: 'exists', remedy: adopt(context, need, id) };
      } catch (error) {
        if (error instanceof PendingDeletion) {
          const remedy = `run: aws secretsmanager restore-secret --secret-id ${error.secret} --region ${error.region}, then import it: ${adopt(context, need, error.secret)}`;
          return { verdict: 'fails', found: 'scheduled for deletion', remedy };
        }
        if (isMissing(error) || /NotFoundFault$/.test((error as Error).name)) return { verdict: 'ok', found: 'free' };
        throw error;
      }
    });
  });
}

/** Those whose stack has no state: what a deployed stack made exists rightly. */
function fresh({ deployed }: Context, needs: readonly NameNeed[]): NameNeed[] {
  return needs.filter(({ stack }) => !deployed.has(stack));
}

function adopt({ command }: Context, { stack, address }: NameNeed, id: string): string {
  return `rename or delete it, or import it: ${command('adopt', stack, address, id)}`;
}
