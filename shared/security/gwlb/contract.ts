/** What the inspection of a region promises. */
export { gwlbContract } from '@platform/libs/gwlb/contract';
