import type { VpcEndpoint } from '@cdktf/provider-aws/lib/vpc-endpoint';
import { TerraformStack } from 'cdktf';
import type { Construct } from 'constructs';
import { alarmsOf } from '@platform/libs/observability/alarms';
import { constructId } from '@platform/libs/settings/construct-id';
import type { EstateStack } from '@platform/libs/stack/estate-stack';

/**
 * Watches the dropped packets of an interface endpoint: more of them mean that the endpoint or its service is not well
 * (https://docs.aws.amazon.com/vpc/latest/privatelink/privatelink-cloudwatch-metrics.html). The dimensions' names have
 * spaces.
 */
export function addEndpointAlarm(scope: Construct, word: string, endpoint: VpcEndpoint): void {
  const { droppedPackets } = (TerraformStack.of(scope) as EstateStack).environment.observability;
  alarmsOf(scope).add(constructId('endpoint', ...word.split('.'), 'drops'), {
    description: `The endpoint for ${word} drops packets: see AWS Health for its service, then the security group of the endpoint`,
    metric: {
      namespace: 'AWS/PrivateLinkEndpoints',
      metricName: 'PacketsDropped',
      dimensions: {
        'Endpoint Type': 'Interface',
        'Service Name': endpoint.serviceNameInput!,
        'VPC Endpoint Id': endpoint.id,
        'VPC Id': endpoint.vpcIdInput!,
      },
      statistic: 'Sum',
      periodSec: 300,
    },
    above: droppedPackets,
    periods: 3,
  });
}
