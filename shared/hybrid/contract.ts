/** What the Direct Connect gateway, and a region's connections, promise. */
export { directConnectGatewayContract, hybridContract } from '@platform/libs/hybrid/contract';
