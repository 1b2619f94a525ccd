/** Outputs of the Direct Connect gateway, and of a region's connections. */
export { directConnectGatewayContract, hybridContract } from '@platform/libs/hybrid/contract';
