import { isNullable, itemsOf, type Node } from "./python/ast.js";
import { consume } from "./python/consume.js";
import { isAnyRun } from "./python/simplify.js";

/** Texts with which a match begins; null: too many, or any. */
export function headsOf(node: Node): readonly string[] | null {
  const heads = headTexts([...itemsOf(node)]);
  return heads.length > 80 || heads.some((head) => head === "") ? null : heads;
}

export function headTexts(items: readonly Node[], before = "", budget = { left: 400 }): readonly string[] {
  const [first, ...rest] = items;
  if (first === undefined || --budget.left < 0) return [before];
  switch (first.kind) {
    case "character":
      return first.ignoreCase ? [before] : headTexts(rest, before + String.fromCodePoint(first.code), budget);
    case "set": {
      const codes = singles(first);
      return codes === null
        ? [before]
        : codes.flatMap((code) => headTexts(rest, before + String.fromCodePoint(code), budget));
    }
    case "group":
    case "atomic":
      return headTexts([...itemsOf(first.body), ...rest], before, budget);
    case "sequence":
      return headTexts([...first.items, ...rest], before, budget);
    case "alternatives":
      return first.options.flatMap((option) => headTexts([...itemsOf(option), ...rest], before, budget));
    case "repeat":
      if (first.max !== 1) return [before];
      return [
        ...headTexts([...itemsOf(first.body), ...rest], before, budget),
        ...(first.min === 0 ? headTexts(rest, before, budget) : []),
      ];
    case "look":
      return headTexts(rest, before, budget);
    default:
      return [before];
  }
}

/** The few characters of a set: `[aA]`. */
export function singles(node: Node): readonly number[] | null {
  if (node.kind !== "set" || node.negated || node.ignoreCase || node.items.length > 4) return null;
  const codes: number[] = [];
  for (const item of node.items) {
    if (item.kind === "class" || item.from !== item.to) return null;
    codes.push(item.from);
  }
  return codes;
}

/** Is everything that begins as one also what begins as the other? */
export function includes(other: Node, guard: Node): boolean {
  if (other === guard) return true;
  const [shorts, longs] = [headsOf(other), headsOf(guard)];
  const isHead = itemsOf(other).every(({ kind }) => kind === "character");
  return (
    isHead &&
    shorts !== null &&
    (longs ?? [""]).every((long) => shorts.some((short) => long.startsWith(short)))
  );
}

/** May a text begin with one of these, and with one of those? */
export function mayMeet(ones: readonly string[] | null, others: readonly string[] | null): boolean {
  if (ones === null || others === null) return true;
  return ones.some((one) => others.some((other) => one.startsWith(other) || other.startsWith(one)));
}

/** Is every text that begins so one of the content? */
export function covers(content: Node, heads: readonly string[] | null): boolean {
  return (heads ?? [""]).every((head) =>
    // Any beginning of the head may be enough.
    Array.from(head, (_, at) => head.slice(0, at + 1)).some((part) =>
      consume([itemsOf(content)], part).some(
        (rest) =>
          rest.length === 1 &&
          rest[0] !== undefined &&
          isAnyRun(rest[0]) &&
          (isNullable(rest[0]) || part.length < head.length),
      ),
    ),
  );
}
