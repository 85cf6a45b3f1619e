/** Names that somebody may have meant. */

/** How many letters have to be changed, added, taken away or swapped; more than `limit` counts as `limit + 1`. */
function editDistance(one: string, other: string, limit: number): number {
  if (Math.abs(one.length - other.length) > limit) return limit + 1;
  let before: number[] = [];
  let last = Array.from({ length: other.length + 1 }, (_, index) => index);
  for (let row = 1; row <= one.length; row++) {
    const current = [row];
    for (let column = 1; column <= other.length; column++) {
      const same = one.charAt(row - 1) === other.charAt(column - 1);
      let least = Math.min(
        (last[column] ?? 0) + 1,
        (current[column - 1] ?? 0) + 1,
        (last[column - 1] ?? 0) + (same ? 0 : 1),
      );
      const swapped =
        row > 1 &&
        column > 1 &&
        one.charAt(row - 1) === other.charAt(column - 2) &&
        one.charAt(row - 2) === other.charAt(column - 1);
      if (swapped) least = Math.min(least, (before[column - 2] ?? 0) + 1);
      current.push(least);
    }
    before = last;
    last = current;
  }
  return Math.min(last[other.length] ?? limit + 1, limit + 1);
}

/**
 * The nearest of the names, at most three.
 *
 * @param share - one letter in so many may differ, and one in any case
 */
export function nearNames(wanted: string, names: Iterable<string>, share = 3): readonly string[] {
  const word = wanted.toLowerCase();
  const limit = Math.max(1, Math.floor(word.length / share));
  const found: { readonly name: string; readonly distance: number }[] = [];
  for (const name of new Set(names)) {
    if (name === "" || name === wanted) continue;
    const distance = editDistance(word, name.toLowerCase(), limit);
    if (distance <= limit) found.push({ name, distance });
  }
  return found
    .sort((one, other) => one.distance - other.distance || (one.name < other.name ? -1 : 1))
    .slice(0, 3)
    .map(({ name }) => name);
}

/** The name that a misspelt one most likely stands for; null: nothing is near. */
export function nearestName(wanted: string, names: Iterable<string>): string | null {
  return nearNames(wanted, names)[0] ?? null;
}

/** "Did you mean a or b?", with a blank before it; empty: nothing is near. */
export function didYouMean(wanted: string, names: Iterable<string>, share?: number): string {
  const near = nearNames(wanted, names, share);
  return near.length === 0 ? "" : ` Did you mean ${near.join(" or ")}?`;
}
