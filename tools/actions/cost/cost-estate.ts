import { mkdirSync, readFileSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { adoptionLevels } from '@platform/libs/settings/adoption';
import type { WhatIf } from '@platform/libs/settings/environment';
import { synthesise, type EstateManifest } from '@platform/tools/actions/synth/synth';
import { costOfConfiguration, type MonthlyCost } from '@platform/tools/model/cost';
import type { Configuration } from '@platform/tools/model/configuration';
import { assumptions } from '@platform/tools/model/prices';
import { loadEstate } from '@platform/tools/workspace/load-estate';
import { openRunFolder } from '@platform/tools/workspace/run-folder';

/** Dollars a month and what is not in them. */
export interface CostLine {
  readonly name: string;
  readonly usd: number;
  /** With the highest price, where sources differ. */
  readonly usdHigh: number;
  /** Part of `usd` that unconfirmed prices have, by price and region. */
  readonly unconfirmed: Readonly<Record<string, number>>;
  /** Number of resources by type that are billed and have no price, or one by use. */
  readonly unknown: Readonly<Record<string, number>>;
}

/** The shape of `dist/cost/<environment>/cost.json`. */
export interface EstateCost extends Pick<EstateManifest, 'environment' | 'level' | 'mode'> {
  readonly stacks: readonly (CostLine & { readonly owner: string })[];
  readonly owners: readonly CostLine[];
  /** Every adoption level, with the mode of the environment. */
  readonly levels: readonly CostLine[];
  readonly total: CostLine;
  readonly assumptions: readonly string[];
}

export interface CostEstateOptions {
  /** Workspace root. */
  readonly root: string;
  readonly environment?: string;
  readonly whatIf?: WhatIf;
}

/**
 * What an environment costs by its synthesised configurations, by stack, owner and adoption level. Writes
 * `dist/cost/<environment>/cost.json`.
 */
export function costEstate({ root, environment, whatIf = {} }: CostEstateOptions): EstateCost {
  const estate = loadEstate(root);
  const zones = new Map(estate.regions.map((region) => [region.awsRegion, region.zones.length] as const));
  const run = openRunFolder(root);
  try {
    const at = (supposed: WhatIf, folder: string) => {
      const outdir = join(run.path, folder);
      const chosen = environment ? { environment } : {};
      const manifest = synthesise({ root, estate, outdir, whatIf: supposed, ...chosen });
      return { manifest, stacks: stackCosts(manifest, outdir, zones) };
    };
    const { manifest, stacks } = at(whatIf, 'synth');
    const { environment: name, level, mode } = manifest;
    const owners = [...new Set(stacks.map(({ owner }) => owner))].sort();
    const cost: EstateCost = {
      environment: name,
      level,
      mode,
      stacks,
      owners: owners.map((owner) =>
        sum(
          owner,
          stacks.filter((each) => each.owner === owner),
        ),
      ),
      levels: adoptionLevels.map((each) =>
        sum(each, each === level ? stacks : at({ ...whatIf, level: each }, `synth-${each}`).stacks),
      ),
      total: sum('total', stacks),
      assumptions,
    };
    const outdir = join(run.path, 'cost');
    mkdirSync(outdir);
    writeFileSync(join(outdir, 'cost.json'), `${JSON.stringify(cost, null, 2)}\n`);
    run.publish(outdir, join(root, 'dist', 'cost', name));
    return cost;
  } finally {
    run.remove();
  }
}

function stackCosts(
  { stacks }: EstateManifest,
  outdir: string,
  zones: ReadonlyMap<string, number>,
): EstateCost['stacks'] {
  return stacks.map(({ stack, owner, awsRegion }) => {
    const text = readFileSync(join(outdir, 'stacks', stack, 'cdk.tf.json'), 'utf8');
    return { owner, ...lineOf(stack, costOfConfiguration(JSON.parse(text) as Configuration, awsRegion, zones)) };
  });
}

const cents = (usd: number) => Math.round(usd * 100) / 100;

function lineOf(name: string, { usd, usdHigh, unconfirmed, unknown }: MonthlyCost): CostLine {
  return {
    name,
    usd: cents(usd),
    usdHigh: cents(usdHigh),
    unconfirmed: Object.fromEntries([...unconfirmed].map(([price, part]) => [price, cents(part)])),
    unknown: Object.fromEntries(unknown),
  };
}

function sum(name: string, lines: readonly CostLine[]): CostLine {
  const total = (of: (line: CostLine) => Readonly<Record<string, number>>) => {
    const sums = new Map<string, number>();
    for (const [key, number] of lines.flatMap((line) => Object.entries(of(line)))) {
      sums.set(key, (sums.get(key) ?? 0) + number);
    }
    return sums;
  };
  return lineOf(name, {
    usd: lines.reduce((part, { usd }) => part + usd, 0),
    usdHigh: lines.reduce((part, { usdHigh }) => part + usdHigh, 0),
    unconfirmed: total(({ unconfirmed }) => unconfirmed),
    unknown: total(({ unknown }) => unknown),
  });
}
