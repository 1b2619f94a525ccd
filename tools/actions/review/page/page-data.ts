import type { EstateMap } from '@platform/tools/model/estate-map';
import type { Review } from '@platform/tools/model/review';

/** What the page carries as JSON for its front end. */
export interface PageData {
  /** Null on a page of the estate alone. Without the inventories, which only other tools read. */
  readonly review: Review | null;
  readonly map: EstateMap;
  /** Class of each owner's colour. */
  readonly ownerClasses: Readonly<Record<string, string>>;
}
