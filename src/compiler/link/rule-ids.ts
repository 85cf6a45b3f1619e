import { codes } from "../codes.js";
import type { SourceRange } from "../decode/field.js";
import { localIds } from "../decode/scalars.js";
import type { RuleIds } from "../lockfile.js";
import type { LinkContext } from "./context.js";

export interface RuleIdRequest {
  readonly detection: string;
  /** The id that the bundle fixes; undefined where zopf is to choose. */
  readonly fixed: number | undefined;
  /** Where it stands, or would. */
  readonly place: SourceRange;
  /** Taken from the end of the bundle's hundred, so that the ids of detections follow one another. */
  readonly fromEnd?: true;
}

/** Ids from the first one on that a bundle is expected to need. */
const block = 100;

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
  for (const { detection, fixed: id, place } of requests) {
    if (id === undefined) continue;
    const other = taken.get(id);
    if (other !== undefined)
      context.report(
        codes.ruleId(
          place.span(),
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
  const isFree = (id: number): boolean => !taken.has(id) && !elsewhere.has(id) && !retired.has(id);
  let next = options.first;
  for (const { detection, fixed, place, fromEnd } of requests) {
    if (fixed !== undefined) continue;
    const kept = before.get(detection);
    let id = kept !== undefined && !taken.has(kept) ? kept : null;
    const last = Math.min(options.first + block - 1, localIds.most);
    if (fromEnd === true)
      for (let other = last; id === null && other >= options.first; other--) if (isFree(other)) id = other;
    while (id === null && next <= localIds.most) {
      if (isFree(next)) id = next;
      next += 1;
    }
    if (id === null) {
      context.report(
        codes.ruleId(place.span(), `no rule id is left between ${options.first} and ${localIds.most}`),
      );
      break;
    }
    taken.set(id, detection);
    ids.set(detection, id);
    lock.set(detection, id);
  }
  return { ids, lock };
}
