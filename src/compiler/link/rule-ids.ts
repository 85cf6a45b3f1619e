import type { RuleIds } from "../lockfile.js";
import { codes } from "./codes.js";
import { describe, type Field, type LinkContext } from "./field.js";

/** OSSEC's range for local rules (ids are cut to six digits: spec/ossec.md 6.2). */
export const localIds = { least: 100_000, most: 119_999 } as const;

export interface RuleIdRequest {
  readonly detection: string;
  /** The `id` field of the rule; its value is undefined where zopf is to choose. */
  readonly field: Field;
}

/**
 * Where zopf begins to choose when the bundle does not say: spread by name, so that two bundles on one
 * host are unlikely to meet.
 */
export function defaultFirstId(bundle: string): number {
  let hash = 2_166_136_261;
  for (const letter of bundle) hash = Math.imul(hash ^ (letter.codePointAt(0) ?? 0), 16_777_619) >>> 0;
  return localIds.least + (hash % 190) * 100;
}

/**
 * Gives every detection its rule id: the fixed one, else the one of the lock file, else the next free one.
 * Ids of other bundles in the same lock file and of detections that are gone are not used again.
 */
export function assignRuleIds(
  context: LinkContext,
  bundle: string,
  requests: readonly RuleIdRequest[],
  options: { readonly first: number; readonly locked: ReadonlyMap<string, RuleIds> },
): { readonly ids: ReadonlyMap<string, number>; readonly lock: RuleIds } {
  const ids = new Map<string, number>();
  const taken = new Map<number, string>();
  for (const { detection, field } of requests) {
    const id = fixedId(context, field);
    if (id === null) continue;
    const other = taken.get(id);
    if (other !== undefined)
      context.diagnostics.push(
        codes.ruleId(
          field.span(),
          `rule id ${id} is used by "${other}" already`,
          "give each rule an id of its own",
        ),
      );
    taken.set(id, detection);
    ids.set(detection, id);
  }
  const elsewhere = new Set<number>();
  for (const [name, rules] of options.locked)
    for (const id of rules.values()) if (name !== bundle) elsewhere.add(id);
  const before = options.locked.get(bundle) ?? new Map<string, number>();
  const retired = new Set(before.values());
  const lock = new Map<string, number>();
  let next = options.first;
  for (const { detection, field } of requests) {
    if (ids.has(detection) || field.value !== undefined) continue;
    const kept = before.get(detection);
    let id = kept !== undefined && !taken.has(kept) ? kept : null;
    while (id === null && next <= localIds.most) {
      if (!taken.has(next) && !elsewhere.has(next) && !retired.has(next)) id = next;
      next += 1;
    }
    if (id === null) {
      context.diagnostics.push(
        codes.ruleId(field.span(), `no rule id is left between ${options.first} and ${localIds.most}`),
      );
      break;
    }
    taken.set(id, detection);
    ids.set(detection, id);
    lock.set(detection, id);
  }
  return { ids, lock };
}

function fixedId(context: LinkContext, field: Field): number | null {
  if (field.value === undefined) return null;
  const { value } = field;
  if (
    typeof value === "number" &&
    Number.isInteger(value) &&
    value >= localIds.least &&
    value <= localIds.most
  )
    return value;
  context.diagnostics.push(
    codes.ruleId(
      field.span(),
      `${field.label} is ${describe(value)}, which is not an id for a local rule`,
      `use a whole number from ${localIds.least} to ${localIds.most}: below lie the stock rules, and OSSEC keeps six digits`,
    ),
  );
  return null;
}
