import { BackupPlan } from '@cdktf/provider-aws/lib/backup-plan';
import { BackupRegionSettings } from '@cdktf/provider-aws/lib/backup-region-settings';
import { BackupSelection } from '@cdktf/provider-aws/lib/backup-selection';
import { BackupVault } from '@cdktf/provider-aws/lib/backup-vault';
import { BackupVaultLockConfiguration } from '@cdktf/provider-aws/lib/backup-vault-lock-configuration';
import { IamRole } from '@cdktf/provider-aws/lib/iam-role';
import { IamRolePolicyAttachment } from '@cdktf/provider-aws/lib/iam-role-policy-attachment';
import { Construct } from 'constructs';
import { backupStart } from '@platform/libs/settings/backups';
import type { Environment } from '@platform/libs/settings/environment';
import { bucketName } from '@platform/libs/settings/physical-names';
import type { RegionSettings } from '@platform/libs/settings/region';
import { EncryptionKey } from './encryption-key';
import { databaseMemberName, tableArn } from './names';
import type { RegionalDataKey } from './regional-data-key';

export interface BackupsProps {
  readonly environment: Pick<Environment, 'organisation' | 'name' | 'accounts' | 'dataStores'>;
  readonly regions: readonly RegionSettings[];
  /** The regions with their alarms and providers. */
  readonly places: readonly Omit<RegionalDataKey, 'key'>[];
}

/** Policies of AWS for the role that makes backups, and for the one that restores them. */
const policies = {
  Backup: {
    stores: 'arn:aws:iam::aws:policy/service-role/AWSBackupServiceRolePolicyForBackup',
    buckets: 'arn:aws:iam::aws:policy/AWSBackupServiceRolePolicyForS3Backup',
  },
  Restore: {
    stores: 'arn:aws:iam::aws:policy/service-role/AWSBackupServiceRolePolicyForRestores',
    buckets: 'arn:aws:iam::aws:policy/AWSBackupServiceRolePolicyForS3Restore',
  },
} as const;

/** Minutes after which a job counts as failed: a backup is of one day, and the next one begins a day later. */
const completionMinutes = 24 * 60;

/**
 * A vault in every region, with a key of its own, and daily backups of the stores into it, each copied to the vault of the
 * next region. Backups are snapshots: AWS Backup copies no continuous backups to another region, and the stores have their
 * own point-in-time recovery (https://docs.aws.amazon.com/aws-backup/latest/devguide/point-in-time-recovery.html).
 *
 * Stores are selected by ARN, so that nothing else of the account is backed up, and a store is not left out because of a
 * tag. Aurora needs the opt-in of its region even so, and copies of tables between regions need full management of DynamoDB
 * (https://docs.aws.amazon.com/aws-backup/latest/devguide/working-with-supported-services.html,
 * https://docs.aws.amazon.com/aws-backup/latest/devguide/advanced-ddb-backup.html). The opt-ins of other services stay.
 *
 * Tables and buckets are encrypted with the vault's key; a database with its own, and its copy with that of the other vault
 * (https://docs.aws.amazon.com/aws-backup/latest/devguide/encryption.html). Two roles: what makes backups cannot restore
 * over a store.
 *
 * An account may have up to 100 vaults and 100 plans in a region (AWS Backup guide, "Quotas").
 */
export class Backups extends Construct {
  constructor(scope: Construct, id: string, { environment, regions, places }: BackupsProps) {
    super(scope, id);
    const { backups, database } = environment.dataStores;
    const backupRole = this.role(environment, 'Backup');
    this.role(environment, 'Restore');
    const vaults = places.map((place) => this.vault(environment, place));
    const start = backupStart(backups.startWindow)!;
    places.forEach((place, index) => {
      const region = regions.find(({ key }) => key === place.region.key)!;
      if (backups.from === 'primary-region' && region.role !== 'primary') return;
      const { key, awsRegion } = region;
      const provider = place.provider ? { provider: place.provider } : {};
      const name = vaultName(environment);
      const next = vaults[(index + 1) % vaults.length]!;
      const optIn = new BackupRegionSettings(this, `OptIn-${key}`, {
        ...provider,
        resourceTypeOptInPreference: { Aurora: true, DynamoDB: true, RDS: true, S3: true },
        resourceTypeManagementPreference: { DynamoDB: true },
        // AWS answers with the opt-ins of all services, and only these are ours.
        lifecycle: { ignoreChanges: ['resource_type_opt_in_preference', 'resource_type_management_preference'] },
      });
      const plan = new BackupPlan(this, `Plan-${key}`, {
        ...provider,
        name,
        rule: [
          {
            ruleName: 'daily',
            targetVaultName: vaults[index]!.name,
            schedule: `cron(${start.start % 60} ${Math.floor(start.start / 60)} * * ? *)`,
            startWindow: start.length,
            completionWindow: completionMinutes,
            lifecycle: { deleteAfter: backups.retentionDays },
            ...(vaults.length > 1
              ? {
                  copyAction: [
                    { destinationVaultArn: next.arn, lifecycle: { deleteAfter: backups.copyRetentionDays } },
                  ],
                }
              : {}),
          },
        ],
      });
      const resources = [
        `arn:aws:rds:${awsRegion}:${environment.accounts.workload}:${database.engine === 'aurora-global' ? 'cluster' : 'db'}:${databaseMemberName(environment, key)}`,
        ...Object.keys(environment.dataStores.tables).map((table) => tableArn(environment, table, awsRegion)),
        ...(backups.buckets === 'included'
          ? Object.keys(environment.dataStores.buckets).map(
              (bucket) => `arn:aws:s3:::${bucketName(environment, bucket, key)}`,
            )
          : []),
      ];
      new BackupSelection(this, `Stores-${key}`, {
        ...provider,
        name: 'stores',
        planId: plan.id,
        iamRoleArn: backupRole.arn,
        resources,
        dependsOn: [optIn],
      });
      place.alarms.add('BackupMissing', {
        description: `Fewer than ${resources.length} stores of ${awsRegion} were backed up in a day: docs/runbooks/restore.md. It also fires until the first day is over`,
        metric: { ...jobs(vaults[index]!), metricName: 'NumberOfBackupJobsCompleted', periodSec: 86_400 },
        below: resources.length,
        missing: 'breaching',
      });
    });
    places.forEach((place, index) => addFailureAlarms(place, vaults[index]!));
  }

  private vault(environment: BackupsProps['environment'], place: BackupsProps['places'][number]): BackupVault {
    const { backups, database } = environment.dataStores;
    const { key, awsRegion } = place.region;
    const provider = place.provider ? { provider: place.provider } : {};
    const name = vaultName(environment);
    const encryption = new EncryptionKey(this, `Key-${key}`, {
      ...provider,
      name: `${name}-backups`,
      description: `Backups of ${environment.name} in ${awsRegion}`,
      accountId: environment.accounts.workload,
    });
    const vault = new BackupVault(this, `Vault-${key}`, {
      ...provider,
      name,
      kmsKeyArn: encryption.arn,
      // Otherwise AWS refuses to delete a vault with backups.
      forceDestroy: database.afterDestroy === 'gone' && backups.lock === undefined,
    });
    if (backups.lock) {
      const { minRetentionDays, maxRetentionDays, changeableDays } = backups.lock;
      new BackupVaultLockConfiguration(this, `Lock-${key}`, {
        ...provider,
        backupVaultName: vault.name,
        minRetentionDays,
        maxRetentionDays,
        // With it the lock is of mode compliance, without it of mode governance.
        ...(changeableDays === undefined ? {} : { changeableForDays: changeableDays }),
      });
    }
    return vault;
  }

  private role(environment: BackupsProps['environment'], purpose: keyof typeof policies): IamRole {
    const role = new IamRole(this, `${purpose}Role`, {
      name: `${vaultName(environment)}-${purpose.toLowerCase()}`,
      assumeRolePolicy: JSON.stringify({
        Version: '2012-10-17',
        Statement: [
          {
            Effect: 'Allow',
            Principal: { Service: 'backup.amazonaws.com' },
            Action: 'sts:AssumeRole',
            Condition: { StringEquals: { 'aws:SourceAccount': environment.accounts.workload } },
          },
        ],
      }),
    });
    const { stores, buckets } = policies[purpose];
    new IamRolePolicyAttachment(this, `${purpose}Stores`, { role: role.name, policyArn: stores });
    if (environment.dataStores.backups.buckets === 'included') {
      new IamRolePolicyAttachment(this, `${purpose}Buckets`, { role: role.name, policyArn: buckets });
    }
    return role;
  }
}

/** Name of the vault and of the plan, the same in every region: `prod-data`. */
function vaultName({ name }: { readonly name: string }): string {
  return `${name}-data`;
}

const jobs = ({ name }: BackupVault) => ({
  namespace: 'AWS/Backup',
  dimensions: { BackupVaultName: name },
  statistic: 'Sum',
});

/** Each vault has both: a copy counts where AWS Backup ran it, and only that vault has data. */
function addFailureAlarms({ alarms, region }: BackupsProps['places'][number], vault: BackupVault): void {
  alarms.add('BackupFailed', {
    description: `A backup of ${region.awsRegion} failed: docs/runbooks/restore.md`,
    metric: { ...jobs(vault), metricName: 'NumberOfBackupJobsFailed', periodSec: 3600 },
    above: 0,
  });
  alarms.add('BackupCopyFailed', {
    description: `A backup was not copied to another region: docs/runbooks/restore.md`,
    metric: { ...jobs(vault), metricName: 'NumberOfCopyJobsFailed', periodSec: 3600 },
    above: 0,
  });
}
