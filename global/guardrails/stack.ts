import { ConfigConfigurationAggregator } from '@cdktf/provider-aws/lib/config-configuration-aggregator';
import type { AwsProvider } from '@cdktf/provider-aws/lib/provider';
import { Fn, Token } from 'cdktf';
import type { Construct } from 'constructs';
import { assertListed, byRegion } from '@platform/libs/contract/by-region';
import { AccountDefaults } from '@platform/libs/guardrails/account-defaults';
import { ConfigHistoryBucket } from '@platform/libs/guardrails/config-history-bucket';
import { ConfigRecording } from '@platform/libs/guardrails/config-recording';
import { configRules } from '@platform/libs/guardrails/config-rules';
import { CostAlerts } from '@platform/libs/guardrails/cost-alerts';
import { VpcPublicAccess } from '@platform/libs/guardrails/vpc-public-access';
import type { Environment } from '@platform/libs/settings/environment';
import { costRecipients, type GuardrailsSettings } from '@platform/libs/settings/guardrails';
import { accountRoles, type AccountRole } from '@platform/libs/settings/organisation';
import { reservedBucketName } from '@platform/libs/settings/reserved-buckets';
import { EstateStack, requiredTags, type Region } from '@platform/libs/stack/estate-stack';
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
      for (const id of ids)
        new AccountDefaults(this, `Defaults${this.wordFor(id)}`, { providers: this.providersOf(id) });
    }
    if (guardrails.configRules) this.addConfig(ids, guardrails.configRules);
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

  /** Rules in every account, whose results one aggregator of the management account shows. */
  private addConfig(
    ids: readonly string[],
    { recorder, retentionDays }: NonNullable<GuardrailsSettings['configRules']>,
  ) {
    const { name, accounts } = this.environment;
    // The first region of the list, not the home region: moving the state must not move the bucket.
    const [first] = regions;
    const provider = this.providerOf('management', first!);
    const history =
      recorder === 'managed'
        ? new ConfigHistoryBucket(this, 'ConfigHistory', {
            provider,
            name: reservedBucketName(this.environment, 'config-history', first!.key),
            accountIds: ids,
            retentionDays,
          })
        : undefined;
    for (const id of ids) {
      new ConfigRecording(this, `Config${this.wordFor(id)}`, {
        name,
        accountId: id,
        providers: this.providersOf(id),
        rules: configRules(requiredTags),
        ...(history ? { history } : {}),
        ...(id === accounts.management
          ? {}
          : { readBy: { accountId: accounts.management, awsRegion: first!.awsRegion } }),
      });
    }
    new ConfigConfigurationAggregator(this, 'ConfigResults', {
      provider,
      name,
      accountAggregationSource: { accountIds: [...ids], regions: regions.map(({ awsRegion }) => awsRegion) },
    });
  }

  /** One id may have several roles, and each of them leads there. */
  private roleFor(id: string): AccountRole {
    return accountRoles.find((role) => this.environment.accounts[role] === id)!;
  }

  private wordFor(id: string): string {
    const role = this.roleFor(id);
    return `${role[0]!.toUpperCase()}${role.slice(1)}`;
  }

  private providersOf(id: string): Record<string, AwsProvider> {
    const role = this.roleFor(id);
    return Object.fromEntries(regions.map((region) => [region.key, this.providerOf(role, region)]));
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
