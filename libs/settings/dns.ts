/** A domain whose names are answered by servers outside AWS. */
export interface ForwardedDomain {
  /** Name without a dot at the end, such as `corp.example.com`; everything below it is forwarded as well. */
  readonly name: string;
  /** IPv4 addresses of its servers, in on-premises ranges. At least two, so that one may be away, and at most six, each once. */
  readonly targets: readonly string[];
}

/**
 * What happens to a query that the DNS firewall cannot judge because it is itself impaired. `open` answers it: names keep
 * resolving, and a blocked one may slip through. `closed` refuses it: then the firewall's availability is everybody's.
 */
export const firewallFailures = ['open', 'closed'] as const;
/** One of {@link firewallFailures}. */
export type FirewallFailure = (typeof firewallFailures)[number];

/** How names are resolved inside the VPCs. */
export interface DnsSettings {
  /** Days that the log of queries is kept; one of the retention periods of CloudWatch Logs. */
  readonly queryLogRetentionDays: number;
  readonly firewallFails: FirewallFailure;
  /** Domains that nobody inside may resolve, beside AWS's managed lists; `*.` in front covers what lies below. */
  readonly blockedDomains: readonly string[];
}
