import { join } from 'node:path';
import { adoptionLevels, type AdoptionLevel } from '@platform/libs/settings/adoption';
import type { Environment, WhatIf } from '@platform/libs/settings/environment';
import { assessedOf, assessJson } from '@platform/tools/actions/resilience/assess-estate';
import { synthesise } from '@platform/tools/actions/synth/synth';
import type { Configuration } from '@platform/tools/model/configuration';
import { costOfConfiguration } from '@platform/tools/model/cost';
import { assumptions, datesOf } from '@platform/tools/model/prices';
import { verdictsOf, type Resilience } from '@platform/tools/model/resilience';
import { statefulTypes } from '@platform/tools/model/stateful-types';
import { loadEstate } from '@platform/tools/workspace/load-estate';
import { openRunFolder } from '@platform/tools/workspace/run-folder';
import { priceTraffic } from './price-traffic';

/** One adoption level, as a difference from the one below. */
export interface PricedLevel {
  readonly level: AdoptionLevel;
  /** Resources that the level below does not have, by type, without those that it loses. */
  readonly added: Readonly<Record<string, number>>;
  /** US dollars a month. `high` has the busy month of the settings, and the highest price where sources differ. */
  readonly usd: { readonly low: number; readonly high: number };
  /** Part of `usd.low` that prices have which no source confirms. */
  readonly unconfirmed: number;
  /** Number of resources by type, and loads, that are billed and have no price here. */
  readonly unknown: Readonly<Record<string, number>>;
  readonly paths: Resilience['paths'];
  /** `apiReads, RTO for the loss of a region` */
  readonly broken: readonly string[];
  /** Quotas that a new account lacks and the level below does not need. */
  readonly quotas: readonly string[];
  /** What going down from this level destroys that cannot be created again. */
  readonly lostGoingDown: readonly string[];
}

export interface LevelComparison {
  readonly environment: string;
  readonly mode: string;
  /** Level of the settings. */
  readonly level: AdoptionLevel;
  readonly levels: readonly PricedLevel[];
  /** The cheapest one that breaks no objective; null where each does. */
  readonly cheapest: AdoptionLevel | null;
  readonly assumptions: readonly string[];
}

export interface CompareLevelsOptions {
  /** Workspace root. */
  readonly root: string;
  /** Default: the first. */
  readonly environment?: string;
  readonly whatIf?: WhatIf;
}

/** Synthesises an environment at every level and compares price, figures and state. Calls nothing. */
export function compareLevels({ root, environment, whatIf = {} }: CompareLevelsOptions): LevelComparison {
  const loaded = loadEstate(root);
  const zones = new Map(loaded.regions.map((region) => [region.awsRegion, region.zones.length] as const));
  const run = openRunFolder(root);
  try {
    let below: Snapshot | undefined;
    let settings: Environment | undefined;
    const levels = adoptionLevels.map((level): PricedLevel => {
      const outdir = join(run.path, `synth-${level}`);
      const manifest = synthesise({
        root,
        estate: loaded,
        whatIf: { ...whatIf, level },
        outdir,
        ...(environment ? { environment } : {}),
      });
      const assessed = assessedOf({ root, loaded, manifest, outdir });
      settings = assessed.settings;
      const resilience = assessJson(assessed);
      const unknown = new Map<string, number>();
      const add = (name: string, count: number) => unknown.set(name, (unknown.get(name) ?? 0) + count);
      const fixed = { low: 0, high: 0, unconfirmed: 0 };
      const addresses = new Set<string>();
      for (const { stack, awsRegion } of manifest.stacks) {
        const json = assessed.estate.get(stack)!.json;
        const cost = costOfConfiguration(json as Configuration, awsRegion, zones);
        fixed.low += cost.usd;
        fixed.high += cost.usdHigh;
        for (const part of cost.unconfirmed.values()) fixed.unconfirmed += part;
        for (const [type, count] of cost.unknown) add(type, count);
        for (const [type, blocks] of Object.entries(json.resource ?? {})) {
          for (const name of Object.keys(blocks)) addresses.add(`${stack} ${type}.${name}`);
        }
      }
      const home = loaded.regions.find(({ role }) => role === 'primary')!.awsRegion;
      const stacks = [...assessed.estate.values()].map(({ json }) => json);
      const traffic = priceTraffic(stacks, assessed.settings.objectives.traffic, home);
      for (const name of traffic.unknown) add(name, 1);
      const present: Snapshot = { addresses, quotas: manifest.quotaWarnings };
      const priced: PricedLevel = {
        level,
        added: difference(below?.addresses ?? new Set(), addresses),
        usd: { low: cents(fixed.low + traffic.low), high: cents(fixed.high + traffic.high) },
        unconfirmed: cents(fixed.unconfirmed + traffic.unconfirmed),
        unknown: Object.fromEntries(unknown),
        paths: resilience.paths,
        broken: verdictsOf(resilience)
          .filter(({ status }) => status === 'broken')
          .map(({ path, objective }) => `${path}, ${objective}`),
        quotas: present.quotas.filter((text) => !below?.quotas.includes(text)),
        lostGoingDown: below === undefined ? [] : lostBetween(addresses, below.addresses),
      };
      below = present;
      return priced;
    });
    const { name, mode, objectives } = settings!;
    const given = loaded.settings.environments[name]!;
    const [cheapest] = levels.filter(({ broken }) => broken.length === 0).sort((a, b) => a.usd.low - b.usd.low);
    const { requestsPerMonth, responseKb, apiPercent } = objectives.traffic;
    return {
      environment: name,
      mode,
      level: given.level,
      levels,
      cheapest: cheapest?.level ?? null,
      assumptions: [
        `List prices of ${datesOf()}: no discount, free tier or tax. \`npx platform prices\` has each with its source; the column "unconfirmed" has what no source confirms.`,
        ...assumptions.slice(1),
        `${requestsPerMonth.low} to ${requestsPerMonth.high} requests a month of ${responseKb} KB, ${apiPercent} % to the API (objectives.traffic); prices of the primary region and of the first tier.`,
        'Going up destroys and replaces nothing that holds data: docs/levels.md has the plans.',
      ],
    };
  } finally {
    run.remove();
  }
}

interface Snapshot {
  readonly addresses: ReadonlySet<string>;
  readonly quotas: readonly string[];
}

const typeOf = (address: string) => address.split(' ')[1]!.split('.')[0]!;

function difference(below: ReadonlySet<string>, here: ReadonlySet<string>): Record<string, number> {
  const counts = new Map<string, number>();
  const count = (address: string, by: number) => counts.set(typeOf(address), (counts.get(typeOf(address)) ?? 0) + by);
  for (const address of here) if (!below.has(address)) count(address, 1);
  for (const address of below) if (!here.has(address)) count(address, -1);
  return Object.fromEntries([...counts].filter(([, by]) => by !== 0).sort(([a], [b]) => a.localeCompare(b)));
}

function lostBetween(above: ReadonlySet<string>, below: ReadonlySet<string>): string[] {
  return [...above].flatMap((address) => {
    const holds = statefulTypes[typeOf(address)];
    return holds === undefined || below.has(address) ? [] : [`${address.replace(' ', ': ')} (${holds})`];
  });
}

const cents = (usd: number) => Math.round(usd * 100) / 100;
