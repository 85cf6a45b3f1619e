/**
 * A naive reading of docs/reference/ossec.md#os_regex, #os_match and #utf-8, as slow and plain as possible, to compare the compiled patterns
 * with. Nothing here is shared with src/. Patterns and texts are characters (none above U+FFFF), ends are bytes of UTF-8.
 */

interface Found {
  readonly end: number;
  readonly captures: readonly string[];
}

type Captures = ReadonlyMap<number, readonly [number, number]>;
type Continue = (at: number, captures: Captures) => Found | null;

function fold(character: string): string {
  return character >= "A" && character <= "Z" ? character.toLowerCase() : character;
}

function isClass(name: string, character: string): boolean {
  switch (name) {
    case "w":
      return /[A-Za-z0-9@_-]/iu.test(character);
    case "d":
      return character >= "0" && character <= "9";
    case "s":
      return character === " ";
    case "t":
      return character === "\t";
    case "p":
      return "()*+,-.:;<=>?[]!\"'#$%&|{}".includes(character);
    case ".":
      return true;
    case "W":
    case "D":
    case "S":
      return !isClass(name.toLowerCase(), character);
    default:
      return character === name;
  }
}

const caseless = new Map<string, RegExp>();

/** Are two characters the same without letter case, as JavaScript's regular expressions know it by Unicode? */
function sameByUnicode(one: string, other: string): boolean {
  if (one === other || (one < "k" && other < "k")) return fold(one) === fold(other);
  const known = caseless.get(one) ?? new RegExp(`^\\u{${one.charCodeAt(0).toString(16)}}$`, "iu");
  caseless.set(one, known);
  return known.test(other);
}

/** What the engine compares byte by byte, with the case of ASCII alone. */
function isFastPath(pattern: string, literal: RegExp): boolean {
  const anchored = pattern.startsWith("^") || pattern.endsWith("$");
  return anchored && literal.test(pattern.replace(/^\^/, "").replace(/\$$/, ""));
}

/** Where the group that opens at `from` closes; the end of the pattern for the whole. */
function closingOf(pattern: string, from: number): number {
  let depth = 0;
  for (let i = from; i < pattern.length; i++) {
    if (pattern[i] === "\\") i++;
    else if (pattern[i] === "(") depth++;
    else if (pattern[i] === ")" && depth-- === 0) return i;
  }
  return pattern.length;
}

/** The beginnings of the alternatives between two places. */
function alternativesBetween(pattern: string, from: number, to: number): number[] {
  const starts = [from];
  let depth = 0;
  for (let i = from; i < to; i++) {
    if (pattern[i] === "\\") i++;
    else if (pattern[i] === "(") depth++;
    else if (pattern[i] === ")") depth--;
    else if (pattern[i] === "|" && depth === 0) starts.push(i + 1);
  }
  return starts;
}

function groupNumber(pattern: string, open: number): number {
  let number = 1;
  for (let i = 0; i < open; i++) {
    if (pattern[i] === "\\") i++;
    else if (pattern[i] === "(") number++;
  }
  return number;
}

/** OS_Regex by the book; null when there is no match. The pattern must be a legal one. */
export function referenceRegex(pattern: string, text: string): Found | null {
  const isFast = isFastPath(pattern, /^[A-Za-z0-9 !"#%&',/:;<=>@_`~\u017f\u212a-]+$/);
  const same = isFast ? (a: string, b: string): boolean => fold(a) === fold(b) : sameByUnicode;
  const alternatives = (
    from: number,
    to: number,
    at: number,
    captures: Captures,
    next: Continue,
  ): Found | null => {
    for (const start of alternativesBetween(pattern, from, to)) {
      const found = walk(start, to, at, captures, next);
      if (found !== null) return found;
    }
    return null;
  };

  const walk = (i: number, to: number, at: number, captures: Captures, next: Continue): Found | null => {
    const character = pattern[i];
    if (i >= to || character === undefined || character === "|") return next(at, captures);
    const follow = (behind: number, position: number): Found | null =>
      walk(behind, to, position, captures, next);
    switch (character) {
      case "^":
        return at === 0 ? follow(i + 1, at) : null;
      case "$":
        return at === text.length ? follow(i + 1, at) : null;
      case "(": {
        const close = closingOf(pattern, i + 1);
        return alternatives(i + 1, close, at, captures, (end, inner) => {
          const more = new Map(inner).set(groupNumber(pattern, i), [at, end] as const);
          return walk(close + 1, to, end, more, next);
        });
      }
      case "\\": {
        const name = pattern[i + 1] ?? "";
        const fits = (position: number): boolean => {
          const subject = text[position];
          return subject !== undefined && isClass(name, subject);
        };
        const quantifier = pattern[i + 2];
        if (quantifier !== "+" && quantifier !== "*") return fits(at) ? follow(i + 2, at + 1) : null;
        let most = 0;
        while (fits(at + most)) most++;
        const least = quantifier === "+" ? 1 : 0;
        const counts = Array.from({ length: Math.max(0, most - least + 1) }, (_, n) => least + n);
        if (/^\)*(?:$|\|)/.test(pattern.slice(i + 3))) counts.reverse();
        for (const count of counts) {
          const found = follow(i + 3, at + count);
          if (found !== null) return found;
        }
        return null;
      }
      default: {
        const subject = text[at];
        return subject !== undefined && same(subject, character) ? follow(i + 1, at + 1) : null;
      }
    }
  };

  for (let start = 0; start <= text.length; start++) {
    const found = alternatives(0, pattern.length, start, new Map(), (end, captures) => ({
      end: Buffer.byteLength(text.slice(0, end)),
      captures: [...captures].sort((a, b) => a[0] - b[0]).map(([, [from, to]]) => text.slice(from, to)),
    }));
    if (found !== null) return found;
  }
  return null;
}

/** OS_Match by the book: words that are found literally, `^` first and `$` last anchor a word. */
export function referenceMatch(pattern: string, text: string): boolean {
  const isFast = isFastPath(pattern, /^[^$|^]+$/);
  const same = isFast ? (a: string, b: string): boolean => fold(a) === fold(b) : sameByUnicode;
  return pattern.split("|").some((written) => {
    const start = written.startsWith("^");
    const end = written.endsWith("$") && (written.length > 1 || !start);
    const word = written.slice(start ? 1 : 0, end ? -1 : undefined);
    if (word.includes("^") || word.includes("$")) return false;
    for (let at = 0; at + word.length <= text.length; at++) {
      if ((start && at > 0) || (end && at + word.length < text.length)) continue;
      if ([...word].every((character, index) => same(text[at + index] ?? "", character))) return true;
    }
    return false;
  });
}
