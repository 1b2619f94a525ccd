import { Fn } from 'cdktf';
import type { Construct } from 'constructs';
import type { ApplicationContract } from '@platform/libs/app/contract';
import { originHeaderName } from '@platform/libs/app/origin-header';
import { assertListed, byApplication } from '@platform/libs/contract/by-region';
import type { Contract, Field } from '@platform/libs/contract/contract';
import type { DataContract } from '@platform/libs/data/contract';
import { websiteBucket } from '@platform/libs/data/names';
import { noDistribution, type DistributionContract } from '@platform/libs/edge/contract';
import { LatchKeeper } from '@platform/libs/edge/latch/latch-keeper';
import {
  apiName,
  bucketName,
  furtherApplications,
  originName,
  recordSetName,
  siteName,
} from '@platform/libs/settings/physical-names';
import { FailbackLatch } from '@platform/libs/edge/latch/failback-latch';
import { planOrigins } from '@platform/libs/edge/plan-traffic';
import { PathCanary } from '@platform/libs/edge/path-canary';
import { Website } from '@platform/libs/edge/website';
import type { Differences } from '@platform/libs/settings/differences';
import { atLeast, type Environment } from '@platform/libs/settings/environment';
import { ownerOf } from '@platform/libs/settings/owners';
import { reservedBucketName } from '@platform/libs/settings/reserved-buckets';
import { EstateStack, type Region, type RegionalStackProps } from '@platform/libs/stack/estate-stack';

export interface RegionalDistributionProps extends RegionalStackProps<DistributionContract> {
  /** In the home region, and the applications of all regions. */
  readonly upstream: {
    /** The public hosted zone, which holds the validation records by account role. */
    readonly zone: Contract<{ readonly validationRecords: Field<'map'> }>;
    /** The stores of all regions, including the website's bucket. */
    readonly data: DataContract;
    /** Applications of all regions by region key: each may be an origin. */
    readonly balancers: Readonly<Record<string, ApplicationContract>>;
    /** Further applications, by name and region key. */
    readonly applications: Readonly<Record<string, Readonly<Record<string, ApplicationContract>>>>;
  };
}

/**
 * Only the distribution of the home region has the main name: a name can be on one distribution
 * (https://docs.aws.amazon.com/AmazonCloudFront/latest/DeveloperGuide/CNAMEs.html).
 */
function mainNameAt(
  environment: Environment,
  { contract, region }: RegionalStackProps<DistributionContract>,
): Differences {
  if (region.key !== environment.home || !atLeast(environment, 'origin-failover')) return {};
  return {
    'Website/Distribution/Distribution.aliases': {
      here: 'differs',
      reason: 'a name can be on one distribution only; the records of the others lead to it',
      owner: ownerOf(environment.owners, contract.project) ?? '',
    },
  };
}

/**
 * The region's edge: the latches of the regions that may fail over to it, and its distribution, from level
 * `origin-failover`. It also reads the load balancers of the other regions, for
 * the header by which they recognise it: a deploy waits while one of those regions is lost, requests do not.
 */
export class RegionalDistribution extends EstateStack {
  constructor(scope: Construct, environment: Environment, { upstream, ...props }: RegionalDistributionProps) {
    const { contract, region } = props;
    const differences = { ...mainNameAt(environment, props), ...props.differences };
    super(scope, { environment, account: 'edge', ...props, differences });
    const { validationRecords } = this.read(upstream.zone);
    // For the order only: another account could create a bucket whose name is used before it exists.
    this.read(upstream.data);
    const balancers = Object.values(upstream.balancers).map((balancer) => this.read(balancer));
    if (environment.edge.failback === 'manual') {
      // Numbered, so that counterparts have equal addresses; regions are only ever added at the end.
      const others = Object.keys(upstream.balancers).filter((key) => key !== region.key);
      others.forEach((regionKey, index) => new FailbackLatch(this, `Latch${index}`, { environment, regionKey }));
      this.keepLatch(region.failsOverTo);
    }
    // Also below that level: what the level above made in us-east-1 is destroyed by a provider of it.
    const usEast1 = this.usEast1();
    const applications = byApplication(
      furtherApplications(environment),
      Object.keys(upstream.balancers).map((key) => ({ key })),
      `${contract.project}/upstream.ts`,
      upstream.applications,
    ).map(([name, inRegions]) => ({ name, values: Object.values(inRegions).map((each) => this.read(each)) }));
    if (!atLeast(environment, 'origin-failover')) {
      this.publish(contract, noDistribution);
      return;
    }

    const { mode, level } = environment;
    const { role, failsOverTo } = region;
    assertListed([{ key: failsOverTo }], `${contract.project}/upstream.ts`, { balancers: upstream.balancers });
    const partner = upstream.balancers[failsOverTo]!;
    const [first, second] = planOrigins({ mode, level, region, isPrimary: role === 'primary' });
    const bucket = websiteBucket(environment);
    const copyIn = ({ key, awsRegion }: Region, name: string) =>
      `${bucketName(environment, name, key)}.s3.${awsRegion}.amazonaws.com`;

    const website = new Website(this, 'Website', {
      environment,
      regionKey: region.key,
      accountId: this.accountId,
      validationRecord: Fn.lookup(validationRecords, 'edge'),
      balancers: [originName(environment, first), originName(environment, second)],
      header: headerOf(balancers),
      applications: applications.map(({ name, values }) => ({ name, header: headerOf(values) })),
      ...(bucket ? { buckets: [copyIn(region, bucket), copyIn(partner.stateRegion, bucket)] as const } : {}),
      usEast1,
    });
    if (environment.observability.canaries.run === 'on') this.watchNext(region, Object.values(upstream.balancers));
    this.publish(contract, website.values);
  }

  /**
   * Engages the latch of the region that fails over to this one, where the records tell which region answers: those of
   * active-passive, below level `accelerated`.
   */
  private keepLatch(watched: string): void {
    const { environment, region } = this;
    if (environment.mode !== 'active-passive') return;
    new LatchKeeper(this, 'LatchKeeper', {
      region,
      accountId: this.accountId,
      config: {
        environment: environment.name,
        watched,
        answeredName: recordSetName('failover', apiName(environment)),
        watchedName: originName(environment, watched),
        hereName: originName(environment, region.key),
      },
      runs: !atLeast(environment, 'accelerated'),
      logRetentionDays: environment.edge.firewallLogRetentionDays,
    });
  }

  /** Requests the site of the next region of the list, so that every region is watched from another one. */
  private watchNext(region: Region, balancers: readonly ApplicationContract[]): void {
    const { environment, accountId } = this;
    const all = balancers.map(({ stateRegion }) => stateRegion);
    const next = all[(all.findIndex(({ key }) => key === region.key) + 1) % all.length]!;
    const site = `https://${siteName(environment, next.key)}`;
    new PathCanary(this, 'Canary', {
      name: `${environment.name}-${next.key}-path`,
      roleName: `${environment.name}-canary-${region.key}`,
      bucketName: reservedBucketName(environment, 'canary', region.key),
      accountId,
      awsRegion: region.awsRegion,
      watched: next.awsRegion,
      urls: [...new Set([`${site}/`, `${site}${environment.edge.healthCheck.path}`])],
      settings: environment.observability,
    });
  }
}

/** The values of all load balancers of an application. */
function headerOf(balancers: readonly { readonly originHeaderValue: string }[]) {
  return { name: originHeaderName, value: balancers.map(({ originHeaderValue }) => originHeaderValue).join(',') };
}
