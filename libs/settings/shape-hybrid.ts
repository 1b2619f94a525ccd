import { z } from 'zod';
import {
  directConnectBandwidths,
  type CustomerGatewaySettings,
  type DirectConnectConnection,
  type DirectConnectSettings,
  type HybridSettings,
  type VpnSettings,
} from './hybrid';
import { shapeOf } from './shape';

export const hybridShape = shapeOf<HybridSettings>({
  directConnect: shapeOf<DirectConnectSettings>({
    awsAsn: z.number(),
    onPremisesAsn: z.number(),
    connections: z.array(
      shapeOf<DirectConnectConnection>({
        name: z.string(),
        region: z.string(),
        location: z.string(),
        bandwidth: z.enum(directConnectBandwidths),
        vlan: z.number(),
        bgpKeySecretArn: z.string(),
        stage: z.enum(['ordered', 'in-service']),
      }),
    ),
  }).optional(),
  vpn: shapeOf<VpnSettings>({
    customerGateways: z.record(z.string(), shapeOf<CustomerGatewaySettings>({ address: z.string(), asn: z.number() })),
  }).optional(),
});
