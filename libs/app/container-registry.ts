import { EcrLifecyclePolicy } from '@cdktf/provider-aws/lib/ecr-lifecycle-policy';
import { EcrReplicationConfiguration } from '@cdktf/provider-aws/lib/ecr-replication-configuration';
import { EcrRepository } from '@cdktf/provider-aws/lib/ecr-repository';
import type { AwsProvider } from '@cdktf/provider-aws/lib/provider';
import { Construct } from 'constructs';
import type { Protection } from '@platform/libs/settings/protection';

export interface ContainerRegistryProps {
  readonly accountId: string;
  /** Repositories by name, and whether a destroy may delete their images. */
  readonly repositories: Readonly<Record<string, Protection>>;
  /** The first takes pushes; images go from there to the others. */
  readonly places: readonly {
    readonly region: { readonly key: string; readonly awsRegion: string };
    readonly key: { readonly arn: string };
    readonly provider?: AwsProvider;
  }[];
}

/**
 * A repository per application and region, and the replication from the first region to the others, which keeps the digest:
 * one release is the same image everywhere, and a region pulls from itself. A registry has one replication configuration,
 * so it stands once for all applications of an account
 * (https://docs.aws.amazon.com/AmazonECR/latest/userguide/replication.html). It copies images that are pushed after it
 * exists.
 */
export class ContainerRegistry extends Construct {
  constructor(scope: Construct, id: string, { accountId, repositories, places }: ContainerRegistryProps) {
    super(scope, id);
    const [first, ...others] = places;
    for (const [name, protection] of Object.entries(repositories)) {
      for (const { region, key, provider } of places) {
        const own = provider ? { provider } : {};
        const repository = new EcrRepository(this, `${name}-${region.key}`, {
          ...own,
          name,
          imageTagMutability: 'IMMUTABLE',
          imageScanningConfiguration: { scanOnPush: true },
          encryptionConfiguration: [{ encryptionType: 'KMS', kmsKey: key.arn }],
          forceDelete: protection === 'disposable',
        });
        new EcrLifecyclePolicy(this, `Old-${name}-${region.key}`, {
          ...own,
          repository: repository.name,
          policy: JSON.stringify({
            rules: [
              {
                rulePriority: 1,
                description: 'Images that lost their tag',
                selection: { tagStatus: 'untagged', countType: 'sinceImagePushed', countUnit: 'days', countNumber: 30 },
                action: { type: 'expire' },
              },
            ],
          }),
        });
      }
    }
    if (!first || others.length === 0) return;
    new EcrReplicationConfiguration(this, 'Replication', {
      ...(first.provider ? { provider: first.provider } : {}),
      replicationConfiguration: {
        rule: [
          {
            destination: others.map(({ region }) => ({ region: region.awsRegion, registryId: accountId })),
            repositoryFilter: Object.keys(repositories).map((filter) => ({ filter, filterType: 'PREFIX_MATCH' })),
          },
        ],
      },
    });
  }
}
