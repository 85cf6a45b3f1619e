import { complement, normalise, type Pattern, type Ranges, type Refusal, refusal } from "./ast.js";

const DIGITS: Ranges = [[48, 57]];
const WORD: Ranges = [
  [48, 57],
  [65, 90],
  [95, 95],
  [97, 122],
];
const BLANK: Ranges = [
  [9, 13],
  [32, 32],
  [0xa0, 0xa0],
  [0x1680, 0x1680],
  [0x2000, 0x200a],
  [0x2028, 0x2029],
  [0x202f, 0x202f],
  [0x205f, 0x205f],
  [0x3000, 0x3000],
  [0xfeff, 0xfeff],
];
const LINE_ENDS: Ranges = [
  [10, 10],
  [13, 13],
  [0x2028, 0x2029],
];

const CONTROL: Readonly<Record<string, number>> = { t: 9, n: 10, v: 11, f: 12, r: 13, "0": 0 };
const DEPTH = 200;
const REPEATS = 1000;

/**
 * Parses a regular expression that JavaScript has accepted (so that the grammar itself needs no checks), or
 * says which of its constructs Zeek's patterns do not have (spec/zeek.md 6.3).
 */
export function parsePattern(expression: RegExp): Pattern | Refusal {
  const { source, unicode, ignoreCase, dotAll } = expression;
  const limit = unicode ? 0x10ffff : 0xffff;
  let at = 0;
  let depth = 0;
  let refused: Refusal | undefined;

  const fail = (message: string, help: string): Pattern => {
    refused ??= refusal(message, help);
    at = source.length;
    return { kind: "sequence", parts: [] };
  };
  const peek = (text: string): boolean => source.startsWith(text, at);
  const character = (): number => {
    const code = unicode ? (source.codePointAt(at) ?? 0) : source.charCodeAt(at);
    at += code > 0xffff ? 2 : 1;
    return code;
  };

  const folded = (ranges: Ranges): Ranges => {
    if (!ignoreCase) return normalise(ranges);
    const more: [number, number][] = ranges.map(([from, to]) => [from, to]);
    for (const [from, to] of ranges) {
      for (const [first, last, shift] of [
        [65, 90, 32],
        [97, 122, -32],
      ] as const) {
        const start = Math.max(from, first);
        const end = Math.min(to, last);
        if (start <= end) more.push([start + shift, end + shift]);
      }
      if (unicode && from <= 107 && to >= 107) more.push([0x212a, 0x212a]);
      if (unicode && from <= 75 && to >= 75) more.push([0x212a, 0x212a]);
      if (unicode && from <= 115 && to >= 115) more.push([0x17f, 0x17f]);
      if (unicode && from <= 83 && to >= 83) more.push([0x17f, 0x17f]);
    }
    return normalise(more);
  };
  const classOf = (ranges: Ranges): Pattern => ({ kind: "class", ranges: folded(ranges) });
  const single = (code: number): Pattern => {
    if (ignoreCase && code > 0x7f) {
      return fail("the flag i with a letter beyond ASCII", "write both cases in a class: [éÉ]");
    }
    return classOf([[code, code]]);
  };

  /** `\d` and the like; undefined for an escaped character. */
  const namedClass = (letter: string): Ranges | undefined => {
    switch (letter) {
      case "d":
        return DIGITS;
      case "D":
        return complement(DIGITS, limit);
      case "w":
        return folded(WORD);
      case "W":
        return complement(folded(WORD), limit);
      case "s":
        return BLANK;
      case "S":
        return complement(BLANK, limit);
      default:
        return undefined;
    }
  };

  const hex = (digits: number): number | undefined => {
    const text = source.slice(at, at + digits);
    if (text.length !== digits || !/^[0-9A-Fa-f]+$/.test(text)) return undefined;
    at += digits;
    return Number.parseInt(text, 16);
  };

  /** The character of an escape, after the backslash. */
  const escaped = (): number | undefined => {
    const letter = source[at] ?? "";
    const control = CONTROL[letter];
    if (control !== undefined) {
      if (letter === "0" && /[0-9]/.test(source[at + 1] ?? "")) return undefined;
      at++;
      return control;
    }
    if (/[1-9]/.test(letter)) return undefined;
    if (letter === "x" || letter === "u") {
      at++;
      if (letter === "u" && unicode && peek("{")) {
        const end = source.indexOf("}", at);
        const code = Number.parseInt(source.slice(at + 1, end), 16);
        at = end + 1;
        return code;
      }
      const high = hex(letter === "x" ? 2 : 4);
      if (high === undefined) return letter.charCodeAt(0);
      if (unicode && high >= 0xd800 && high <= 0xdbff && peek("\\u")) {
        const back = at;
        at += 2;
        const low = hex(4);
        if (low !== undefined && low >= 0xdc00 && low <= 0xdfff) {
          return 0x10000 + (high - 0xd800) * 0x400 + (low - 0xdc00);
        }
        at = back;
      }
      return high;
    }
    if (letter === "c") {
      const next = source[at + 1] ?? "";
      if (!/[A-Za-z]/.test(next)) return 92;
      at += 2;
      return next.charCodeAt(0) % 32;
    }
    return character();
  };

  const bracket = (): Pattern => {
    const negated = peek("^");
    if (negated) at++;
    const ranges: [number, number][] = [];
    const part = (): number | Ranges => {
      if (!peek("\\")) return character();
      at++;
      if (peek("b")) {
        at++;
        return 8;
      }
      if (peek("-")) {
        at++;
        return 45;
      }
      const named = namedClass(source[at] ?? "");
      if (named !== undefined) {
        at++;
        return named;
      }
      if ((peek("p") || peek("P")) && unicode) {
        fail("Unicode properties (\\p{...})", "list the characters in a class");
        return 0;
      }
      const code = escaped();
      if (code !== undefined) return code;
      fail("an octal escape or back-reference in a class", "write \\xHH");
      return 0;
    };
    while (at < source.length && !peek("]")) {
      const from = part();
      const isRange = peek("-") && source[at + 1] !== "]";
      if (typeof from !== "number") {
        for (const [start, end] of from) ranges.push([start, end]);
        continue;
      }
      if (!isRange) {
        ranges.push([from, from]);
        continue;
      }
      at++;
      const to = part();
      if (typeof to === "number") ranges.push([from, to]);
      else {
        ranges.push([from, from], [45, 45]);
        for (const [start, end] of to) ranges.push([start, end]);
      }
    }
    at++;
    if (ignoreCase && ranges.some(([, to]) => to > 0x7f) && !namedOnly(ranges)) {
      return fail("the flag i with a class beyond ASCII", "write both cases and leave the flag out");
    }
    const set = folded(ranges);
    return { kind: "class", ranges: negated ? complement(set, limit) : set };
  };

  const atom = (): Pattern => {
    if (peek("(")) return group();
    if (peek("[")) {
      at++;
      return bracket();
    }
    if (peek(".")) {
      at++;
      return { kind: "class", ranges: dotAll ? [[0, limit]] : complement(LINE_ENDS, limit) };
    }
    if (peek("^")) {
      at++;
      return { kind: "start" };
    }
    if (peek("$")) {
      at++;
      return { kind: "end" };
    }
    if (!peek("\\")) return single(character());
    at++;
    const letter = source[at] ?? "";
    if (letter === "b" || letter === "B") {
      return fail(`\\${letter} (word boundary)`, "write the neighbours: (^|[^a-z])word([^a-z]|$)");
    }
    if (letter === "k" && /\(\?<[^=!]/.test(source)) return fail("a back-reference", "write the text again");
    if ((letter === "p" || letter === "P") && unicode) {
      return fail("Unicode properties (\\p{...})", "list the characters in a class");
    }
    const named = namedClass(letter);
    if (named !== undefined) {
      at++;
      return { kind: "class", ranges: named };
    }
    const code = escaped();
    return code === undefined ? fail("a back-reference", "write the text again") : single(code);
  };

  const group = (): Pattern => {
    at++;
    if (peek("?=") || peek("?!")) return fail("a lookahead", "combine two tests with && instead");
    if (peek("?<=") || peek("?<!")) return fail("a lookbehind", "combine two tests with && instead");
    if (peek("?:")) at += 2;
    else if (peek("?<")) at = source.indexOf(">", at) + 1;
    else if (peek("?")) return fail("flags inside a group", "write the flags after the expression");
    depth++;
    if (depth > DEPTH) return fail(`more than ${DEPTH} groups in each other`, "write it flatter");
    const inner = alternatives();
    depth--;
    at++;
    return inner;
  };

  const quantified = (): Pattern => {
    const of = atom();
    const match = /^(?:[*+?]|\{(\d+)(,(\d*))?\})/.exec(source.slice(at, at + 40));
    if (match === null) return of;
    at += match[0].length;
    if (peek("?")) at++;
    const [text, from, comma, to] = match;
    const least = from === undefined ? (text === "+" ? 1 : 0) : Number(from);
    const most =
      from === undefined
        ? text === "?"
          ? 1
          : Number.POSITIVE_INFINITY
        : comma === undefined
          ? least
          : to === ""
            ? Number.POSITIVE_INFINITY
            : Number(to);
    if (least > REPEATS || (most > REPEATS && most !== Number.POSITIVE_INFINITY)) {
      return fail(`more than ${REPEATS} repetitions`, "Zeek builds a state for each: use fewer");
    }
    return { kind: "repeat", of, least, most };
  };

  const alternatives = (): Pattern => {
    const branches: Pattern[] = [];
    let parts: Pattern[] = [];
    while (at < source.length && !peek(")")) {
      if (peek("|")) {
        at++;
        branches.push({ kind: "sequence", parts });
        parts = [];
      } else parts.push(quantified());
    }
    branches.push({ kind: "sequence", parts });
    const [only] = branches;
    return branches.length === 1 && only !== undefined ? only : { kind: "choice", branches };
  };

  if (expression.global || expression.sticky) {
    return refusal("the flags g and y remember a position between calls", "leave them out: test needs none");
  }
  if (expression.flags.includes("v")) return refusal("the flag v", "use u instead");
  const parsed = alternatives();
  return refused ?? parsed;
}

/** Ranges that only come from \s, \D, \W and \S, which the flag i does not touch. */
function namedOnly(ranges: Ranges): boolean {
  const known = new Set(
    [...BLANK, ...complement(BLANK, 0xffff), ...complement(DIGITS, 0xffff), ...complement(WORD, 0xffff)].map(
      ([from, to]) => `${from}-${to}`,
    ),
  );
  return ranges.every(([from, to]) => to <= 0x7f || known.has(`${from}-${to}`));
}
