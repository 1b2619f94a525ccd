import { Lb } from '@cdktf/provider-aws/lib/lb';
import { LbListener } from '@cdktf/provider-aws/lib/lb-listener';
import { LbListenerRule, type LbListenerRuleCondition } from '@cdktf/provider-aws/lib/lb-listener-rule';
import { LbTargetGroup } from '@cdktf/provider-aws/lib/lb-target-group';
import { SecurityGroup } from '@cdktf/provider-aws/lib/security-group';
import { VpcSecurityGroupIngressRule } from '@cdktf/provider-aws/lib/vpc-security-group-ingress-rule';
import type { ITerraformDependable } from 'cdktf';
import { Construct } from 'constructs';
import type { BalancerAdmission } from '@platform/libs/edge/plan-traffic';
import type { Protection } from '@platform/libs/settings/protection';
import type { Colour } from '@platform/libs/settings/application';
import { waive } from '@platform/libs/stack/waive';
import { originHeaderName } from './origin-header';
import type { BalancerIngress } from './reachability';
import type { FleetPlan } from './release';

/** Which requests are forwarded to the instances. */
export interface Admission {
  /** `known`: a request that no rule below matches gets 403. */
  readonly requests: BalancerAdmission;
  /** Host name that clients use without a distribution. */
  readonly directHost: string;
  /** Accepted values of the distribution's header. At most two: a rule may have six wildcards (ALB quotas). */
  readonly headerValues: readonly string[];
}

export interface BalancerProps {
  /** Name of load balancer, security groups and target groups; at most 24 characters. */
  readonly name: string;
  readonly vpcId: string;
  /** Public subnets, one per zone. */
  readonly subnetIds: string[];
  readonly certificateArn: string;
  /** Sources of allowed connections. */
  readonly ingress: readonly BalancerIngress[];
  readonly admission: Admission;
  readonly fleets: readonly FleetPlan[];
  /** Port of the instances or tasks. */
  readonly targetPort: number;
  /** Protocol of the instances or tasks. */
  readonly targetProtocol: 'HTTPS' | 'HTTP';
  /** Whether Terraform sets the weights of rules, or leaves those that it finds. Default: `by-settings`. */
  readonly weights?: 'by-settings' | 'by-command';
  /** Colours whose targets are tasks, which have addresses instead of instances. Default: none. */
  readonly taskColours?: readonly Colour[];
  /** Path that answers 200 while the region can serve. */
  readonly healthPath: string;
  /** Path that health checks from outside use. */
  readonly outsideHealthPath: string;
  /** Bucket of the access log, and the resources that must exist before the load balancer logs to it. */
  readonly logBucket: { readonly name: string; readonly ready: ITerraformDependable };
  readonly protection: Protection;
}

/**
 * The region's internet-facing load balancer: TLS 1.2 and 1.3 on 443, a redirect on 80, TLS to the instances, and a
 * target group per colour. One set of weights divides the requests. Stickiness is off: a client can see both colours,
 * and sessions are in the cache or at the client.
 *
 * Quotas: up to 1,000 targets and 100 rules (Application Load Balancer guide, "Quotas for your Application Load
 * Balancers"). SLA 99.99 % across zones.
 */
export class Balancer extends Construct {
  readonly lb: Lb;
  /** Members may send to the instances. */
  readonly securityGroupId: string;
  readonly targetGroups: Readonly<Record<Colour, LbTargetGroup>>;
  private readonly props: BalancerProps;

  constructor(scope: Construct, id: string, props: BalancerProps) {
    super(scope, id);
    this.props = props;
    const { name, vpcId, protection } = props;
    // One security group per source: the prefix list of CloudFront counts as 55 of the 60 rules of a group (VPC user
    // guide, "AWS-managed prefix list weight").
    const sources = props.ingress.map((ingress) => this.sourceGroup(ingress));
    // A new source has its rules before the load balancer gets its group, and an old one keeps them until the load
    // balancer no longer has its group (create_before_destroy, and dependsOn): no connection is refused while sources
    // change.
    const opened = sources.flatMap(({ rules }) => rules);
    this.securityGroupId = new SecurityGroup(this, 'SecurityGroup', {
      namePrefix: `${name}-balancer-`,
      description: 'The balancer on its way to the instances',
      vpcId,
      lifecycle: { createBeforeDestroy: true },
    }).id;
    this.lb = new Lb(this, 'Balancer', {
      name,
      loadBalancerType: 'application',
      internal: false,
      subnets: props.subnetIds,
      securityGroups: [this.securityGroupId, ...sources.map(({ id: groupId }) => groupId)],
      dropInvalidHeaderFields: true,
      desyncMitigationMode: 'defensive',
      enableDeletionProtection: protection === 'protected',
      accessLogs: { bucket: props.logBucket.name, prefix: 'app', enabled: true },
      connectionLogs: { bucket: props.logBucket.name, prefix: 'connections', enabled: true },
      dependsOn: [props.logBucket.ready, ...opened],
    });
    waive(this.lb, {
      CKV2_AWS_76:
        "Log4j's patterns are in the managed group of known bad inputs, which its web ACL has; the list of anonymous addresses would block clients behind a VPN",
    });
    if (protection === 'disposable') {
      waive(this.lb, { CKV_AWS_150: 'its environment is disposable: a destroy needs no second apply' });
    }
    this.targetGroups = Object.fromEntries(
      props.fleets.map(({ colour }) => [colour, this.targetGroup(colour)]),
    ) as Record<Colour, LbTargetGroup>;
  }

  /**
   * Adds the listeners and the weights. `after`: fleets that have requests; they are created before. Returns the
   * resources that connect the load balancer to the target groups, for fleets without requests, which depend on them.
   */
  listen(after: ITerraformDependable[]): ITerraformDependable[] {
    const { admission, certificateArn, outsideHealthPath, weights } = this.props;
    const isByCommand = weights === 'by-command';
    new LbListener(this, 'Redirect', {
      loadBalancerArn: this.lb.arn,
      port: 80,
      protocol: 'HTTP',
      defaultAction: [{ type: 'redirect', redirect: { protocol: 'HTTPS', port: '443', statusCode: 'HTTP_301' } }],
    });
    const forward = { type: 'forward', forward: this.forward() };
    const refuse = {
      type: 'fixed-response',
      fixedResponse: { contentType: 'text/plain', messageBody: 'Forbidden', statusCode: '403' },
    };
    const listener = new LbListener(this, 'Https', {
      loadBalancerArn: this.lb.arn,
      port: 443,
      protocol: 'HTTPS',
      sslPolicy: 'ELBSecurityPolicy-TLS13-1-2-2021-06',
      certificateArn,
      defaultAction: [admission.requests === 'all' ? forward : refuse],
      routingHttpResponseServerEnabled: false,
      dependsOn: after,
    });
    // The rules also exist while no request is refused: created together with the refusal, they would come seconds
    // after it.
    const admit = (id: string, priority: number, condition: LbListenerRuleCondition) =>
      new LbListenerRule(this, id, {
        listenerArn: listener.arn,
        priority,
        action: [forward],
        condition: [condition],
        ...(isByCommand ? { lifecycle: { ignoreChanges: ['action'] } } : {}),
      });
    return [
      admit('AdmitDistributions', 10, {
        // The header also holds values of other regions' load balancers.
        httpHeader: { httpHeaderName: originHeaderName, values: admission.headerValues.map((value) => `*${value}*`) },
      }),
      admit('AdmitDirectHost', 20, { hostHeader: { values: [admission.directHost] } }),
      admit('AdmitHealthChecks', 30, { pathPattern: { values: [outsideHealthPath] } }),
      // A default action changes with the level, so commands move the weights of rules only.
      ...(isByCommand && admission.requests === 'all'
        ? [admit('AdmitAll', 40, { pathPattern: { values: ['/*'] } })]
        : []),
    ];
  }

  private forward() {
    return {
      targetGroup: this.props.fleets.map(({ colour, weight }) => ({ arn: this.targetGroups[colour].arn, weight })),
      stickiness: { enabled: false, duration: 1 },
    };
  }

  private targetGroup(colour: Colour): LbTargetGroup {
    const { name, vpcId, targetPort, targetProtocol, healthPath, taskColours = [] } = this.props;
    const isTasks = taskColours.includes(colour);
    const group = new LbTargetGroup(this, colour === 'blue' ? 'Blue' : 'Green', {
      // A group cannot change its kind: the new one exists before the listener leaves the old one.
      name: isTasks ? `${name}-${colour}-c` : `${name}-${colour}`,
      vpcId,
      port: targetPort,
      protocol: targetProtocol,
      targetType: isTasks ? 'ip' : 'instance',
      ...(isTasks ? { lifecycle: { createBeforeDestroy: true } } : {}),
      deregistrationDelay: '30',
      loadBalancingAlgorithmType: 'least_outstanding_requests',
      stickiness: { type: 'lb_cookie', enabled: false },
      // Unhealthy after 20 to 30 seconds, healthy again after as many.
      healthCheck: {
        protocol: targetProtocol,
        path: healthPath,
        matcher: '200',
        interval: 10,
        timeout: 5,
        healthyThreshold: 2,
        unhealthyThreshold: 3,
      },
    });
    if (targetProtocol === 'HTTP') {
      const reason = 'the settings of the application choose HTTP inside the VPC';
      waive(group, { PLATFORM_TLS_TARGETS: reason, CKV_AWS_378: reason });
    }
    return group;
  }

  private sourceGroup(ingress: BalancerIngress): { id: string; rules: VpcSecurityGroupIngressRule[] } {
    const group = new SecurityGroup(this, ingress.name, {
      namePrefix: `${this.props.name}-from-${ingress.name.toLowerCase()}-`,
      description: `Who reaches the balancer: ${ingress.name}`,
      vpcId: this.props.vpcId,
      lifecycle: { createBeforeDestroy: true },
    });
    const source =
      'cidr' in ingress
        ? { cidrIpv4: ingress.cidr }
        : 'prefixList' in ingress
          ? { prefixListId: ingress.prefixList }
          : { referencedSecurityGroupId: ingress.securityGroup };
    const open = (id: string, port: number) =>
      new VpcSecurityGroupIngressRule(group, id, {
        securityGroupId: group.id,
        description: `${id} from ${ingress.name}`,
        ipProtocol: 'tcp',
        fromPort: port,
        toPort: port,
        ...source,
        lifecycle: { createBeforeDestroy: true },
      });
    const https = open('Https', 443);
    // Only people type http://; distributions and the accelerator use HTTPS.
    const rules = [https];
    if ('cidr' in ingress) {
      const http = open('Http', 80);
      waive(http, { CKV_AWS_260: 'port 80 only redirects to 443' });
      rules.push(http);
    }
    return { id: group.id, rules };
  }
}
