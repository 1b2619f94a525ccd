import { logRetentionByProfile, logRetention } from './log-retention';
import { protection } from './protection';
import { byDefault, byProfile, oneOf, section, type Settings } from './schema';

/** Where flow logs go. */
export const flowLogDestinations = ['s3', 'cloudwatch'] as const;

export const flowLogsSchema = section(
  {
    is: 'Flow logs of the VPCs and Transit Gateways.',
    applies: 'next deploy of `region-*/vpc`, `shared/tgw`, `shared/security/gwlb`',
  },
  {
    destination: byDefault(
      oneOf(flowLogDestinations, {
        is: '`s3`: Parquet files in a bucket beside the network, for Athena. `cloudwatch`: an encrypted log group, for Logs Insights and live searches.',
        replaces: 'the flow log; destroys the bucket or log group of the other destination',
      }),
      's3',
      'Delivery costs about half, storage less, and queries read only the columns that they name.',
    ),
    retentionDays: byProfile(logRetention('How long records are kept.'), logRetentionByProfile),
    protection: protection('Whether a destroy may delete a bucket that holds records. Unused with `cloudwatch`.'),
  },
);
/** Flow logs of one environment. */
export type FlowLogSettings = Settings<typeof flowLogsSchema>;
