import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { selectEnvironment, type Environment, type WhatIf } from '@platform/libs/settings/environment';
import type { OrganisationSettings } from '@platform/libs/settings/organisation';
import type { RegionSettings } from '@platform/libs/settings/region';
import type { Block } from '@platform/libs/testing/synthesised-stack';
import { loadEstate, type LoadedEstate } from '@platform/tools/workspace/load-estate';
import { synthesise } from '@platform/tools/actions/synth/synth';
import { checkRoutes } from '../check-routes';
import { readEstateJson, type EstateJson } from '../estate-json';
import type { Violation } from '../check-policy';

/** The JSON of all stacks of an environment, and what it was made from. */
export interface SynthesisedEstate {
  readonly json: EstateJson;
  readonly environment: Environment;
  readonly regions: readonly RegionSettings[];
}

const loaded = new Map<string, LoadedEstate>();

/** Synthesises a workspace into a folder that is gone afterwards; `change` supposes other settings than it has. */
export function synthesiseJson(
  root: string,
  name?: string,
  whatIf: WhatIf = {},
  change: (settings: OrganisationSettings) => OrganisationSettings = (settings) => settings,
): SynthesisedEstate {
  const outdir = mkdtempSync(join(tmpdir(), 'routes-'));
  try {
    const original = loaded.get(root) ?? loadEstate(root);
    loaded.set(root, original);
    const estate = { ...original, settings: change(original.settings) };
    estate.assertSettings(estate.settings);
    const manifest = synthesise({ root, estate, outdir, whatIf, ...(name ? { environment: name } : {}) });
    return {
      json: readEstateJson(root, outdir, manifest),
      environment: selectEnvironment(estate.settings, manifest.environment, whatIf),
      regions: estate.regions,
    };
  } finally {
    rmSync(outdir, { recursive: true });
  }
}

/** Lets a test change the JSON of one stack; what it was made from stays as it is. */
export function changed(
  estate: SynthesisedEstate,
  stack: string,
  change: (resources: Resources) => void,
): SynthesisedEstate {
  const file = estate.json.get(stack);
  if (!file) throw new Error(`there is no stack "${stack}"; there is ${[...estate.json.keys()].join(', ')}`);
  const json = structuredClone(file.json);
  change(new Resources(json.resource ?? {}));
  return { ...estate, json: new Map(estate.json).set(stack, { ...file, json }) };
}

/** Resources of a stack that a test changes, by type and construct path below the stack. */
export class Resources {
  constructor(private readonly byType: Record<string, Record<string, Block>>) {}

  get(type: string, path: string): Block {
    return this.byType[type]![this.id(type, path)]!;
  }

  /** The first of a type that fits. */
  first(type: string, fits: (block: Block) => boolean): Block {
    const found = Object.values(this.byType[type] ?? {}).find(fits);
    if (!found) throw new Error(`there is no such ${type}`);
    return found;
  }

  remove(type: string, path: string): void {
    delete this.byType[type]![this.id(type, path)];
  }

  add(type: string, path: string, block: Block): void {
    (this.byType[type] ??= {})[path.replaceAll('/', '_')] = { ...block, '//': { metadata: { path: `stack/${path}` } } };
  }

  /** A copy of a resource under a new path, with other arguments. */
  copy(type: string, path: string, to: string, replaced: Block): void {
    this.add(type, to, { ...structuredClone(this.get(type, path)), ...replaced });
  }

  reference(type: string, path: string): string {
    return `\${${type}.${this.id(type, path)}.id}`;
  }

  private id(type: string, path: string): string {
    const paths = Object.entries(this.byType[type] ?? {}).map(([id, block]) => {
      const whole = String(block['//']?.metadata?.path ?? id);
      return [id, whole.slice(whole.indexOf('/') + 1)] as const;
    });
    const found = paths.find(([, candidate]) => candidate === path);
    if (!found) throw new Error(`there is no ${type} ${path}; there is ${paths.map(([, name]) => name).join(', ')}`);
    return found[0];
  }
}

/** What is wrong with an estate. */
export function violationsIn({ json, environment, regions }: SynthesisedEstate): readonly Violation[] {
  return checkRoutes(json, environment, regions).violations;
}
