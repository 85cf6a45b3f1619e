import { foldAscii } from "../bytes.js";
import {
  alternativesInfo,
  type LiteralInfo,
  literalsOf,
  nothingKnown,
  repeatedInfo,
  SequenceLiterals,
  setInfo,
  zeroWidth,
} from "../literals.js";
import type { Survey } from "../matcher.js";
import { readClass } from "./class.js";
import { assertionEscapes, controlEscapes } from "./escape.js";
import { MAX_COUNT } from "./quantifier.js";
import { typeEscapes } from "./sets.js";
import { isLong } from "./size.js";
import { startState } from "./state.js";

const [PLAIN, BAR, CLOSE, OPEN, ESCAPE, ASSERTION, DOT, CLASS, QUANTIFIER, BRACE, END] = [
  0, 1, 2, 3, 4, 5, 6, 7, 8, 9, 10,
];

/** What a byte of a pattern begins. */
const kinds = new Uint8Array(256).fill(PLAIN);
for (const [characters, kind] of [
  ["|", BAR],
  [")", CLOSE],
  ["(", OPEN],
  ["\\", ESCAPE],
  ["^$", ASSERTION],
  [".", DOT],
  ["[", CLASS],
  ["*+?", QUANTIFIER],
  ["{", BRACE],
] as const) {
  for (const character of characters) kinds[character.charCodeAt(0)] = kind;
}

/** Deeper patterns are left to the parser. */
const depthLimit = 32;

const counts = /\{([0-9]+)(?:(,)([0-9]*))?\}/y;

/** Of classes that were met before, by their text. */
const classes = new Map<string, LiteralInfo>();

/**
 * Reads the commonest part of PCRE2's syntax and finds literals as it goes, without building a tree. Everything
 * else, and everything that PCRE2 may refuse, is none of its business: it gives up.
 */
class Surveyor {
  private readonly text: string;
  private at = 0;
  private depth = 0;
  groups = 0;
  /** Nothing but bytes and alternatives of bytes so far. */
  bytesOnly = true;

  constructor(text: string) {
    this.text = text;
  }

  get done(): boolean {
    return this.at === this.text.length;
  }

  private kind(): number {
    return this.at < this.text.length ? (kinds[this.text.charCodeAt(this.at)] ?? END) : END;
  }

  /** Up to `)` or the end; null: it gives up. */
  alternatives(): LiteralInfo | null {
    const first = this.branch();
    if (first === null || this.kind() !== BAR) return first;
    const options = [first];
    while (this.kind() === BAR) {
      this.at++;
      const option = this.branch();
      if (option === null) return null;
      options.push(option);
    }
    return alternativesInfo(options);
  }

  private branch(): LiteralInfo | null {
    const text = this.text;
    const sequence = new SequenceLiterals();
    /** Read, and not yet in the sequence. */
    let bytes = "";
    for (;;) {
      const from = this.at;
      let at = from;
      while (at < text.length && kinds[text.charCodeAt(at)] === PLAIN) at++;
      if (at > from) bytes += text.slice(from, at);
      this.at = at;
      const kind = this.kind();
      let info: LiteralInfo | null = zeroWidth;
      switch (kind) {
        case BAR:
        case CLOSE:
        case END:
          sequence.bytes(bytes);
          if (sequence.isEmpty) this.bytesOnly = false;
          return sequence.info;
        case ASSERTION:
          this.at++;
          break;
        case ESCAPE: {
          const escaped = text.charAt(at + 1);
          this.at += 2;
          const byte = byteOfEscape(escaped);
          if (byte !== "") {
            bytes += byte;
            continue;
          }
          const set = typeEscapes.get(escaped);
          if (set !== undefined) info = this.quantified(setInfo(set));
          else if (!assertionEscapes.has(escaped)) return null;
          break;
        }
        case DOT:
          this.at++;
          info = this.quantified(nothingKnown);
          break;
        case CLASS:
          info = this.quantified(this.class());
          break;
        case OPEN:
          info = this.quantified(this.parenthesis(), true);
          break;
        default: {
          // A quantifier of the last byte, or a brace that is none.
          const last = foldAscii(bytes.slice(-1));
          info = this.quantified({ exact: [last], required: [last] });
          if (info !== null && this.at === at) {
            bytes += "{";
            this.at++;
            continue;
          }
          if (bytes === "") return null;
          bytes = bytes.slice(0, -1);
        }
      }
      if (info === null) return null;
      this.bytesOnly = false;
      sequence.bytes(bytes);
      sequence.item(info);
      bytes = "";
    }
  }

  /** The same with the quantifier that stands here, if one does. */
  private quantified(info: LiteralInfo | null, bracket = false): LiteralInfo | null {
    if (info === null) return null;
    const kind = this.kind();
    let min = 0;
    let max = Number.POSITIVE_INFINITY;
    if (kind === QUANTIFIER) {
      const byte = this.text.charAt(this.at++);
      if (byte === "+") min = 1;
      else if (byte === "?") max = 1;
    } else if (kind === BRACE) {
      counts.lastIndex = this.at;
      const found = counts.exec(this.text);
      if (found === null) return info;
      min = Number(found[1]);
      if (found[2] === undefined) max = min;
      else if (found[3] !== "") max = Number(found[3]);
      // The size of what PCRE2 makes of a counted bracket is for the parser to reckon.
      if (bracket || min > max || min > MAX_COUNT || (max > MAX_COUNT && max !== Number.POSITIVE_INFINITY))
        return null;
      this.at += found[0].length;
    } else return info;
    const mode = this.kind() === QUANTIFIER ? this.text.charAt(this.at) : "";
    if (mode === "?" || mode === "+") this.at++;
    return repeatedInfo(info, min, max);
  }

  private parenthesis(): LiteralInfo | null {
    const next = this.text.charAt(++this.at);
    if (next === "?") {
      if (this.text.charAt(this.at + 1) !== ":") return null;
      this.at += 2;
    } else if (next === "*") return null;
    else this.groups++;
    if (++this.depth > depthLimit) return null;
    const body = this.alternatives();
    this.depth--;
    if (body === null || this.kind() !== CLOSE) return null;
    this.at++;
    return body;
  }

  private class(): LiteralInfo | null {
    const text = this.text;
    const start = this.at;
    let at = start + 1;
    // What may be a POSIX class or the edge of a word begins like this.
    if (":.=[".includes(text.charAt(at))) return null;
    if (text.charAt(at) === "^") at++;
    if (text.charAt(at) === "]") at++;
    for (; ; at++) {
      const byte = text.charAt(at);
      if (byte === "]") break;
      if (byte === "" || byte === "[") return null;
      if (byte === "\\") {
        const escaped = text.charAt(++at);
        if (escaped === "Q" || escaped === "E") return null;
      }
    }
    this.at = at + 1;
    return classInfo(text.slice(start, at + 1));
  }
}

function classInfo(text: string): LiteralInfo | null {
  const known = classes.get(text);
  if (known !== undefined) return known;
  // A class holds no alternatives.
  const state = startState(text, () => null);
  state.at = 1;
  const node = readClass(state);
  if (node?.kind !== "set" || state.failure !== null || state.at !== text.length) return null;
  const info = setInfo(node.set);
  classes.set(text, info);
  return info;
}

function isAlphanumeric(code: number): boolean {
  return (code >= 48 && code <= 57) || (code >= 65 && code <= 90) || (code >= 97 && code <= 122);
}

/** The byte that an escape stands for; empty: it is not one of the simple ones. */
function byteOfEscape(escaped: string): string {
  if (!isAlphanumeric(escaped.charCodeAt(0))) return escaped;
  const control = controlEscapes.get(escaped);
  return control === undefined ? "" : String.fromCharCode(control);
}

/** Surveys a pattern; null: the parser has to look at it. */
export function surveyPcre2(text: string): Survey | null {
  if (text === "" || isLong(text)) return null;
  const surveyor = new Surveyor(text);
  const info = surveyor.alternatives();
  if (info === null || !surveyor.done) return null;
  const literalsDecide = surveyor.bytesOnly ? true : null;
  return { groups: surveyor.groups, literals: literalsOf(info), literalsDecide };
}
