import type { Loss, UserPath } from '@platform/libs/settings/objectives';

/*
 * How paths recover from the loss of a region, as data: what is called, where, and who acts. A check finds steps that need
 * what is lost. Add the steps that your organisation takes beside these.
 */

/** One step of a recovery. */
export interface RecoveryStep {
  readonly path: UserPath;
  readonly loss: Loss;
  /** What happens: `rds:FailoverGlobalCluster`, or in words where nothing is called. */
  readonly call: string;
  /** Service whose API it calls; its global control plane may be in one region: {@link controlPlanes}. */
  readonly service: string;
  /** `data`: goes on without the API that configures the service. */
  readonly plane: 'data' | 'control';
  /** `surviving`: in a region that is left. `everywhere`: at edge locations. Else a region key. */
  readonly region: string;
  readonly actor: 'AWS' | 'people';
  /** Why a step that needs what may be lost is accepted. */
  readonly because?: string;
}

const region = (
  path: UserPath,
  step: Pick<RecoveryStep, 'call' | 'service' | 'plane' | 'region' | 'actor' | 'because'>,
): RecoveryStep => ({ path, loss: 'region', ...step });

const dnsAnswers = (path: UserPath) =>
  region(path, {
    call: 'name servers answer with the healthy region',
    service: 'route53',
    plane: 'data',
    region: 'everywhere',
    actor: 'AWS',
  });

export const recoverySteps: readonly RecoveryStep[] = [
  region('site', {
    call: 'CloudFront asks the second origin',
    service: 'cloudfront',
    plane: 'data',
    region: 'everywhere',
    actor: 'AWS',
  }),
  dnsAnswers('apiReads'),
  dnsAnswers('apiWrites'),
  region('apiWrites', {
    call: 'rds:FailoverGlobalCluster',
    service: 'rds',
    plane: 'control',
    region: 'surviving',
    actor: 'people',
  }),
  region('apiWrites', {
    call: 'cloudwatch:PutMetricData, which latches the lost region',
    service: 'cloudwatch',
    plane: 'data',
    region: 'surviving',
    actor: 'people',
  }),
  region('apiReads', {
    call: 'globalaccelerator:UpdateEndpointGroup',
    service: 'globalaccelerator',
    plane: 'control',
    region: 'us-west-2',
    actor: 'people',
    because: 'the accelerator leaves the lost region by its health; the dial only keeps traffic away when it returns',
  }),
  region('hybrid', {
    call: 'BGP takes the connections of the surviving region',
    service: 'directconnect',
    plane: 'data',
    region: 'surviving',
    actor: 'AWS',
  }),
  dnsAnswers('hybrid'),
  dnsAnswers('orders'),
];

/** Global services whose control plane is in one region, by AWS's name. */
export const controlPlanes: Readonly<
  Record<string, { readonly name: string; readonly awsRegion: string; readonly source: string }>
> = {
  route53: {
    name: 'Route 53',
    awsRegion: 'us-east-1',
    source: 'https://docs.aws.amazon.com/whitepapers/latest/aws-fault-isolation-boundaries/global-services.html',
  },
  iam: {
    name: 'IAM',
    awsRegion: 'us-east-1',
    source: 'https://docs.aws.amazon.com/whitepapers/latest/aws-fault-isolation-boundaries/global-services.html',
  },
  cloudfront: {
    name: 'CloudFront',
    awsRegion: 'us-east-1',
    source: 'https://docs.aws.amazon.com/whitepapers/latest/aws-fault-isolation-boundaries/global-services.html',
  },
  wafGlobal: {
    name: 'WAF for CloudFront',
    awsRegion: 'us-east-1',
    source: 'https://docs.aws.amazon.com/waf/latest/developerguide/how-aws-waf-works-resources.html',
  },
  acmForCloudfront: {
    name: 'certificates for CloudFront',
    awsRegion: 'us-east-1',
    source: 'https://docs.aws.amazon.com/AmazonCloudFront/latest/DeveloperGuide/cnames-and-https-requirements.html',
  },
  globalaccelerator: {
    name: 'Global Accelerator',
    awsRegion: 'us-west-2',
    source: 'https://docs.aws.amazon.com/general/latest/gr/global_accelerator.html',
  },
};

/** A reference of a surviving region to a lost one that is accepted. */
export interface DeclaredReference {
  /** Rule that finds it. */
  readonly rule: string;
  /** Project folders, where `*` stands for a region key: `region-*`. */
  readonly project: string;
  /** What is referred to, as the finding names it: a type, or a stack; `*` for any part. */
  readonly to: string;
  readonly reason: string;
}

export const declaredReferences: readonly DeclaredReference[] = [
  {
    rule: 'made-in-lost-region',
    project: 'region-*/cloudfront',
    to: 'aws_*',
    reason: 'CloudFront takes certificates and WAF rules from us-east-1 only; distributions answer without it',
  },
  {
    rule: 'reads-state-of-lost-region',
    project: 'region-*/cloudfront',
    to: 'region-*',
    reason: 'a distribution names the origins of both regions; a failover changes no distribution',
  },
  {
    rule: 'reads-state-of-lost-region',
    project: 'region-*/traffic-control',
    to: 'region-*',
    reason:
      'it judges the load balancer of the other region; its function goes on without the state, and no failover needs it',
  },
];

/** Whether a declared reference stands for a finding. */
export function reasonFor(rule: string, project: string, to: string): string | undefined {
  return declaredReferences.find((each) => each.rule === rule && matches(each.project, project) && matches(each.to, to))
    ?.reason;
}

function matches(pattern: string, text: string): boolean {
  const [start = '', ...ends] = pattern.split('*');
  return ends.length === 0 ? pattern === text : text.startsWith(start) && text.endsWith(ends.at(-1)!);
}
