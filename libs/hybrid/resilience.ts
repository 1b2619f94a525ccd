import type { Term } from '@platform/libs/resilience/contribution';

/** A connection is lost, and BGP takes the next one after the hold time; with bidirectional forwarding detection sooner. */
export function connectionFailover(others: number, where: string): Term {
  return {
    phase: 'detection',
    is: others > 0 ? 'BGP takes another connection after a hold time of 90 s' : 'there is no other connection',
    lowSec: 0,
    highSec: others > 0 ? 90 : null,
    setting: 'onPremises.connectivity',
    source: 'https://docs.aws.amazon.com/directconnect/latest/UserGuide/bgp-specific-settings.html',
    where,
  };
}
