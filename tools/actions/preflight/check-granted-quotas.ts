import { quotas, type Quota } from '@platform/libs/settings/quotas';
import type { Place } from '@platform/tools/model/needs';
import type { QuotaUse } from '@platform/tools/model/quota-use';
import { collect, each, open, type Context } from './context';
import { answer, at, isMissing, type Finding } from './finding';

/** Share of the default from which on a quota is asked for: below it, an account with fewer than the default is not expected. */
const NEAR = 0.5;

/** Whether the account has what the stacks need of each quota that they come near. */
export async function checkGrantedQuotas(context: Context): Promise<Finding[]> {
  const { GetAWSDefaultServiceQuotaCommand, GetServiceQuotaCommand, ServiceQuotasClient } = await import(
    '@aws-sdk/client-service-quotas'
  );
  const near = context.needs.quotas.filter(({ quota, needed }) => needed > quotas[quota].byDefault * NEAR);
  const uses = near.flatMap((use) => {
    const place = context.needs.accounts.find(({ account }) => account === use.account);
    return place ? [{ ...use, role: place.role }] : [];
  });
  return each(open(context, uses), async (use) => {
    const { code, counts, service }: Quota = quotas[use.quota];
    if (!code) return [];
    const question = {
      check: 'quota',
      where: at(use, `${service} ${code}`),
      needed: `${use.needed} ${counts}`,
      actions: 'servicequotas:GetServiceQuota',
    };
    return answer(question, async () => {
      const client = new ServiceQuotasClient(await context.clientOptions(use.role, use.awsRegion));
      const which = { ServiceCode: service, QuotaCode: code };
      const granted = await client.send(new GetServiceQuotaCommand(which)).catch((error: unknown) => {
        // An account that never had another value than the default.
        if (!isMissing(error)) throw error;
        return client.send(new GetAWSDefaultServiceQuotaCommand(which));
      });
      const value = granted.Quota?.Value ?? 0;
      // Once the estate is there, what exists is also its own.
      const others = [...context.deployed].every((stack) => stack.startsWith('global-'))
        ? await existing(context, use)
        : 0;
      const needed = use.needed + others;
      const found = others > 0 ? `${value}, of which ${others} are in use` : String(value);
      if (value >= needed) return { verdict: 'ok', found };
      const options = `--service-code ${service} --quota-code ${code} --desired-value ${needed} --region ${use.awsRegion}`;
      return {
        verdict: 'fails',
        found,
        remedy: `in account ${use.account}, run: aws service-quotas request-service-quota-increase ${options}`,
      };
    });
  });
}

/** What others have of the quotas that a new account reaches first: its default VPC, for example. */
async function existing(context: Context, { quota, role, awsRegion }: QuotaUse & Place): Promise<number> {
  const ec2 = await import('@aws-sdk/client-ec2');
  const client = new ec2.EC2Client(await context.clientOptions(role, awsRegion));
  switch (quota) {
    case 'vpcs':
      return (await collect(ec2.paginateDescribeVpcs({ client }, {}), ({ Vpcs }) => Vpcs)).length;
    case 'internetGateways':
      return (await collect(ec2.paginateDescribeInternetGateways({ client }, {}), (page) => page.InternetGateways))
        .length;
    case 'elasticIps':
      return ((await client.send(new ec2.DescribeAddressesCommand({}))).Addresses ?? []).length;
    default:
      return 0;
  }
}
