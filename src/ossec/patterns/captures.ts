/**
 * What a match hands over of its groups: those that took no part are left out, or kept as empty texts up to the last one
 * that did (see {@link PatternTree.keepsUnset}).
 */
import type { PatternTree } from "./ast.js";

export function capturesOf(
  groups: readonly (string | undefined)[],
  { keepsUnset = false }: Pick<PatternTree, "keepsUnset">,
): readonly string[] {
  if (!keepsUnset) return groups.filter((group) => group !== undefined);
  let length = groups.length;
  while (length > 0 && groups[length - 1] === undefined) length -= 1;
  return groups.slice(0, length).map((group) => group ?? "");
}
