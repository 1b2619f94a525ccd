/** What the keeper is told, as JSON in its variable `LATCH`. */
export interface KeeperConfig {
  readonly environment: string;
  /** Key of the region that is watched. */
  readonly watched: string;
  /** Name of the record set that clients are answered from: `failover.api.example.com`. */
  readonly answeredName: string;
  /** Name of the watched region's load balancer. */
  readonly watchedName: string;
  /** Name of the load balancer of the keeper's region. */
  readonly hereName: string;
}
