import { z } from 'zod';
import { protections } from './data-stores';
import { clientAffinities, zoneSignings } from './edge';
import type {
  AcceleratorSettings,
  EdgeSettings,
  HealthCheckSettings,
  OriginFailoverSettings,
  ZoneSettings,
} from './edge';
import { shapeOf } from './shape';

export const edgeShape = shapeOf<EdgeSettings>({
  zone: shapeOf<ZoneSettings>({
    signing: z.enum(zoneSignings),
    certificateAuthorities: z.array(z.string()),
    ttlSec: z.number(),
    queryLogRetentionDays: z.number(),
  }),
  healthCheck: shapeOf<HealthCheckSettings>({
    intervalSec: z.number(),
    failureThreshold: z.number(),
    path: z.string(),
  }),
  originFailover: shapeOf<OriginFailoverSettings>({
    statusCodes: z.array(z.number()),
    connectionTimeoutSec: z.number(),
    connectionAttempts: z.number(),
    readTimeoutSec: z.number(),
  }),
  accelerator: shapeOf<AcceleratorSettings>({
    clientAffinity: z.enum(clientAffinities),
    healthCheckIntervalSec: z.number(),
    healthCheckThreshold: z.number(),
    dialLimitPercent: z.record(z.string(), z.number()).optional(),
  }),
  requestLimit: z.number(),
  firewallLogRetentionDays: z.number(),
  logRetentionDays: z.number(),
  protection: z.enum(protections),
});
