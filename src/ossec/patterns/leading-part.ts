/**
 * A prefilter by the beginning of a pattern: what the counting matcher runs is mostly a long concatenation whose end is
 * ambiguous (`\s\d+:\d+\s\S+\s\d+.\d+.\d+.\d+`). Every match of it begins with one of its first items, of which
 * JavaScript's regular expressions are proven to answer soon: where these are nowhere, there is no match. A necessary
 * condition only; test/ossec/patterns/leading-part.test.ts holds it against the counting matcher alone.
 */
import { type PatternNode, type PatternTree, sequenceOf } from "./ast.js";
import { emitPattern, needsBacktracker } from "./emit.js";
import { safeTextLength } from "./growth.js";

/** Lines are shorter: of what JavaScript may run on those one does not look for a safer part. */
const longestLine = 8192;

export interface LeadingPart {
  readonly expression: RegExp;
  /** Longer texts are not asked about. */
  readonly longestText: number;
}

/** The items that stand one behind the other at the beginning, up to the first that JavaScript cannot run. */
function leadingItems(root: PatternNode): readonly PatternNode[] {
  if (root.kind !== "sequence") return [];
  const end = root.items.findIndex(needsBacktracker);
  return end < 0 ? root.items : root.items.slice(0, end);
}

/** The longest beginning of a pattern that JavaScript may run on any line; null: there is none. */
export function leadingPart({ root, sharedNumbers = false }: PatternTree): LeadingPart | null {
  if (sharedNumbers) return null;
  const items = leadingItems(root);
  // The more items, the shorter the texts on which they are safe.
  let [low, high] = [0, items.length];
  while (low < high) {
    const middle = (low + high + 1) >> 1;
    if (safeTextLength(sequenceOf(items.slice(0, middle)), true) >= longestLine) low = middle;
    else high = middle - 1;
  }
  if (low === 0) return null;
  const part = sequenceOf(items.slice(0, low));
  const { source } = emitPattern({ root: part, groups: 0 });
  return { expression: new RegExp(source), longestText: safeTextLength(part, true) };
}
