/** Outputs of a region's Transit Gateway, and of the link between two of them. */
export { tgwContract, tgwLinkContract } from '@platform/libs/tgw/contract';
