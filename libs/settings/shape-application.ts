import { z } from 'zod';
import type {
  ApplicationSettings,
  CapacitySettings,
  MessagingSettings,
  NetworkBalancerSettings,
  NetworkListenerSettings,
  ReleaseSettings,
} from './application';
import { protections } from './data-stores';
import { shapeOf } from './shape';

const release = shapeOf<ReleaseSettings>({
  name: z.string(),
  image: z.union([z.string(), z.record(z.string(), z.string())]),
});
const capacity = shapeOf<CapacitySettings>({ min: z.number(), max: z.number() });

export const applicationShape = shapeOf<ApplicationSettings>({
  instanceType: z.string(),
  diskGib: z.number(),
  releases: shapeOf<ApplicationSettings['releases']>({ blue: release, green: release }),
  greenPercent: z.literal([0, 5, 25, 100]),
  idleColour: z.enum(['kept', 'retired']),
  capacity: shapeOf<ApplicationSettings['capacity']>({
    serving: capacity,
    waiting: shapeOf<ApplicationSettings['capacity']['waiting']>({
      standby: capacity,
      'origin-failover': capacity.optional(),
      'local-reads': capacity.optional(),
      accelerated: capacity.optional(),
      inspected: capacity.optional(),
    }),
  }),
  scaling: shapeOf<ApplicationSettings['scaling']>({ cpuPercent: z.number(), requestsPerMinute: z.number() }),
  replaces: z.enum(['failed-machines', 'failed-health-checks']),
  requestLimit: z.number(),
  alarms: shapeOf<ApplicationSettings['alarms']>({ errorPercent: z.number(), p95Ms: z.number() }),
  messaging: shapeOf<MessagingSettings>({
    visibilityTimeoutSec: z.number(),
    attempts: z.number(),
    archiveDays: z.number(),
  }).optional(),
  networkBalancer: shapeOf<NetworkBalancerSettings>({
    listeners: z.record(
      z.string(),
      shapeOf<NetworkListenerSettings>({
        protocol: z.enum(['TCP', 'UDP']),
        port: z.number(),
        targetPort: z.number(),
      }),
    ),
    addresses: z.record(z.string(), z.array(z.string())).optional(),
  }).optional(),
  originHeaderGeneration: z.number(),
  logRetentionDays: z.number(),
  protection: z.enum(protections),
});
