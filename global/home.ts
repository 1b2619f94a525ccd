/**
 * The home region: its bucket holds the states of global stacks. Imported from its own folder, so that a change to
 * another region's settings does not affect global stacks. Its key must equal `home` in `infra.config.ts`.
 */
export { region as home } from '@platform/region-us/region';
