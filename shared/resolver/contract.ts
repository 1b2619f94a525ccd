/** Outputs of a region's DNS. */
export { resolverContract } from '@platform/libs/resolver/contract';
