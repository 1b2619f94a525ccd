/** What name resolution in a region promises. */
export { resolverContract } from '@platform/libs/resolver/contract';
