/**
 * Text of others in TypeScript. Whatever it holds stays text: line terminators, control characters, marks that turn the
 * direction of writing round and everything else that cannot be seen are shown as escapes.
 */

/** What is not seen, or not as it is: control, format, unassigned, surrogates, separators but the blank. */
const unseen =
  /[\p{C}\p{Zl}\p{Zp}\u00a0\u115f\u1160\u1680\u2000-\u200a\u202f\u205f\u3000\u3164\uffa0]|\u034f|\u17b4|\u17b5/u;
const allUnseen = new RegExp(unseen.source, "gu");

function escaped(character: string): string {
  const known = { "\n": "\\n", "\r": "\\r", "\t": "\\t" }[character];
  if (known !== undefined) return known;
  const code = character.codePointAt(0) ?? 0;
  return code > 0xffff ? `\\u{${code.toString(16)}}` : `\\u${code.toString(16).padStart(4, "0")}`;
}

/** `"text"`, in single quotes where that needs fewer escapes. */
export function stringLiteral(text: string): string {
  const doubles = text.split('"').length;
  const singles = text.split("'").length;
  const quote = doubles > singles ? "'" : '"';
  const inside = text.replaceAll("\\", "\\\\").replaceAll(quote, `\\${quote}`).replace(allUnseen, escaped);
  return `${quote}${inside}${quote}`;
}

/**
 * The text between back quotes of `String.raw` and of the pattern helpers, where a backslash is a backslash; null where
 * it cannot stand there.
 *
 * @param lines - it may go over several lines
 */
export function rawTemplate(text: string, lines = false): string | null {
  const seen = lines ? text.replaceAll("\n", "").replaceAll("\t", "") : text;
  if (unseen.test(seen) || text.includes("`") || text.includes("${")) return null;
  // A backslash at the end would take the closing back quote.
  if (/(?:^|[^\\])(?:\\\\)*\\$/.test(text)) return null;
  return `\`${text}\``;
}

/** A name of a property. `__proto__` in any other form would set the prototype. */
export function propertyName(name: string): string {
  if (name === "__proto__") return '["__proto__"]';
  return isIdentifier(name) ? name : stringLiteral(name);
}

export function isIdentifier(name: string): boolean {
  return /^[A-Za-z_$][A-Za-z0-9_$]*$/.test(name);
}

/** What a tool would obey where it stands first in a comment. */
const directive =
  /^\s*(?:@(?:ts-|jsx|flow|license|preserve)|#__|(?:biome|eslint|prettier|tslint|jshint|istanbul|c8|v8)\b)/i;

/** A text as `//` lines that are not wider than `room` where its words allow it. */
export function commentLines(text: string, room: number): readonly string[] {
  const found: string[] = [];
  for (const paragraph of text.split(/\r\n|\r|\n/)) {
    const shown = paragraph.replaceAll("\t", "  ").replace(allUnseen, escaped).replace(/\s+$/, "");
    let rest = directive.test(shown) ? defused(shown) : shown;
    const start = /^ */.exec(rest)?.[0] ?? "";
    for (;;) {
      const cut = rest.length <= room - 3 ? -1 : cutBefore(rest, room - 3, start.length);
      const one = cut < 0 ? rest : rest.slice(0, cut);
      found.push(one.trim() === "" ? "//" : `// ${one.replace(/ +$/, "")}`);
      if (cut < 0) break;
      const next = rest.slice(cut).trimStart();
      rest = start + (directive.test(next) ? defused(next) : next);
    }
  }
  return found;
}

/** The first character that is no blank as an escape. */
function defused(text: string): string {
  return text.replace(/\S/, (first) => `\\u${(first.codePointAt(0) ?? 0).toString(16).padStart(4, "0")}`);
}

/** Where a line is cut: behind the last blank that fits, else behind the first one; -1: there is none. */
function cutBefore(text: string, room: number, from: number): number {
  const fitting = text.lastIndexOf(" ", room);
  if (fitting > from) return fitting;
  const first = text.indexOf(" ", Math.max(room, from));
  return first < 0 ? -1 : first;
}
