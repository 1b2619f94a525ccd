/**
 * The home region: where the state of global stacks lives. Imported from its own folder, so that a change to another
 * region's settings does not reach the global stacks through here. Its key must equal `home` in `infra.config.ts`.
 */
export { region as home } from '@platform/region-us/region';
