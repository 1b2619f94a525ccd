/** A metric as AWS publishes it: an alarm on other dimensions never has data. */
export interface PublishedMetric {
  readonly namespace: string;
  readonly names: readonly string[];
  /** The combinations of dimensions under which it is published, each sorted by name. */
  readonly dimensions: readonly (readonly string[])[];
  /**
   * Meaning of a period without data. `idle`: nothing to report, so an alarm treats it as `notBreaching`. `lost`: the
   * source is gone, so an alarm treats it as `breaching`. `kept`: the last value holds, so an alarm ignores the absence.
   */
  readonly withoutData: 'idle' | 'lost' | 'kept';
  /** The only AWS region that has it. Absent: the region of what it measures. */
  readonly onlyIn?: 'us-east-1' | 'us-west-2';
  /** Page of AWS with the dimensions. */
  readonly source: string;
}

/** Every metric that an alarm or a dashboard of the estate uses. Another metric needs an entry. */
export const publishedMetrics: readonly PublishedMetric[] = [
  {
    // Ours: a person publishes it, once, and its last value holds (libs/edge/latch/failback-latch.ts).
    namespace: 'Platform/Failover',
    names: ['Latched'],
    dimensions: [['Environment', 'Region']],
    withoutData: 'kept',
    source: 'https://docs.aws.amazon.com/AmazonCloudWatch/latest/monitoring/publishingMetrics.html',
  },
  {
    namespace: 'AWS/RDS',
    names: ['CPUUtilization', 'DatabaseConnections'],
    dimensions: [['DBClusterIdentifier'], ['DBClusterIdentifier', 'Role'], ['DBInstanceIdentifier']],
    withoutData: 'idle',
    source: 'https://docs.aws.amazon.com/AmazonRDS/latest/AuroraUserGuide/dimensions.html',
  },
  {
    // Only in a secondary region. Aurora's own table of dimensions leaves `SourceRegion` out; the workshop shows it
    // (https://awsauroralabsmy.com/global/cw/), and Neptune, which has the same storage, documents the pair.
    namespace: 'AWS/RDS',
    names: ['AuroraGlobalDBReplicationLag'],
    dimensions: [['DBClusterIdentifier', 'SourceRegion']],
    withoutData: 'idle',
    source: 'https://docs.aws.amazon.com/neptune/latest/userguide/cw-dimensions.html',
  },
  {
    // Only of a read replica.
    namespace: 'AWS/RDS',
    names: ['ReplicaLag'],
    dimensions: [['DBInstanceIdentifier']],
    withoutData: 'idle',
    source: 'https://docs.aws.amazon.com/AmazonRDS/latest/UserGuide/rds-metrics.html',
  },
  {
    namespace: 'ECS/ContainerInsights',
    names: ['DesiredTaskCount', 'RunningTaskCount'],
    dimensions: [['ClusterName'], ['ClusterName', 'ServiceName']],
    withoutData: 'lost',
    source: 'https://docs.aws.amazon.com/AmazonCloudWatch/latest/monitoring/Container-Insights-metrics-ECS.html',
  },
  {
    namespace: 'AWS/ElastiCache',
    names: ['DatabaseMemoryUsagePercentage', 'EngineCPUUtilization', 'Evictions'],
    dimensions: [['CacheClusterId'], ['CacheClusterId', 'CacheNodeId']],
    withoutData: 'idle',
    source: 'https://docs.aws.amazon.com/AmazonElastiCache/latest/dg/CacheMetrics.Redis.html',
  },
  {
    namespace: 'AWS/DynamoDB',
    names: ['ReplicationLatency'],
    dimensions: [['ReceivingRegion', 'TableName']],
    withoutData: 'idle',
    source: 'https://docs.aws.amazon.com/amazondynamodb/latest/developerguide/metrics-dimensions.html',
  },
  {
    namespace: 'AWS/S3',
    names: ['OperationsFailedReplication', 'ReplicationLatency'],
    dimensions: [['DestinationBucket', 'RuleId', 'SourceBucket']],
    withoutData: 'idle',
    source: 'https://docs.aws.amazon.com/AmazonS3/latest/userguide/metrics-dimensions.html',
  },
  {
    namespace: 'AWS/ApplicationELB',
    names: ['HTTPCode_ELB_5XX_Count', 'HTTPCode_Target_5XX_Count', 'RequestCount', 'TargetResponseTime'],
    dimensions: [['LoadBalancer'], ['AvailabilityZone', 'LoadBalancer']],
    withoutData: 'idle',
    source: 'https://docs.aws.amazon.com/elasticloadbalancing/latest/application/load-balancer-cloudwatch-metrics.html',
  },
  {
    // Reported while the target group has targets, so an idle fleet has none.
    namespace: 'AWS/ApplicationELB',
    names: ['UnHealthyHostCount'],
    dimensions: [
      ['LoadBalancer', 'TargetGroup'],
      ['AvailabilityZone', 'LoadBalancer', 'TargetGroup'],
    ],
    withoutData: 'idle',
    source: 'https://docs.aws.amazon.com/elasticloadbalancing/latest/application/load-balancer-cloudwatch-metrics.html',
  },
  {
    namespace: 'AWS/NetworkELB',
    names: ['UnHealthyHostCount'],
    dimensions: [
      ['LoadBalancer', 'TargetGroup'],
      ['AvailabilityZone', 'LoadBalancer', 'TargetGroup'],
    ],
    withoutData: 'idle',
    source: 'https://docs.aws.amazon.com/elasticloadbalancing/latest/network/load-balancer-cloudwatch-metrics.html',
  },
  {
    // Without a target in a zone there is no data, and the zone's traffic is lost.
    namespace: 'AWS/GatewayELB',
    names: ['HealthyHostCount'],
    dimensions: [
      ['LoadBalancer', 'TargetGroup'],
      ['AvailabilityZone', 'LoadBalancer', 'TargetGroup'],
    ],
    withoutData: 'lost',
    source: 'https://docs.aws.amazon.com/elasticloadbalancing/latest/gateway/cloudwatch-metrics.html',
  },
  {
    // The group publishes it every minute once its metrics are enabled, whatever its size.
    namespace: 'AWS/AutoScaling',
    names: ['GroupInServiceInstances'],
    dimensions: [['AutoScalingGroupName']],
    withoutData: 'lost',
    source: 'https://docs.aws.amazon.com/autoscaling/ec2/userguide/ec2-auto-scaling-metrics.html',
  },
  {
    // An alarm on too many instances: the one on too few reports missing data.
    namespace: 'AWS/AutoScaling',
    names: ['GroupDesiredCapacity'],
    dimensions: [['AutoScalingGroupName']],
    withoutData: 'idle',
    source: 'https://docs.aws.amazon.com/autoscaling/ec2/userguide/ec2-auto-scaling-metrics.html',
  },
  {
    namespace: 'AWS/DynamoDB',
    names: ['ReadThrottleEvents', 'WriteThrottleEvents'],
    dimensions: [['TableName'], ['GlobalSecondaryIndexName', 'TableName']],
    withoutData: 'idle',
    source: 'https://docs.aws.amazon.com/amazondynamodb/latest/developerguide/metrics-dimensions.html',
  },
  {
    namespace: 'AWS/RDS',
    names: ['FreeStorageSpace'],
    dimensions: [['DBInstanceIdentifier']],
    withoutData: 'idle',
    source: 'https://docs.aws.amazon.com/AmazonRDS/latest/UserGuide/rds-metrics.html',
  },
  {
    // Reported while there are some, and while client addresses are not preserved.
    namespace: 'AWS/NetworkELB',
    names: ['PortAllocationErrorCount'],
    dimensions: [['LoadBalancer'], ['AvailabilityZone', 'LoadBalancer']],
    withoutData: 'idle',
    source: 'https://docs.aws.amazon.com/elasticloadbalancing/latest/network/load-balancer-cloudwatch-metrics.html',
  },
  {
    namespace: 'AWS/NATGateway',
    names: ['ErrorPortAllocation', 'PacketsDropCount', 'PacketsInFromDestination', 'PacketsInFromSource'],
    dimensions: [['NatGatewayId']],
    withoutData: 'idle',
    source: 'https://docs.aws.amazon.com/vpc/latest/userguide/metrics-dimensions-nat-gateway.html',
  },
  {
    namespace: 'AWS/TransitGateway',
    names: ['PacketDropCountBlackhole', 'PacketDropCountNoRoute'],
    dimensions: [['TransitGateway'], ['TransitGateway', 'TransitGatewayAttachment']],
    withoutData: 'idle',
    source: 'https://docs.aws.amazon.com/vpc/latest/tgw/transit-gateway-cloudwatch-metrics.html',
  },
  {
    // Every five minutes, for a port that was up once.
    namespace: 'AWS/DX',
    names: ['ConnectionState'],
    dimensions: [['ConnectionId']],
    withoutData: 'lost',
    source: 'https://docs.aws.amazon.com/directconnect/latest/UserGuide/monitoring-cloudwatch.html',
  },
  {
    // Since 2026-03.
    namespace: 'AWS/DX',
    names: ['VirtualInterfaceBgpStatus'],
    dimensions: [['ConnectionId', 'VirtualInterfaceId']],
    withoutData: 'lost',
    source: 'https://docs.aws.amazon.com/directconnect/latest/UserGuide/monitoring-cloudwatch.html',
  },
  {
    namespace: 'AWS/VPN',
    names: ['TunnelState'],
    dimensions: [['VpnId'], ['TunnelIpAddress']],
    withoutData: 'lost',
    source: 'https://docs.aws.amazon.com/vpn/latest/s2svpn/monitoring-cloudwatch-vpn.html',
  },
  {
    namespace: 'AWS/Route53Resolver',
    names: ['EndpointHealthyENICount'],
    dimensions: [['EndpointId']],
    withoutData: 'lost',
    source: 'https://docs.aws.amazon.com/Route53/latest/DeveloperGuide/monitoring-resolver-with-cloudwatch.html',
  },
  {
    namespace: 'AWS/PrivateLinkEndpoints',
    names: ['PacketsDropped'],
    dimensions: [
      ['Endpoint Type', 'Service Name', 'VPC Endpoint Id', 'VPC Id'],
      ['Endpoint Type', 'Service Name', 'Subnet Id', 'VPC Endpoint Id', 'VPC Id'],
    ],
    withoutData: 'idle',
    source: 'https://docs.aws.amazon.com/vpc/latest/privatelink/privatelink-cloudwatch-metrics.html',
  },
  {
    namespace: 'AWS/PrivateLinkServices',
    names: ['RstPacketsSent'],
    dimensions: [['Service Id'], ['Az', 'Service Id'], ['Load Balancer Arn', 'Service Id']],
    withoutData: 'idle',
    source: 'https://docs.aws.amazon.com/vpc/latest/privatelink/privatelink-cloudwatch-metrics.html',
  },
  {
    namespace: 'AWS/Route53',
    names: ['HealthCheckStatus'],
    dimensions: [['HealthCheckId']],
    withoutData: 'lost',
    onlyIn: 'us-east-1',
    source: 'https://docs.aws.amazon.com/Route53/latest/DeveloperGuide/monitoring-health-checks.html',
  },
  {
    namespace: 'AWS/Route53',
    names: ['DNSSECInternalFailure', 'DNSSECKeySigningKeysNeedingAction'],
    dimensions: [['HostedZoneId']],
    withoutData: 'idle',
    onlyIn: 'us-east-1',
    source: 'https://docs.aws.amazon.com/Route53/latest/DeveloperGuide/monitoring-hosted-zones-with-cloudwatch.html',
  },
  {
    namespace: 'AWS/CloudFront',
    names: ['5xxErrorRate'],
    dimensions: [['DistributionId', 'Region']],
    withoutData: 'idle',
    onlyIn: 'us-east-1',
    source: 'https://docs.aws.amazon.com/AmazonCloudFront/latest/DeveloperGuide/programming-cloudwatch-metrics.html',
  },
  {
    // An additional metric: the distribution needs a monitoring subscription.
    namespace: 'AWS/CloudFront',
    names: ['OriginLatency'],
    dimensions: [['DistributionId', 'Region']],
    withoutData: 'idle',
    onlyIn: 'us-east-1',
    source: 'https://docs.aws.amazon.com/AmazonCloudFront/latest/DeveloperGuide/programming-cloudwatch-metrics.html',
  },
  {
    // Every day, in a vault that a plan writes to. The page lists no dimensions; those who read the metrics of their vaults
    // name this one (https://github.com/prometheus/cloudwatch_exporter/issues/566,
    // https://github.com/NHSDigital/nhs-notify-reporting: cloudwatch_metric_alarm_s3_backup_failures.tf).
    namespace: 'AWS/Backup',
    names: ['NumberOfBackupJobsCompleted'],
    dimensions: [['BackupVaultName']],
    withoutData: 'lost',
    source: 'https://docs.aws.amazon.com/aws-backup/latest/devguide/cloudwatch.html',
  },
  {
    // Only with failures. Dimensions as above.
    namespace: 'AWS/Backup',
    names: ['NumberOfBackupJobsFailed', 'NumberOfCopyJobsFailed'],
    dimensions: [['BackupVaultName']],
    withoutData: 'idle',
    source: 'https://docs.aws.amazon.com/aws-backup/latest/devguide/cloudwatch.html',
  },
  {
    // Reported while requests flow. The page lists dimensions for each metric; by `Accelerator` alone it is also what
    // Dynatrace reads (`cloud.aws.globalaccelerator.UnhealthyEndpointCount.By.Accelerator`).
    namespace: 'AWS/GlobalAccelerator',
    names: ['UnhealthyEndpointCount'],
    dimensions: [['Accelerator'], ['Accelerator', 'EndpointGroup', 'Listener']],
    withoutData: 'idle',
    onlyIn: 'us-west-2',
    source: 'https://docs.aws.amazon.com/global-accelerator/latest/dg/cloudwatch-monitoring.html',
  },
  {
    // Twice a day while the certificate is issued; that of an expired one ends.
    namespace: 'AWS/CertificateManager',
    names: ['DaysToExpiry'],
    dimensions: [['CertificateArn']],
    withoutData: 'lost',
    source: 'https://docs.aws.amazon.com/acm/latest/userguide/cloudwatch-metrics.html',
  },
  {
    namespace: 'AWS/Events',
    names: ['InvocationsFailedToBeSentToDlq'],
    dimensions: [['RuleName'], ['EventBusName', 'RuleName']],
    withoutData: 'idle',
    source: 'https://docs.aws.amazon.com/eventbridge/latest/userguide/eb-monitoring.html',
  },
  {
    // Web ACLs of distributions publish without `Region`, which the page does not say: seen in live metrics
    // (https://github.com/compiler-explorer/infra/pull/2357), and so in alarms of others
    // (https://github.com/18F/identity-pki/blob/main/terraform/waf/module/alerts.tf).
    namespace: 'AWS/WAFV2',
    names: ['BlockedRequests'],
    dimensions: [
      ['Region', 'Rule', 'WebACL'],
      ['Rule', 'WebACL'],
    ],
    withoutData: 'idle',
    source: 'https://docs.aws.amazon.com/waf/latest/developerguide/waf-metrics.html',
  },
  {
    // A queue that nothing has used for six hours publishes no metrics.
    namespace: 'AWS/SQS',
    names: ['ApproximateAgeOfOldestMessage', 'ApproximateNumberOfMessagesVisible'],
    dimensions: [['QueueName']],
    withoutData: 'idle',
    source:
      'https://docs.aws.amazon.com/AWSSimpleQueueService/latest/SQSDeveloperGuide/sqs-available-cloudwatch-metrics.html',
  },
  {
    // Only with executions.
    namespace: 'AWS/Lambda',
    names: ['Errors', 'Throttles'],
    dimensions: [['FunctionName'], ['FunctionName', 'Resource']],
    withoutData: 'idle',
    source: 'https://docs.aws.amazon.com/lambda/latest/dg/monitoring-metrics-types.html',
  },
  {
    // Of a function with a schedule: no execution is a fault.
    namespace: 'AWS/Lambda',
    names: ['Invocations'],
    dimensions: [['FunctionName'], ['FunctionName', 'Resource']],
    withoutData: 'lost',
    source: 'https://docs.aws.amazon.com/lambda/latest/dg/monitoring-metrics-types.html',
  },
  {
    namespace: 'AWS/ApplicationELB',
    names: ['ConsumedLCUs'],
    dimensions: [['LoadBalancer']],
    withoutData: 'idle',
    source: 'https://docs.aws.amazon.com/elasticloadbalancing/latest/application/load-balancer-cloudwatch-metrics.html',
  },
  {
    namespace: 'AWS/DynamoDB',
    names: ['ConsumedReadCapacityUnits', 'ConsumedWriteCapacityUnits'],
    dimensions: [['TableName'], ['GlobalSecondaryIndexName', 'TableName']],
    withoutData: 'idle',
    source: 'https://docs.aws.amazon.com/amazondynamodb/latest/developerguide/metrics-dimensions.html',
  },
  {
    namespace: 'AWS/CloudFront',
    names: ['Requests'],
    dimensions: [['DistributionId', 'Region']],
    withoutData: 'idle',
    onlyIn: 'us-east-1',
    source: 'https://docs.aws.amazon.com/AmazonCloudFront/latest/DeveloperGuide/programming-cloudwatch-metrics.html',
  },
  {
    namespace: 'AWS/GlobalAccelerator',
    names: ['NewFlowCount'],
    dimensions: [['Accelerator'], ['Accelerator', 'Listener'], ['Accelerator', 'EndpointGroup', 'Listener']],
    withoutData: 'idle',
    onlyIn: 'us-west-2',
    source: 'https://docs.aws.amazon.com/global-accelerator/latest/dg/cloudwatch-monitoring.html',
  },
  {
    // Of an account that receives billing alerts.
    namespace: 'AWS/Billing',
    names: ['EstimatedCharges'],
    dimensions: [['Currency'], ['Currency', 'ServiceName'], ['Currency', 'LinkedAccount']],
    withoutData: 'idle',
    onlyIn: 'us-east-1',
    source:
      'https://docs.aws.amazon.com/AmazonCloudWatch/latest/monitoring/monitor_estimated_charges_with_cloudwatch.html',
  },
  {
    // After each run.
    namespace: 'CloudWatchSynthetics',
    names: ['SuccessPercent'],
    dimensions: [['CanaryName'], ['CanaryName', 'StepName']],
    withoutData: 'lost',
    source:
      'https://docs.aws.amazon.com/AmazonCloudWatch/latest/monitoring/CloudWatch_Synthetics_Canaries_metrics.html',
  },
];
