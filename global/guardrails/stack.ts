import type { AwsProvider } from '@cdktf/provider-aws/lib/provider';
import { Fn, Token } from 'cdktf';
import type { Construct } from 'constructs';
import { assertListed, byRegion } from '@platform/libs/contract/by-region';
import { AccountDefaults } from '@platform/libs/guardrails/account-defaults';
import { CostAlerts } from '@platform/libs/guardrails/cost-alerts';
import { VpcPublicAccess } from '@platform/libs/guardrails/vpc-public-access';
import type { Environment } from '@platform/libs/settings/environment';
import { costRecipients } from '@platform/libs/settings/guardrails';
import { accountRoles, type AccountRole } from '@platform/libs/settings/organisation';
import { EstateStack, type Region } from '@platform/libs/stack/estate-stack';
import { regions } from '@platform/shared/regions';
import { home } from '../home';
import { contract } from './contract';
import { vpcs as vpcContracts } from './upstream';

/** Limits on money and on whole accounts; each is off until the settings turn it on. */
export class GuardrailsStack extends EstateStack {
  private readonly made = new Map<string, AwsProvider>();

  constructor(scope: Construct, environment: Environment) {
    super(scope, { environment, contract, region: home, account: 'management' });
    const { accounts, guardrails, name } = environment;
    assertListed(regions, 'global/guardrails/upstream.ts', { vpcs: vpcContracts });
    const vpcs = byRegion(regions, vpcContracts, (vpc) => this.read(vpc));
    const ids = [...new Set(Object.values(accounts))];
    new CostAlerts(this, 'Costs', {
      name,
      settings: guardrails,
      accountIds: ids,
      recipients: costRecipients(environment),
    });
    if (guardrails.accountDefaults === 'managed') {
      for (const id of ids) {
        // One id may have several roles, and each of them leads there.
        const role = accountRoles.find((each) => accounts[each] === id)!;
        new AccountDefaults(this, `Defaults${role[0]!.toUpperCase()}${role.slice(1)}`, {
          providers: byRegion(
            regions,
            Object.fromEntries(regions.map((region) => [region.key, region])),
            (region: Region) => this.providerOf(role, region),
          ),
        });
      }
    }
    if (guardrails.vpcPublicAccess === 'block-ingress') {
      for (const region of regions) {
        new VpcPublicAccess(this, `PublicAccess-${region.key}`, {
          provider: this.providerOf('network', region),
          publicSubnetIds: region.zones.map((_, index) =>
            Token.asString(Fn.element(vpcs[region.key]!.publicSubnetIds, index)),
          ),
        });
      }
    }
  }

  /** One provider for each account and region. */
  private providerOf(role: AccountRole, region: Region): AwsProvider {
    const { accounts } = this.environment;
    if (accounts[role] === accounts.management && region.awsRegion === home.awsRegion) return this.provider;
    const key = `${accounts[role]} ${region.awsRegion}`;
    const known = this.made.get(key);
    if (known) return known;
    const account = accounts[role] === accounts.management ? 'management' : role;
    const provider = this.addAliasedProvider(region, account, `${account}-${region.key}`);
    this.made.set(key, provider);
    return provider;
  }
}
