/** Port speeds of a dedicated connection, in AWS's words. */
export const directConnectBandwidths = ['1Gbps', '10Gbps', '100Gbps', '400Gbps'] as const;

/** A dedicated connection at a Direct Connect location. */
export interface DirectConnectConnection {
  /** Lower-case name, part of resource addresses. */
  readonly name: string;
  /** Region key that the location belongs to; the connection reaches every region all the same. */
  readonly region: string;
  /** Code of the location, from `aws directconnect describe-locations`. */
  readonly location: string;
  readonly bandwidth: (typeof directConnectBandwidths)[number];
  /** VLAN of the virtual interface, 1–4094, as agreed for the port. */
  readonly vlan: number;
  /**
   * ARN of the secret that holds the BGP key: a secret of the connection's region and the network account, whose whole text
   * is the key of 6 to 80 characters.
   */
  readonly bgpKeySecretArn: string;
  /** `ordered`: the port is asked for, and its letter of authorisation can be fetched; `in-service`: cabled, with a virtual interface. */
  readonly stage: 'ordered' | 'in-service';
}

/** The way out over lines of one's own. */
export interface DirectConnectSettings {
  /** Private ASN of the Direct Connect gateway, which no hub has. */
  readonly awsAsn: number;
  /** ASN of the routers outside AWS. */
  readonly onPremisesAsn: number;
  /** At least two, at two locations. */
  readonly connections: readonly DirectConnectConnection[];
}

/** A VPN device outside AWS. */
export interface CustomerGatewaySettings {
  /** Its public IPv4 address. */
  readonly address: string;
  readonly asn: number;
}

/** The way out over the internet, for when no line is there. */
export interface VpnSettings {
  /** By lower-case name. Every region has a connection of two tunnels to each. */
  readonly customerGateways: Readonly<Record<string, CustomerGatewaySettings>>;
}

/** How one environment is joined with the networks outside AWS: by lines, by VPN, or by VPN behind lines. */
export interface HybridSettings {
  readonly directConnect?: DirectConnectSettings;
  readonly vpn?: VpnSettings;
}
