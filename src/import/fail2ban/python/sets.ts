/** What a set of a Python expression holds, as far as ASCII goes; beyond it all or nothing, or single characters. */
import type { ClassLetter, SetItem, SetNode } from "./ast.js";

const inClass = (letter: ClassLetter, code: number): boolean => {
  switch (letter) {
    case "d":
      return code >= 48 && code <= 57;
    case "w":
      return (
        code > 127 ||
        code === 95 ||
        (code >= 48 && code <= 57) ||
        (code >= 65 && code <= 90) ||
        (code >= 97 && code <= 122)
      );
    case "s":
      return code === 32 || (code >= 9 && code <= 13) || (code >= 28 && code <= 31);
    case "D":
      return !inClass("d", code);
    case "W":
      return !inClass("w", code);
    case "S":
      return !inClass("s", code);
  }
};

const itemHas = (item: SetItem, code: number): boolean =>
  item.kind === "class" ? inClass(item.letter, code) : code >= item.from && code <= item.to;

const otherCase = (code: number): number =>
  code >= 65 && code <= 90 ? code + 32 : code >= 97 && code <= 122 ? code - 32 : code;

/**
 * Is the character in the set? Beyond ASCII every character counts as a letter: the Unicode blanks and signs among them
 * are not told apart (docs/import-fail2ban.md says so).
 */
export function setHas({ items, negated, ignoreCase }: SetNode, code: number): boolean {
  const found =
    items.some((item) => itemHas(item, code)) ||
    (ignoreCase && items.some((item) => itemHas(item, otherCase(code))));
  return found !== negated;
}

/** Does it hold every character beyond ASCII, none, or some? */
export function beyondAscii({ items, negated }: SetNode): "all" | "none" | "some" {
  const every = items.some((item) => item.kind === "class" && /[wDS]/.test(item.letter));
  const some = items.some((item) => item.kind === "range" && item.to > 127);
  if (every) return negated ? "none" : "all";
  if (some) return "some";
  return negated ? "all" : "none";
}
