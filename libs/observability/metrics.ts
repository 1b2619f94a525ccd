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
  /** Page of AWS with the dimensions. */
  readonly source: string;
}

/** Every metric that an alarm of the estate uses. A new alarm on another metric needs an entry. */
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
    // `Region` is left out for distributions.
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
];
