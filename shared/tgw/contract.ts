/** What the hub of a region, and the link between two of them, promise. */
export { tgwContract, tgwLinkContract } from '@platform/libs/tgw/contract';
