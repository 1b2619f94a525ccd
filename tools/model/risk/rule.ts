import type { ResourceChange } from '../plan';
import type { FindingLevel, ResourceEntry } from '../review';
import { withMaskedTexts } from '../secrets';
import { SENSITIVE } from '../value-changes';

/** One row of the table of rules, as `docs/review-rules.md` prints it. */
export interface RiskRule {
  /** What waivers name. It never changes. */
  readonly id: string;
  readonly level: FindingLevel;
  /** What it finds: completes "Finds …". */
  readonly finds: string;
  readonly why: string;
  /** What to do, in the imperative. */
  readonly remedy: string;
  /** Where AWS or Terraform documents what the rule relies on. */
  readonly source: string;
}

/** A rule that looks at one resource at a time. */
export interface ResourceRule extends RiskRule {
  /** What is found: the rest of a sentence after the address, with the argument; empty where there is nothing. */
  readonly look: (change: ReviewedChange) => readonly Sighting[];
}

export interface Sighting {
  /** `backup_retention_period is lowered from 7 to 1` */
  readonly what: string;
  readonly argument?: string;
}

/** One change of a plan, with its values by path: `point_in_time_recovery.0.enabled`. */
export class ReviewedChange {
  readonly type: string;
  readonly action: ResourceEntry['action'];
  /** The object is destroyed, for good or to be made anew. */
  readonly isDestroyed: boolean;
  /** The object exists before and after, or another takes its place. */
  readonly isChanged: boolean;

  readonly resource: ResourceChange;

  constructor(
    resource: ResourceChange,
    readonly entry: Pick<ResourceEntry, 'action'>,
    /** Folder of the stack's project; undefined for plans of another repository. */
    readonly project?: string,
  ) {
    // A finding may quote any text.
    this.resource = { ...resource, change: withMaskedTexts(resource.change) };
    this.type = resource.type;
    this.action = entry.action;
    this.isDestroyed = this.action === 'delete' || this.action === 'replace';
    this.isChanged = this.action === 'update' || this.action === 'replace';
  }

  before(path: string): unknown {
    return valueAt(this.resource.change.before, path);
  }

  /** Undefined also where only the apply tells it: see {@link isUnknown}. */
  after(path: string): unknown {
    return valueAt(this.resource.change.after, path);
  }

  isUnknown(path: string): boolean {
    const parts = path.split('.');
    const marks = this.resource.change.after_unknown;
    return parts.some((_, index) => valueAt(marks, parts.slice(0, index + 1).join('.')) === true);
  }

  /** The two values in words, for a finding. */
  fromTo(path: string): string {
    const { change } = this.resource;
    const [name] = path.split('.') as [string];
    const isSensitive = [change.before_sensitive, change.after_sensitive].some(
      (marks) => marks === true || hasMark(valueAt(marks, name)),
    );
    const show = (value: unknown) => (isSensitive ? SENSITIVE : JSON.stringify(value ?? null));
    return `from ${show(this.before(path))} to ${this.isUnknown(path) ? 'an unknown value' : show(this.after(path))}`;
  }

  lowered(path: string): Sighting[] {
    const [one, other] = [numberOf(this.before(path)), numberOf(this.after(path))];
    if (!this.isChanged || one === undefined || other === undefined || other >= one) return [];
    return [{ what: `${path} is lowered ${this.fromTo(path)}`, argument: path }];
  }

  raised(path: string): Sighting[] {
    const [one, other] = [numberOf(this.before(path)), numberOf(this.after(path))];
    if (!this.isChanged || one === undefined || other === undefined || other <= one) return [];
    return [{ what: `${path} is raised ${this.fromTo(path)}`, argument: path }];
  }

  /** True before, and false or absent after. */
  switchedOff(path: string): Sighting[] {
    if (!this.isChanged || !isOn(this.before(path)) || isOn(this.after(path)) || this.isUnknown(path)) return [];
    return [{ what: `${path} is switched off`, argument: path }];
  }

  switchedOn(path: string): Sighting[] {
    if (!this.isChanged || isOn(this.before(path)) || !isOn(this.after(path))) return [];
    return [{ what: `${path} is switched on`, argument: path }];
  }

  /** Something before, and nothing after. */
  emptied(path: string): Sighting[] {
    if (!this.isChanged || isEmpty(this.before(path)) || !isEmpty(this.after(path)) || this.isUnknown(path)) return [];
    return [{ what: `${path} is removed`, argument: path }];
  }

  /** Elements of a list or set that are gone, by what tells them apart; none where the new list is unknown. */
  elementsGone(path: string, identity: (element: unknown) => string | undefined = asText): string[] {
    if (!this.isChanged || hasMark(valueAt(this.resource.change.after_unknown, path))) return [];
    const names = (value: unknown) => (Array.isArray(value) ? value : []).flatMap((each) => identity(each) ?? []);
    const left = new Set(names(this.after(path)));
    return names(this.before(path)).filter((name) => !left.has(name));
  }
}

/** What a field of each element says. */
export const byField =
  (name: string) =>
  (element: unknown): string | undefined =>
    asText(valueAt(element, name));

function asText(value: unknown): string | undefined {
  return typeof value === 'string' || typeof value === 'number' ? String(value) : undefined;
}

export function valueAt(value: unknown, path: string): unknown {
  return path.split('.').reduce<unknown>((inside, name) => {
    if (typeof inside !== 'object' || inside === null || !Object.hasOwn(inside, name)) return undefined;
    return (inside as Record<string, unknown>)[name];
  }, value);
}

export function hasMark(marks: unknown): boolean {
  if (typeof marks === 'object' && marks !== null) return Object.values(marks).some(hasMark);
  return marks === true;
}

function numberOf(value: unknown): number | undefined {
  const number = typeof value === 'string' && value.trim() !== '' ? Number(value) : value;
  return typeof number === 'number' && Number.isFinite(number) ? number : undefined;
}

/** Providers say yes in several ways. */
function isOn(value: unknown): boolean {
  return value === true || value === 'true' || /^enabled$/i.test(String(value));
}

export function isEmpty(value: unknown): boolean {
  if (value === undefined || value === null || value === '') return true;
  return typeof value === 'object' && Object.keys(value).length === 0;
}
