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
const BACK_REFERENCE = ["a back-reference", "write the text again"] as const;
const PROPERTIES = ["Unicode properties (\\p{...})", "list the characters in a class"] as const;

/**
 * Parses a regular expression that JavaScript has accepted (so that the grammar itself needs no checks), or
 * says which of its constructs Zeek's patterns do not have (docs/reference/zeek.md#patterns).
 */
export function parsePattern(expression: RegExp): Pattern | Refusal {
  if (expression.global || expression.sticky) {
    return refusal("the flags g and y remember a position between calls", "leave them out: test needs none");
  }
  if (expression.flags.includes("v")) return refusal("the flag v", "use u instead");
  return new PatternParser(expression).parse();
}

/** Recursive descent over the source, a method for each production of JavaScript's grammar. */
class PatternParser {
  private readonly source: string;
  private readonly unicode: boolean;
  private readonly ignoreCase: boolean;
  private readonly dotAll: boolean;
  /** The largest code unit or code point. */
  private readonly limit: number;
  private at = 0;
  private depth = 0;
  /** The first thing that Zeek does not have. */
  private refused: Refusal | undefined;

  constructor({ source, unicode, ignoreCase, dotAll }: RegExp) {
    this.source = source;
    this.unicode = unicode;
    this.ignoreCase = ignoreCase;
    this.dotAll = dotAll;
    this.limit = unicode ? 0x10ffff : 0xffff;
  }

  parse(): Pattern | Refusal {
    const parsed = this.alternatives();
    return this.refused ?? parsed;
  }

  private fail(message: string, help: string): Pattern {
    this.refused ??= refusal(message, help);
    this.at = this.source.length;
    return { kind: "sequence", parts: [] };
  }

  private peek(text: string): boolean {
    return this.source.startsWith(text, this.at);
  }

  private accept(text: string): boolean {
    const found = this.peek(text);
    if (found) this.at += text.length;
    return found;
  }

  /** The character in hand. */
  private letter(): string {
    return this.source[this.at] ?? "";
  }

  private character(): number {
    const code = this.unicode ? (this.source.codePointAt(this.at) ?? 0) : this.source.charCodeAt(this.at);
    this.at += code > 0xffff ? 2 : 1;
    return code;
  }

  private alternatives(): Pattern {
    const branches: Pattern[] = [];
    let parts: Pattern[] = [];
    while (this.at < this.source.length && !this.peek(")")) {
      if (this.accept("|")) {
        branches.push({ kind: "sequence", parts });
        parts = [];
      } else parts.push(this.quantified());
    }
    branches.push({ kind: "sequence", parts });
    const [only] = branches;
    return branches.length === 1 && only !== undefined ? only : { kind: "choice", branches };
  }

  private quantified(): Pattern {
    const of = this.atom();
    const match = /^(?:[*+?]|\{(\d+)(,(\d*))?\})/.exec(this.source.slice(this.at, this.at + 40));
    if (match === null) return of;
    this.at += match[0].length;
    this.accept("?");
    const [least, most] = boundsOf(match);
    if (least > REPEATS || (most > REPEATS && most !== Number.POSITIVE_INFINITY)) {
      return this.fail(`more than ${REPEATS} repetitions`, "Zeek builds a state for each: use fewer");
    }
    return { kind: "repeat", of, least, most };
  }

  private atom(): Pattern {
    if (this.accept("(")) return this.group();
    if (this.accept("[")) return this.bracket();
    if (this.accept("."))
      return { kind: "class", ranges: this.dotAll ? [[0, this.limit]] : complement(LINE_ENDS, this.limit) };
    if (this.accept("^")) return { kind: "start" };
    if (this.accept("$")) return { kind: "end" };
    return this.accept("\\") ? this.atomEscape() : this.single(this.character());
  }

  private group(): Pattern {
    if (this.peek("?=") || this.peek("?!"))
      return this.fail("a lookahead", "combine two tests with && instead");
    if (this.peek("?<=") || this.peek("?<!"))
      return this.fail("a lookbehind", "combine two tests with && instead");
    if (this.peek("?<")) this.at = this.source.indexOf(">", this.at) + 1;
    else if (!this.accept("?:") && this.peek("?"))
      return this.fail("flags inside a group", "write the flags after the expression");
    this.depth++;
    if (this.depth > DEPTH) return this.fail(`more than ${DEPTH} groups in each other`, "write it flatter");
    const inner = this.alternatives();
    this.depth--;
    this.at++;
    return inner;
  }

  /** Behind a backslash outside of a class. */
  private atomEscape(): Pattern {
    const letter = this.letter();
    if (letter === "b" || letter === "B") {
      return this.fail(`\\${letter} (word boundary)`, "write the neighbours: (^|[^a-z])word([^a-z]|$)");
    }
    if (letter === "k" && /\(\?<[^=!]/.test(this.source)) return this.fail(...BACK_REFERENCE);
    if ((letter === "p" || letter === "P") && this.unicode) return this.fail(...PROPERTIES);
    const named = this.namedClass();
    if (named !== undefined) return { kind: "class", ranges: named };
    const code = this.escapedCharacter();
    return code === undefined ? this.fail(...BACK_REFERENCE) : this.single(code);
  }

  private single(code: number): Pattern {
    if (this.ignoreCase && code > 0x7f) {
      return this.fail("the flag i with a letter beyond ASCII", "write both cases in a class: [éÉ]");
    }
    return { kind: "class", ranges: this.folded([[code, code]]) };
  }

  /** Ranges with the other case of their letters, where the flag i asks for it. */
  private folded(ranges: Ranges): Ranges {
    if (!this.ignoreCase) return normalise(ranges);
    const more: [number, number][] = ranges.map(([from, to]) => [from, to]);
    const holds = (code: number): boolean => ranges.some(([from, to]) => from <= code && to >= code);
    for (const [from, to] of ranges) {
      for (const [first, last, shift] of [
        [65, 90, 32],
        [97, 122, -32],
      ] as const) {
        const start = Math.max(from, first);
        const end = Math.min(to, last);
        if (start <= end) more.push([start + shift, end + shift]);
      }
    }
    // With the flag u the Kelvin sign is a k, and the long s an s.
    if (this.unicode && (holds(107) || holds(75))) more.push([0x212a, 0x212a]);
    if (this.unicode && (holds(115) || holds(83))) more.push([0x17f, 0x17f]);
    return normalise(more);
  }

  /** `d` of `\d` and the like; undefined for an escaped character. */
  private namedClass(): Ranges | undefined {
    const ranges = this.rangesOf(this.letter());
    if (ranges !== undefined) this.at++;
    return ranges;
  }

  private rangesOf(letter: string): Ranges | undefined {
    switch (letter) {
      case "d":
        return DIGITS;
      case "D":
        return complement(DIGITS, this.limit);
      case "w":
        return this.folded(WORD);
      case "W":
        return complement(this.folded(WORD), this.limit);
      case "s":
        return BLANK;
      case "S":
        return complement(BLANK, this.limit);
      default:
        return undefined;
    }
  }

  /** The character of an escape, after the backslash; undefined for an octal escape or a back-reference. */
  private escapedCharacter(): number | undefined {
    const letter = this.letter();
    const control = CONTROL[letter];
    if (control !== undefined) {
      if (letter === "0" && /[0-9]/.test(this.source[this.at + 1] ?? "")) return undefined;
      this.at++;
      return control;
    }
    if (/[1-9]/.test(letter)) return undefined;
    if (this.accept("x")) return this.hex(2) ?? "x".charCodeAt(0);
    if (this.accept("u")) return this.unicodeEscape();
    return letter === "c" ? this.controlLetter() : this.character();
  }

  private hex(digits: number): number | undefined {
    const text = this.source.slice(this.at, this.at + digits);
    if (text.length !== digits || !/^[0-9A-Fa-f]+$/.test(text)) return undefined;
    this.at += digits;
    return Number.parseInt(text, 16);
  }

  /** `\u{1f600}`, `\u00e9`, and with the flag u two of them for one character. */
  private unicodeEscape(): number {
    if (this.unicode && this.accept("{")) {
      const end = this.source.indexOf("}", this.at);
      const code = Number.parseInt(this.source.slice(this.at, end), 16);
      this.at = end + 1;
      return code;
    }
    const high = this.hex(4);
    if (high === undefined) return "u".charCodeAt(0);
    const back = this.at;
    if (this.unicode && high >= 0xd800 && high <= 0xdbff && this.accept("\\u")) {
      const low = this.hex(4);
      if (low !== undefined && low >= 0xdc00 && low <= 0xdfff)
        return 0x10000 + (high - 0xd800) * 0x400 + (low - 0xdc00);
      this.at = back;
    }
    return high;
  }

  /** `\cA`; a backslash where no letter follows. */
  private controlLetter(): number {
    const next = this.source[this.at + 1] ?? "";
    if (!/[A-Za-z]/.test(next)) return 92;
    this.at += 2;
    return next.charCodeAt(0) % 32;
  }

  private bracket(): Pattern {
    const negated = this.accept("^");
    const ranges: [number, number][] = [];
    const add = (of: number | Ranges): void => {
      if (typeof of === "number") ranges.push([of, of]);
      else for (const [start, end] of of) ranges.push([start, end]);
    };
    while (this.at < this.source.length && !this.peek("]")) {
      const from = this.classPart();
      const isRange = typeof from === "number" && this.peek("-") && this.source[this.at + 1] !== "]";
      if (!isRange) {
        add(from);
        continue;
      }
      this.at++;
      const to = this.classPart();
      if (typeof to === "number") ranges.push([from, to]);
      else for (const one of [from, 45, to]) add(one);
    }
    this.at++;
    if (this.ignoreCase && ranges.some(([, to]) => to > 0x7f) && !namedOnly(ranges)) {
      return this.fail("the flag i with a class beyond ASCII", "write both cases and leave the flag out");
    }
    const set = this.folded(ranges);
    return { kind: "class", ranges: negated ? complement(set, this.limit) : set };
  }

  /** One character of a class, or what `\d` and the like stand for. */
  private classPart(): number | Ranges {
    if (!this.accept("\\")) return this.character();
    if (this.accept("b")) return 8;
    if (this.accept("-")) return 45;
    const named = this.namedClass();
    if (named !== undefined) return named;
    if ((this.peek("p") || this.peek("P")) && this.unicode) {
      this.fail(...PROPERTIES);
      return 0;
    }
    const code = this.escapedCharacter();
    if (code !== undefined) return code;
    this.fail("an octal escape or back-reference in a class", "write \\xHH");
    return 0;
  }
}

/** How often at least and at most: of `*`, `+`, `?`, `{2}`, `{2,}`, `{2,3}`. */
function boundsOf([text, from, comma, to]: readonly (string | undefined)[]): readonly [number, number] {
  if (from === undefined) return [text === "+" ? 1 : 0, text === "?" ? 1 : Number.POSITIVE_INFINITY];
  if (comma === undefined) return [Number(from), Number(from)];
  return [Number(from), to === "" ? Number.POSITIVE_INFINITY : Number(to)];
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
