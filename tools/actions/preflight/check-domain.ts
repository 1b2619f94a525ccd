import { each, open, type Context, collect } from './context';
import { answer, at, type Finding, type Found } from './finding';

/** Days before its end in which a certificate that was not renewed is a warning. ACM renews 60 days before (ACM user guide, "Managed certificate renewal"). */
const RENEWED_BY_DAYS = 45;

const withoutDot = (name: string) => name.replace(/\.$/, '').toLowerCase();

/** Whether the internet asks the name servers of the zone for each public domain. */
export async function checkDelegation(context: Context): Promise<Finding[]> {
  const { GetHostedZoneCommand, ListHostedZonesByNameCommand, Route53Client } = await import(
    '@aws-sdk/client-route-53'
  );
  return each(open(context, context.needs.hostedZones), async (need) => {
    const question = {
      check: 'delegation',
      where: at(need, need.domain),
      needed: 'the name servers of the hosted zone',
      actions: 'route53:ListHostedZonesByName, route53:GetHostedZone',
    };
    return answer(question, async (): Promise<Found> => {
      const client = new Route53Client(await context.clientOptions(need.role, need.awsRegion));
      const { HostedZones = [] } = await client.send(new ListHostedZonesByNameCommand({ DNSName: need.domain }));
      const zones = HostedZones.filter(
        ({ Name = '', Config }) => withoutDot(Name) === need.domain && !Config?.PrivateZone,
      );
      const [zone] = zones;
      if (!zone) {
        const remedy = 'deploy global/zone, then enter its output nameServers at the registrar';
        return { verdict: 'note', found: 'no hosted zone yet', remedy };
      }
      if (zones.length > 1) {
        const ids = zones.map(({ Id = '' }) => Id.replace('/hostedzone/', '')).join(', ');
        return {
          verdict: 'fails',
          found: `${zones.length} zones of this name: ${ids}`,
          remedy: 'delete those that are not delegated to',
        };
      }
      const { DelegationSet } = await client.send(new GetHostedZoneCommand({ Id: zone.Id }));
      const own = (DelegationSet?.NameServers ?? []).map(withoutDot).sort();
      const public_ = (await context.nameServers(need.domain)).map(withoutDot).sort();
      if (own.length > 0 && own.every((server) => public_.includes(server)))
        return { verdict: 'ok', found: own.join(', ') };
      return {
        verdict: 'fails',
        found: public_.length === 0 ? 'the domain is not delegated' : `delegated to ${public_.join(', ')}`,
        remedy: `at the registrar, or in the parent zone, enter the name servers ${own.join(', ')}`,
      };
    });
  });
}

/** Whether certificates that exist are issued, and renewed in time. */
export async function checkCertificates(context: Context): Promise<Finding[]> {
  const { ACMClient, DescribeCertificateCommand, paginateListCertificates } = await import('@aws-sdk/client-acm');
  return each(open(context, context.needs.certificates), async (need) => {
    const question = {
      check: 'certificate',
      where: at(need, need.domain),
      needed: `valid for more than ${RENEWED_BY_DAYS} days`,
      actions: 'acm:ListCertificates, acm:DescribeCertificate',
    };
    return answer(question, async () => {
      const client = new ACMClient(await context.clientOptions(need.role, need.awsRegion));
      const summaries = await collect(paginateListCertificates({ client }, {}), (page) => page.CertificateSummaryList);
      const found: Found[] = [];
      for (const { CertificateArn, DomainName } of summaries) {
        if (DomainName !== need.domain) continue;
        const { Certificate } = await client.send(new DescribeCertificateCommand({ CertificateArn }));
        const { Status, NotAfter, RenewalSummary } = Certificate ?? {};
        const days = NotAfter ? Math.floor((NotAfter.getTime() - context.now.getTime()) / 86_400_000) : Infinity;
        if (Status === 'ISSUED' && days > RENEWED_BY_DAYS) continue;
        if (Status === 'ISSUED') {
          const renewal = RenewalSummary?.RenewalStatus ? `, renewal ${RenewalSummary.RenewalStatus}` : '';
          found.push({
            verdict: days > 0 ? 'note' : 'fails',
            found: days > 0 ? `ends in ${days} days${renewal}` : `ended${renewal}`,
            remedy: 'check the validation record in global/zone: without it, ACM does not renew',
          });
        } else if (Status !== 'INACTIVE') {
          const pending = Status === 'PENDING_VALIDATION';
          found.push({
            verdict: pending ? 'note' : 'fails',
            found: `${Status}`,
            remedy: pending
              ? 'ACM issues it once the domain is delegated to the hosted zone'
              : `delete it, and deploy again: ${CertificateArn}`,
          });
        }
      }
      return found.length > 0 ? found : { verdict: 'ok', found: summaries.length > 0 ? 'as needed' : 'none yet' };
    });
  });
}
