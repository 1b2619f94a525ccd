import { CreateSecurityGroupCommand, EC2Client } from '@aws-sdk/client-ec2';
import type { NetworkBalancerSettings } from '@platform/libs/settings/application';
import type { Emulator } from '@platform/tools/emulator/profile';
import { EmulatedEstate } from './emulated-estate';
import { liveThrough, type Lifecycle } from './lifecycle';

/** Of twins one: another test says that they differ in nothing. */
const stacks = [
  'region-us-vpc',
  'global-zone',
  'region-us-certificate',
  'region-us-alb-asg-app',
  'global-route53',
  'shared-tgw-us',
  'shared-hybrid-us',
  'shared-resolver-us',
  'shared-privatelink-us',
] as const;
const inspection = ['shared-security-gwlb-us'] as const;

const networkBalancer: NetworkBalancerSettings = {
  listeners: {
    tls: { protocol: 'TCP', port: 443, targetPort: 8443 },
    names: { protocol: 'UDP', port: 53, targetPort: 5353 },
  },
};

/** What moto carries: networks and what joins them, the application with its queue, buckets and both balancers, names. */
export const networkStacks = [...stacks, ...inspection];

/** The lives of these stacks; inspection beside the others, for it is there at the highest level only. */
export async function liveNetworkHalf(emulator: Emulator): Promise<Lifecycle[]> {
  return (await Promise.all([liveSpokes(emulator), liveInspection(emulator)])).flat();
}

async function liveSpokes(emulator: Emulator): Promise<Lifecycle[]> {
  const estate = await EmulatedEstate.open({
    emulator,
    change: (settings) => ({
      ...settings,
      applications: { ...settings.applications, app: { ...settings.applications['app']!, networkBalancer } },
    }),
  });
  try {
    // What the other half carries: here it only has to be named.
    await estate.standIn('region-us-data');
    await estate.standIn('region-us-aurora', { clientSecurityGroupId: await securityGroup(emulator) });
    for (const stack of ['region-ap-alb-asg-app', 'region-us-cloudfront', 'region-ap-cloudfront', 'global-ga']) {
      await estate.standIn(stack);
    }
    return await liveThrough(estate, stacks);
  } finally {
    estate.close();
  }
}

async function liveInspection(emulator: Emulator): Promise<Lifecycle[]> {
  const estate = await EmulatedEstate.open({
    emulator,
    change: (settings) => ({ ...settings, level: 'inspected' }),
  });
  try {
    return await liveThrough(estate, inspection);
  } finally {
    estate.close();
  }
}

/** A group that instances can join. */
async function securityGroup({ endpoint }: Emulator): Promise<string> {
  const credentials = { accessKeyId: 'emulator', secretAccessKey: 'emulator' };
  const client = new EC2Client({ region: 'us-east-1', endpoint, credentials });
  const { GroupId } = await client.send(
    new CreateSecurityGroupCommand({ GroupName: 'clients', Description: 'Clients of the database' }),
  );
  return GroupId!;
}
