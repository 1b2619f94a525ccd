/**
 * The balancer of the region that this one fails over to, as `failsOverTo` of `../region` says. The only file in which
 * the twins differ.
 */
export { contract as partner } from '@platform/region-ap/alb-asg-app/contract';
