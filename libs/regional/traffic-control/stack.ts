import { Fn, Token } from 'cdktf';
import type { Construct } from 'constructs';
import type { ApplicationContract } from '@platform/libs/app/contract';
import { assertListed, byRegion } from '@platform/libs/contract/by-region';
import type { Contract, Field } from '@platform/libs/contract/contract';
import { atLeast, type Environment } from '@platform/libs/settings/environment';
import { EstateStack, type RegionalStackProps } from '@platform/libs/stack/estate-stack';
import { AlarmForwarding } from '@platform/libs/traffic-control/alarm-forwarding';
import { noTrafficControl, type TrafficControlContract } from '@platform/libs/traffic-control/contract';
import { controlBusArn, controlName, judgedBy } from '@platform/libs/traffic-control/names';
import { TrafficControl } from '@platform/libs/traffic-control/traffic-control';

export interface RegionalTrafficControlProps extends RegionalStackProps<TrafficControlContract> {
  /** In the home region, and the applications of all regions. */
  readonly upstream: {
    readonly accelerator: Contract<{
      readonly acceleratorArn: Field<'text'>;
      readonly endpointGroupArns: Field<'map'>;
      readonly plannedDials: Field<'map'>;
    }>;
    readonly records: Contract<{ readonly healthCheckIds: Field<'map'> }>;
    /** Applications of all regions by region key. */
    readonly balancers: Readonly<Record<string, ApplicationContract>>;
  };
}

/**
 * The region's part of traffic control, from level `accelerated`: the function that judges another region, and the rule that
 * tells the region that judges this one of alarms. Nothing reads this stack, and no failover needs it.
 */
export class RegionalTrafficControl extends EstateStack {
  constructor(scope: Construct, environment: Environment, { upstream, ...props }: RegionalTrafficControlProps) {
    super(scope, { environment, account: 'edge', ...props });
    const { contract, region } = props;
    const { acceleratorArn, endpointGroupArns, plannedDials } = this.read(upstream.accelerator);
    const { healthCheckIds } = this.read(upstream.records);
    assertListed([region], `${contract.project}/upstream.ts`, { balancers: upstream.balancers });
    const regions = Object.values(upstream.balancers).map(({ stateRegion }) => stateRegion);
    const balancers = byRegion(regions, upstream.balancers, (balancer) => this.read(balancer));
    const { accounts, trafficControl: settings, name: environmentName } = environment;
    if (!atLeast(environment, 'accelerated') || settings.mode === 'off' || regions.length < 2) {
      this.publish(contract, noTrafficControl);
      return;
    }

    const keys = regions.map(({ key }) => key);
    const of = (map: unknown, key: string) => Token.asString(Fn.lookup(map, key));
    const balancerProvider =
      accounts.workload === accounts.edge ? undefined : this.addAliasedProvider(region, 'workload');
    const control = new TrafficControl(this, 'TrafficControl', {
      name: controlName(environmentName),
      region,
      accountId: this.accountId,
      settings,
      control: {
        environment: environmentName,
        judged: judgedBy(region.key, keys),
        acceleratorArn,
        regions: Object.fromEntries(
          regions.map(({ key, awsRegion }) => [
            key,
            {
              awsRegion,
              endpointGroupArn: of(endpointGroupArns, key),
              plannedPercent: of(plannedDials, key),
              balancer: balancers[key]!.balancerArnSuffix,
              healthCheckId: of(healthCheckIds, key),
            },
          ]),
        ),
      },
      ...(balancerProvider ? { balancerAccount: { id: accounts.workload, provider: balancerProvider } } : {}),
    });
    const judge = regions.find(({ key }) => judgedBy(key, keys) === region.key)!;
    new AlarmForwarding(this, 'AlarmForwarding', {
      name: `${controlName(environmentName)}-${region.key}-alarms`,
      environment: environmentName,
      busArn: controlBusArn(environmentName, judge.awsRegion, accounts.edge),
      ...(balancerProvider ? { provider: balancerProvider } : {}),
    });
    this.publish(contract, {
      functionName: control.functionName,
      logGroupName: control.logGroupName,
      overrideParameter: control.overrideParameter,
      alarmTopicArn: control.alarmTopicArn,
    });
  }
}
