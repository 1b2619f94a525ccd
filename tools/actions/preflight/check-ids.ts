import { includesLevel } from '@platform/libs/settings/adoption';
import { firewallDomainLists } from '@platform/tools/aws/firewall-domain-lists';
import type { Place } from '@platform/tools/model/needs';
import { collect, each, open, type Context } from './context';
import { answer, at, type Finding, type Found } from './finding';

/** Whether the prefix lists of the settings are those of AWS in each region. */
export async function checkPrefixLists(context: Context): Promise<Finding[]> {
  const { EC2Client, paginateDescribeManagedPrefixLists } = await import('@aws-sdk/client-ec2');
  const { environment } = context;
  return each(openRegions(context, 'workload'), async ({ place, region: { key, awsRegion, edgeSources } }) => {
    const wanted = [
      ['distributions', 'com.amazonaws.global.cloudfront.origin-facing'],
      // Below that level, balancers admit no health checkers.
      ...(includesLevel(environment.level, 'accelerated')
        ? [['healthCheckers', `com.amazonaws.${awsRegion}.route53-healthchecks`]]
        : []),
    ] as ['distributions' | 'healthCheckers', string][];
    const question = {
      check: 'prefix list',
      where: at(place),
      needed: wanted.map(([setting]) => `${setting} ${edgeSources[setting]}`).join(', '),
      actions: 'ec2:DescribeManagedPrefixLists',
    };
    return answer(question, async () => {
      const client = new EC2Client(await context.clientOptions(place.role, awsRegion));
      const Filters = [{ Name: 'prefix-list-name', Values: wanted.map(([, name]) => name) }];
      const lists = await collect(
        paginateDescribeManagedPrefixLists({ client }, { Filters }),
        ({ PrefixLists }) => PrefixLists,
      );
      const wrong = wanted.flatMap(([setting, name]): Found[] => {
        const id = lists.find(({ PrefixListName }) => PrefixListName === name)?.PrefixListId;
        if (id === edgeSources[setting]) return [];
        const remedy = id
          ? `write '${id}' into edgeSources.${setting} of region-${key}/region.ts`
          : 'use another AWS region: this one has no such list';
        return [{ verdict: 'fails', found: `${name} is ${id ?? 'missing'}`, remedy }];
      });
      return wrong.length > 0 ? wrong : { verdict: 'ok', found: 'the same' };
    });
  });
}

/** Whether the managed domain lists of the settings exist in each region. */
export async function checkDomainLists(context: Context): Promise<Finding[]> {
  const regions = openRegions(context, 'network').filter(
    ({ region: { managedDomainLists = {} } }) => Object.keys(managedDomainLists).length > 0,
  );
  return each(regions, async ({ place, region: { key, awsRegion, managedDomainLists = {} } }) => {
    const question = {
      check: 'domain list',
      where: at(place),
      needed: Object.entries(managedDomainLists)
        .map(([word, id]) => `${word} ${id}`)
        .join(', '),
      actions: 'route53resolver:ListFirewallDomainLists',
    };
    return answer(question, async () => {
      const lists = await firewallDomainLists(await context.clientOptions(place.role, awsRegion));
      const managed = lists.filter(({ ManagedOwnerName }) => ManagedOwnerName);
      const wrong = Object.entries(managedDomainLists).flatMap(([word, id]): Found[] => {
        if (managed.some(({ Id }) => Id === id)) return [];
        const known = managed.map(({ Id, Name }) => `${Name} ${Id}`).join(', ') || 'none';
        const remedy = `write one of these into managedDomainLists.${word} of region-${key}/region.ts: ${known}`;
        return [{ verdict: 'fails', found: `no managed list ${id}`, remedy }];
      });
      return wrong.length > 0 ? wrong : { verdict: 'ok', found: 'all exist' };
    });
  });
}

/** Each region of the estate in the account of a role. */
function openRegions(context: Context, role: 'workload' | 'network') {
  const account = context.environment.accounts[role];
  const places = context.regions.map((region) => ({
    region,
    place: { role, account, awsRegion: region.awsRegion } satisfies Place,
    account,
    awsRegion: region.awsRegion,
    role,
  }));
  return open(context, places);
}
