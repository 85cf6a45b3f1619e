/** What Wazuh's composites compare of two events (docs/reference/wazuh.md#correlation-in-wazuh). */
import type { ComparedField, Correlation } from "../ossec/definitions.js";
import type { FieldComparison } from "../ossec/engine/comparisons.js";

const isStored = (field: ComparedField): field is Exclude<ComparedField, "srcgeoip" | "dstgeoip"> =>
  field !== "srcgeoip" && field !== "dstgeoip";

/** null: no earlier event ever counts. No event has a location by address, which is the same as nobody's. */
export function fieldComparisons(correlation: Correlation): readonly FieldComparison[] | null {
  const { same, different, sameFields, differentFields, global } = correlation;
  if (!same.every(isStored) || same.some((field) => different.includes(field))) return null;
  const asSame = { kind: "same", heldByMissing: false } as const;
  const asDifferent = { kind: "different", heldByMissing: true } as const;
  const dynamic = (name: string) => ({ dynamic: name.toLowerCase() });
  return [
    // The first one: the search of all events asks for it by its place.
    ...(global ? [] : [{ ...asSame, field: "agent", name: "the same agent" } as const]),
    ...same.filter(isStored).map((field) => ({ ...asSame, field, name: `same_${field}` })),
    ...different.filter(isStored).map((field) => ({ ...asDifferent, field, name: `different_${field}` })),
    ...sameFields.map((name) => ({ ...asSame, field: dynamic(name), name: `same_field ${name}` })),
    ...differentFields.map((name) => ({
      ...asDifferent,
      field: dynamic(name),
      name: `different_field ${name}`,
    })),
    ...(differentFields.length === 0
      ? []
      : [{ kind: "either", heldByMissing: false, field: "any-dynamic", name: "different_field" } as const]),
  ];
}
