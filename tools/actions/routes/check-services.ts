import { onPremisesSegment } from '@platform/libs/settings/segments';
import { reaches } from '@platform/libs/tgw/reach';
import { Conversations, formatConversation, type Conversation } from './conversations';
import type { End, PolicySettings } from './ends';
import type { Network } from './network';
import { ownerOfGap, ownerOfLastHop } from './owner';
import type { Violation } from './check-policy';
import type { Service } from './read-services';
import { letsPass } from './security-groups';
import type { Trace } from './walk';

/** Holds what the estate's services are asked, and ask, against routes, ACLs and the security groups that name networks. */
export function checkServices(
  network: Network,
  ends: readonly End[],
  { segments }: Pick<PolicySettings, 'segments'>,
): Violation[] {
  const { services } = network;
  const rules = services.flatMap(({ groups = [] }) => groups.flatMap(({ ingress, egress }) => [...ingress, ...egress]));
  const told = [...rules.flatMap(({ range }) => range ?? []), ...services.flatMap(({ targets = [] }) => targets)];
  const conversations = new Conversations(network, ends, told);
  return services.flatMap((service) => {
    const { vpc } = service.subnets[0]!;
    const home = ends.find((end) => end.kind === 'vpc' && end.vpc === vpc);
    const premises = ends.find(({ kind }) => kind === 'on-premises');
    const joined =
      home && premises && reaches(segments, home.segment, onPremisesSegment) ? { home, premises } : undefined;
    const asking = (all: readonly Conversation[]) => ({ network, service, conversations, all, joined });
    const application = vpc.subnets.filter(({ id }) => network.speakers.has(id));
    return service.asked.flatMap(({ protocol, port }): Violation[] => {
      const packet = { protocol, port };
      switch (service.kind) {
        case 'store':
        case 'endpoint':
        case 'partner':
          return judge(asking(conversations.amongSubnets(application, service.subnets, packet)));
        case 'appliance':
          return service.subnets.flatMap((subnet) =>
            judge(asking(conversations.amongSubnets([subnet], [subnet], packet))),
          );
        case 'inbound':
          return joined ? judge(asking(conversations.intoSubnets(joined.premises, service.subnets, packet))) : [];
        case 'outbound':
          return joined
            ? judge(asking(conversations.outOfSubnets(service.subnets, service.targets ?? [], packet)))
            : [];
      }
    });
  });
}

interface Asking {
  readonly network: Network;
  readonly service: Service;
  readonly conversations: Conversations;
  readonly all: readonly Conversation[];
  /** The networks at both ends, where the service talks with on premises. */
  readonly joined: { readonly home: End; readonly premises: End } | undefined;
}

/** The first conversation that does not work. */
function judge({ network, service, conversations, all, joined }: Asking): Violation[] {
  const outside = service.kind === 'inbound' || service.kind === 'outbound' ? joined : undefined;
  const ownerOf = (trace: Trace, heads: 'out' | 'home') => {
    if (!outside || trace.outcome.kind !== 'dropped') return ownerOfLastHop(trace);
    const { home, premises } = outside;
    return heads === 'out' ? ownerOfGap(network, home, premises, trace) : ownerOfGap(network, premises, home, trace);
  };
  const { name, subnets, kind, groups, askers = [], place } = service;
  const isHere = (trace: Trace) => trace.outcome.kind === 'host' && subnets.includes(trace.outcome.subnet);
  for (const conversation of all) {
    const { packet, start } = conversation;
    const violation = (says: string, rest: Pick<Violation, 'hops' | 'reply' | 'owner'>): Violation[] => [
      { rule: 'serves', to: name, says: `${says} (${formatConversation(conversation)})`, ...rest },
    ];
    const direction = kind === 'outbound' ? 'egress' : 'ingress';
    for (const there of conversations.ask(conversation)) {
      const works = kind === 'outbound' ? conversations.arrived(there, outside!.premises) : isHere(there);
      if (!works) {
        const says =
          kind === 'outbound' ? `${name} does not reach whom it asks` : `${name} does not get what it is asked`;
        return violation(says, { hops: there.hops, ...ownerOf(there, kind === 'outbound' ? 'out' : 'home') });
      }
      if (groups && !letsPass(groups, direction, packet)) {
        const says = `${name} has no security group that lets this ${direction === 'egress' ? 'out' : 'in'}`;
        return violation(says, { hops: there.hops, owner: groups[0]?.place ?? place });
      }
      const shut = askers.find((own) => !letsPass(own, 'egress', packet));
      if (shut) {
        const says = `${name} is for the application, but no security group of the application allows this out`;
        return violation(says, { hops: there.hops, owner: shut[0]?.place ?? place });
      }
      for (const back of conversations.reply(conversation, there)) {
        const home = start.from === 'subnet' && back.outcome.kind === 'host' && back.outcome.subnet === start.subnet;
        if (!home && !(outside && conversations.arrived(back, outside.premises))) {
          const says = `${name} receives or sends a request, but the reply does not arrive`;
          const owner = ownerOf(back, kind === 'outbound' ? 'home' : 'out');
          return violation(says, { hops: there.hops, reply: back.hops, ...owner });
        }
      }
    }
  }
  return [];
}
