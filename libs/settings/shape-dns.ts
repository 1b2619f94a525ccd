import { z } from 'zod';
import { firewallFailures, type DnsSettings, type ForwardedDomain } from './dns';
import { shapeOf } from './shape';

export const dnsShape = shapeOf<DnsSettings>({
  queryLogRetentionDays: z.number(),
  firewallFails: z.enum(firewallFailures),
  blockedDomains: z.array(z.string()),
});

export const forwardedDomainShape = shapeOf<ForwardedDomain>({ name: z.string(), targets: z.array(z.string()) });
