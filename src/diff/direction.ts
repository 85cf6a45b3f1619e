import type { Change } from "./change.js";

/**
 * Changes with their direction: where the way back would weaken the defence, what lies there is weaker than what
 * is built. What is missing there counts only where it was installed: before the first deploy all is missing.
 *
 * @param back - the same comparison with its sides exchanged
 */
export function withDirection(
  changes: readonly Change[],
  back: readonly Change[],
  wasInstalled: (one: Change) => boolean,
): readonly Change[] {
  const opposite = { create: "delete", delete: "create", change: "change", conflict: "conflict" } as const;
  return changes.map((one) => {
    // Who is never blocked is a matter of its own: a list that grows protects, and blocks less.
    if (one.what === "never-block" || one.kind === "conflict") return one;
    if (one.kind === "create" && !wasInstalled(one)) return one;
    const weaker = back.some(
      (other) =>
        other.weakens && other.what === one.what && other.id === one.id && other.kind === opposite[one.kind],
    );
    return weaker && !one.weakens ? { ...one, strengthens: true } : one;
  });
}
