/** Outputs of a region's inspection. */
export { gwlbContract } from '@platform/libs/gwlb/contract';
