/** What the endpoints of a region promise. */
export { privateLinkContract } from '@platform/libs/privatelink/contract';
