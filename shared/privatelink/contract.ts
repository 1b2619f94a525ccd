/** Outputs of a region's endpoints. */
export { privateLinkContract } from '@platform/libs/privatelink/contract';
