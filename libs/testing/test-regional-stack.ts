import type { App } from 'cdktf';
import type { Contract } from '@platform/libs/contract/contract';
import { selectEnvironment, type Environment } from '@platform/libs/settings/environment';
import type { OrganisationSettings } from '@platform/libs/settings/organisation';
import type { EstateStack } from '@platform/libs/stack/estate-stack';
import { synthStack } from './synth-stack';

export interface RegionalStackTest {
  /** The organisation's own settings: the tests hold for every accepted value. */
  readonly settings: OrganisationSettings;
  readonly contract: Contract;
  readonly build: (app: App, environment: Environment) => EstateStack;
  /**
   * Stacks outside the region whose state it reads. Default: none, so that it can be deployed while other regions are
   * lost.
   */
  readonly readsOutside?: readonly string[];
}

/**
 * Defines the tests of a region's folder: its region, contracts and upstream contracts. The composition is tested once,
 * in `libs/regional`.
 */
export function testRegionalStack({ settings, contract, build, readsOutside = [] }: RegionalStackTest): void {
  const { key, awsRegion } = contract.stateRegion;

  describe.each(Object.keys(settings.environments))(`${contract.stack} in %s`, (name) => {
    const environment = selectEnvironment(settings, name);
    const synthesised = synthStack((app) => build(app, environment));

    test('runs in its region, and keeps its state there', () => {
      expect(synthesised.providers()[0]).toMatchObject({ region: awsRegion });
      expect(synthesised.json.terraform!['backend'].s3).toMatchObject({ region: awsRegion });
    });

    test('publishes its contract, or is empty', () => {
      const outputs = Object.keys(synthesised.outputs());
      if (synthesised.addresses().length === 0 && outputs.length === 0) return;
      expect(outputs).toEqual(Object.keys(contract.fields));
    });

    test('reads states of its own region, and of the named stacks outside only', () => {
      const reads = Object.keys(synthesised.json.data?.['terraform_remote_state'] ?? {});
      const outside = reads.filter((stack) => !stack.startsWith(`region-${key}-`));
      expect(outside.sort()).toEqual([...readsOutside].sort());
    });
  });
}
