import { z } from 'zod';
import {
  endpointServices,
  type OfferSettings,
  type PartnerServiceSettings,
  type PrivateLinkSettings,
} from './private-link';
import { shapeOf } from './shape';

export const privateLinkShape = shapeOf<PrivateLinkSettings>({
  services: z.array(z.enum(endpointServices)),
  offer: shapeOf<OfferSettings>({ allowedPrincipals: z.array(z.string()) }).optional(),
  partners: z
    .record(
      z.string(),
      shapeOf<PartnerServiceSettings>({
        serviceNames: z.record(z.string(), z.string()),
        ports: z.array(z.number()),
        privateDns: z.enum(['on', 'off']),
      }),
    )
    .optional(),
});
