import type { AdoptionLevel } from './adoption';
import type { Protection } from './data-stores';

/** The two sets of instances behind the balancer; one is live while the other waits for the next release. */
export const colours = ['blue', 'green'] as const;
export type Colour = (typeof colours)[number];

/** Steps of a canary: share of requests that go to green. */
export const canaryPercents = [0, 5, 25, 100] as const;
export type CanaryPercent = (typeof canaryPercents)[number];

/** What one colour runs. */
export interface ReleaseSettings {
  /** Shown by `/` and in the logs. */
  readonly name: string;
  /**
   * Image for arm64: the name of an SSM parameter, asked at every launch (`/aws/service/ami-amazon-linux-latest/…`), or one
   * AMI id per region key. Only with AMI ids can a failed instance refresh roll back by itself.
   */
  readonly image: string | Readonly<Record<string, string>>;
}

/** Limits of the number of instances of one colour. */
export interface CapacitySettings {
  readonly min: number;
  readonly max: number;
}

/** Queue with dead-letter queue, and bus with archive. */
export interface MessagingSettings {
  /** Seconds that a message is hidden while somebody works on it; longer than the longest piece of work. */
  readonly visibilityTimeoutSec: number;
  /** Attempts before a message goes to the dead-letter queue. */
  readonly attempts: number;
  /** Days that the bus's archive keeps events for replay. */
  readonly archiveDays: number;
}

/** A port of the internal network balancer. */
export interface NetworkListenerSettings {
  /** `TCP` also passes TLS through untouched. */
  readonly protocol: 'TCP' | 'UDP';
  /** Another one in every listener, whatever the protocol. */
  readonly port: number;
  /** Port on the instances. */
  readonly targetPort: number;
}

/**
 * An internal network balancer, for what the application balancer cannot do: fixed addresses, UDP, TLS passed through. It knows no
 * shares: from green's first one on, about half of the connections go there.
 */
export interface NetworkBalancerSettings {
  /** By name: a lower-case word. */
  readonly listeners: Readonly<Record<string, NetworkListenerSettings>>;
  /** Its addresses by region key, one per zone, inside the application subnets. Absent: AWS chooses, and keeps them for its lifetime. */
  readonly addresses?: Readonly<Record<string, readonly string[]>>;
}

/** The application of one environment, the same in every region. */
export interface ApplicationSettings {
  /** Of the arm64 kind, like the images. */
  readonly instanceType: string;
  readonly diskGib: number;
  readonly releases: Readonly<Record<Colour, ReleaseSettings>>;
  /**
   * The one setting of a release: share of requests to green. 0 → 5 → 25 → 100, next time back, 100 → 25 → 5 → 0. The colour that
   * comes in has to be `kept`, and healthy, before its first share: nothing waits for new instances when shares move.
   */
  readonly greenPercent: CanaryPercent;
  /**
   * What becomes of a colour without requests: `kept` at full size, so that a release can come in and going back takes
   * seconds, or `retired` without instances, which halves what they cost between releases. Retire, and keep again, in a change of its own.
   */
  readonly idleColour: 'kept' | 'retired';
  readonly capacity: {
    /** Of a region that takes requests. */
    readonly serving: CapacitySettings;
    /**
     * Of the standby region in mode `active-passive`, by adoption level; a level without a size has that of the level below. One
     * instance at least: nothing else starts the first one, and what fails over leads here at every level.
     */
    readonly waiting: Readonly<{ standby: CapacitySettings } & Partial<Record<AdoptionLevel, CapacitySettings>>>;
  };
  readonly scaling: {
    /** Average CPU that scaling aims at, 10–90 percent. */
    readonly cpuPercent: number;
    /** Requests per minute and instance that scaling aims at. */
    readonly requestsPerMinute: number;
  };
  /**
   * Which instances are replaced. `failed-machines`: those that EC2 finds broken. `failed-health-checks`: also those
   * whose health path fails, which makes a lost database replace every instance, again and again.
   */
  readonly replaces: 'failed-machines' | 'failed-health-checks';
  /** Requests that one address may make in five minutes, 10–2000000000. */
  readonly requestLimit: number;
  readonly alarms: {
    /** Share of requests answered by 5xx, in percent. */
    readonly errorPercent: number;
    /** Limit of the 95th percentile of the time to answer. */
    readonly p95Ms: number;
  };
  /** Absent: neither queue nor bus. */
  readonly messaging?: MessagingSettings;
  /** Absent: none. */
  readonly networkBalancer?: NetworkBalancerSettings;
  /** Count it up to rotate the header by which balancers know the distributions. */
  readonly originHeaderGeneration: number;
  readonly logRetentionDays: number;
  /** `protected`: AWS refuses to delete the balancers, and log buckets keep what they hold. */
  readonly protection: Protection;
}
