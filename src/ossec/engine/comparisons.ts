/** What composites compare of two events, made of the elements of their rules (docs/reference/ossec.md#correlation). */
import type { Correlation } from "../definitions.js";
import type { Column, StoredField } from "./stored-events.js";

/** A comparison of earlier events with the present one. */
export interface FieldComparison {
  readonly field: StoredField;
  /** `either`: one of the two has the field at least. */
  readonly kind: "same" | "different" | "either";
  /** Holds where one of the two does not have the field. */
  readonly heldByMissing: boolean;
  /** The element, as explanations name it. */
  readonly name: string;
}

/** With the place where the texts of earlier events are. */
export interface Comparison extends FieldComparison {
  readonly column: Column;
}

/** What a composite compares, made ready. */
export interface Comparisons {
  readonly list: readonly Comparison[];
  /** No earlier event ever counts. */
  readonly never: boolean;
  /** The field by which a list finds events that can count; null: none is compared. */
  readonly key: Column | null;
  /** Only an event for which the comparisons hold ends the search where it is marked (Wazuh). */
  readonly marksOfCompared: boolean;
}

/** In the order of the engine's tests; what is not here has no effect. */
const comparisons: readonly (FieldComparison & { readonly listOnly: boolean })[] = [
  { name: "same_id", field: "id", kind: "same", heldByMissing: false, listOnly: false },
  { name: "same_source_ip", field: "srcip", kind: "same", heldByMissing: false, listOnly: false },
  { name: "same_user", field: "dstuser", kind: "same", heldByMissing: false, listOnly: false },
  { name: "different_url", field: "url", kind: "different", heldByMissing: false, listOnly: false },
  { name: "same_src_port", field: "srcport", kind: "same", heldByMissing: false, listOnly: true },
  { name: "same_dst_port", field: "dstport", kind: "same", heldByMissing: false, listOnly: true },
  { name: "same_location", field: "hostname", kind: "same", heldByMissing: false, listOnly: true },
];

/**
 * OSSEC's: what is compared; null: no event has what is asked for, for the engine is built without locations by address.
 *
 * @param isList - `if_matched_regex` searches, which look at all events, do not compare ports and host
 */
export function fieldComparisons(
  { same, different }: Correlation,
  isList: boolean,
): readonly FieldComparison[] | null {
  if (different.includes("srcgeoip")) return null;
  return comparisons.filter(
    ({ field, kind, listOnly }) =>
      (isList || !listOnly) && (kind === "different" ? different : same).some((asked) => asked === field),
  );
}
