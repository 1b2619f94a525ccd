import { cidrRange, type AddressRange } from '@platform/libs/settings/cidr';
import { UnreadableExpression } from '@platform/tools/model/expression';
import type { EstateJson } from './estate-json';
import type { Unread } from './network';
import type { Place, References, Resource } from './references';

/** What is known beside the stacks. */
export interface Surroundings {
  /** Ranges on premises, which BGP announces to the hubs. */
  readonly onPremises: readonly string[];
  /** AddressRange of a VPC of another account by its attachment id, which it would announce if it were let. */
  readonly externals: ReadonlyMap<string, string>;
  /** TCP ports of partners' services by the names of those. */
  readonly partners: ReadonlyMap<string, readonly number[]>;
}

/** Collects what cannot be followed instead of stopping at it: one odd route must not hide a broken one. */
export class Reading {
  readonly unread: Unread[] = [];

  constructor(readonly references: References) {}

  /** Runs `read` for every resource of a type; what it cannot follow is noted. */
  each<T>(type: string, read: (resource: Resource) => T | undefined): T[] {
    return this.references.ofType(type).flatMap((resource) => {
      try {
        const made = read(resource);
        return made === undefined ? [] : [made];
      } catch (error) {
        if (!(error instanceof UnreadableExpression)) throw error;
        this.note(resource.place, error.message);
        return [];
      }
    });
  }

  note(place: Place, what: string): void {
    this.unread.push({ place, what });
  }

  /** The range of an argument; undefined when absent or not IPv4, which is noted. */
  range(resource: Resource, argument: string): AddressRange | undefined {
    const text = this.references.text(resource, argument);
    try {
      if (text !== undefined) return cidrRange(text);
    } catch {
      this.note(resource.place, `${argument} is "${text}", no IPv4 network`);
    }
    return undefined;
  }
}

/** AWS's name of the region in which a resource is made: that of its provider. */
export function awsRegionOf({ block, place }: Resource, estate: EstateJson): string {
  const providers = estate.get(place.stack)?.json.provider?.['aws'] ?? [];
  const alias = String(block['provider'] ?? 'aws').split('.')[1];
  return String(providers.find((provider) => provider['alias'] === alias)?.['region'] ?? 'unknown');
}

/** How people know a resource: its name tag, else where it is made. */
export function nameOf({ block, place }: Resource): string {
  const tags = block['tags'] as { readonly Name?: string } | undefined;
  return tags?.Name ?? `${place.stack}/${place.path}`;
}
