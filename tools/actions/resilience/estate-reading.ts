import type { Block, Made } from '@platform/libs/resilience/contribution';
import type { StackDescription } from '@platform/libs/stack/estate-stack';
import type { RegionSettings } from '@platform/libs/settings/region';
import { UnreadableExpression } from '@platform/tools/model/expression';
import type { EstateJson } from '@platform/tools/actions/routes/estate-json';
import { awsRegionOf } from '@platform/tools/actions/routes/reading';
import { References, type Resource } from '@platform/tools/actions/routes/references';

/** Looks up what paths consist of in the JSON of all stacks. What cannot be followed counts as missing. */
export class EstateReading {
  private readonly references: References;
  private readonly keys: ReadonlyMap<string, string>;
  private readonly byType = new Map<string, Resource[]>();

  constructor(
    readonly estate: EstateJson,
    readonly stacks: readonly Pick<StackDescription, 'stack' | 'project' | 'region' | 'awsRegion'>[],
    readonly regions: readonly Pick<RegionSettings, 'key' | 'awsRegion' | 'role'>[],
  ) {
    this.references = new References(estate);
    this.keys = new Map(regions.map(({ key, awsRegion }) => [awsRegion, key]));
    for (const resource of this.references.all()) {
      this.byType.set(resource.type, [...(this.byType.get(resource.type) ?? []), resource]);
    }
  }

  ofType(type: string, region?: string): Resource[] {
    const all = [...(this.byType.get(type) ?? [])];
    return region === undefined ? all : all.filter((resource) => this.regionOf(resource) === region);
  }

  resource(id: string): Resource | undefined {
    return this.references.resource(id);
  }

  /** The resource that a followed value names: `region-us-app/aws_lb.Balancer.dns_name`. */
  resourceIn(followed: string): Resource | undefined {
    const [, id] = /^([^/\s]+\/[\w-]+\.[\w-]+)(\.[\w-]+)?$/.exec(followed) ?? [];
    return id === undefined ? undefined : this.references.resource(id);
  }

  /** Key of the region that its provider makes it in; AWS's name of one that is not ours. */
  regionOf(resource: Resource): string {
    const awsRegion = awsRegionOf(resource, this.estate);
    return this.keys.get(awsRegion) ?? awsRegion;
  }

  /** AWS's name: `us-east-1`. */
  awsRegionOf(key: string): string {
    return this.regions.find((region) => region.key === key)?.awsRegion ?? key;
  }

  where({ id }: Resource): string {
    return id.replace('/', ': ');
  }

  made(resource: Resource): Made {
    return { block: resource.block as Block, where: this.where(resource) };
  }

  text(resource: Resource, argument: string): string | undefined {
    const followed = this.follow(resource.block[argument], resource);
    return followed === undefined || followed === null ? undefined : String(followed);
  }

  list(resource: Resource, argument: string): string[] {
    const followed = this.follow(resource.block[argument], resource);
    return followed === undefined || followed === null ? [] : [followed].flat(3).map(String);
  }

  follow(value: unknown, resource: Resource): unknown {
    try {
      return this.references.follow(value, resource.place.stack);
    } catch (error) {
      if (error instanceof UnreadableExpression) return undefined;
      throw error;
    }
  }

  /** Resources of a type one of whose arguments names the given one. */
  naming(type: string, argument: string, named: Resource): Resource[] {
    return this.ofType(type).filter((resource) =>
      this.list(resource, argument).some((text) => this.resourceIn(text)?.id === named.id),
    );
  }

  /** Target groups that listeners of a balancer and their rules forward to, with a weight. */
  servingTargets(balancer: Resource): Resource[] {
    const found = new Map<string, Resource>();
    for (const listener of this.naming('aws_lb_listener', 'load_balancer_arn', balancer)) {
      const actions = [
        this.follow(listener.block['default_action'], listener),
        ...this.naming('aws_lb_listener_rule', 'listener_arn', listener).map((rule) =>
          this.follow(rule.block['action'], rule),
        ),
      ];
      for (const action of actions.flat().filter((each) => each !== undefined) as Block[]) {
        const forward = ([action['forward']].flat()[0] ?? {}) as Block;
        const groups = [forward['target_group'] ?? []].flat() as Block[];
        for (const { arn, weight } of [...groups, { arn: action['target_group_arn'], weight: 100 }]) {
          const group = this.resourceIn(String(arn));
          if (group && Number(weight ?? 1) > 0) found.set(group.id, group);
        }
      }
    }
    return [...found.values()];
  }

  /** Checks that look by themselves: those that a calculated check follows, or the check itself. */
  probesOf(check: Resource, depth = 0): Resource[] {
    if (check.block['type'] !== 'CALCULATED' || depth > 4) return [check];
    return this.list(check, 'child_healthchecks').flatMap((id) => {
      const child = this.resourceIn(id);
      return child ? this.probesOf(child, depth + 1) : [];
    });
  }

  /** Whether a health check can only look from a region that is lost. */
  isBlindTo(check: Resource, lost: string): boolean {
    const probes = this.probesOf(check);
    if (probes.length !== 1 || probes[0] !== check) return probes.every((probe) => this.isBlindTo(probe, lost));
    const { block } = check;
    const awsRegion = this.awsRegionOf(lost);
    if (block['cloudwatch_alarm_region'] !== undefined) return block['cloudwatch_alarm_region'] === awsRegion;
    const from = [block['regions'] ?? []].flat();
    return from.length > 0 && from.every((region) => region === awsRegion);
  }
}
