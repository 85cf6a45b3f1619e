import type { Assertion } from "../ast.js";
import { type ByteSet, complement } from "../byte-set.js";
import { accept, codeAt, type ParserState, readName, readNumber, refuse, unsupported } from "./state.js";

/** What a backslash and the characters behind it stand for. */
export type Escape =
  | { readonly kind: "code"; readonly code: number }
  | { readonly kind: "set"; readonly set: ByteSet }
  | { readonly kind: "assertion"; readonly assertion: Assertion }
  | { readonly kind: "reference"; readonly to: number | string }
  | { readonly kind: "call"; readonly to: number | string }
  | { readonly kind: "newline" | "notNewline" | "anyByte" | "cluster" | "nothing" };

/** Escapes that stand for one byte. */
export const controlEscapes: ReadonlyMap<string, number> = new Map([
  ["a", 0x07],
  ["e", 0x1b],
  ["f", 0x0c],
  ["n", 0x0a],
  ["r", 0x0d],
  ["t", 0x09],
]);

export const assertionEscapes: ReadonlyMap<string, Assertion> = new Map([
  ["A", "start"],
  // Every search of the engine begins at the beginning of its subject.
  ["G", "start"],
  ["Z", "endOrNewline"],
  ["z", "end"],
  ["b", "wordBoundary"],
  ["B", "notWordBoundary"],
]);

/** Why there is no character of that code; null: there is one. */
function wrongCode({ alphabet, utf }: ParserState, code: number): string | null {
  if (code > alphabet.last) return `the number of a character is above ${utf ? "10ffff" : "255"}`;
  return utf && code >= 0xd800 && code <= 0xdfff ? "the number of a character is that of a surrogate" : null;
}

/** Digits of `\x{...}` or `\o{...}` up to the brace, as a byte. */
function readBraced(state: ParserState, digits: RegExp, radix: number): Escape | null {
  const at = state.at;
  const close = state.text.indexOf("}", at);
  const body = close < 0 ? "" : state.text.slice(at, close);
  if (!digits.test(body)) return refuse(state, "the braces do not hold a number of a character", at);
  const code = Number.parseInt(body, radix);
  const reason = wrongCode(state, code);
  if (reason !== null) return refuse(state, reason, at);
  state.at = close + 1;
  return { kind: "code", code };
}

function readHexadecimal(state: ParserState): Escape | null {
  if (accept(state, "{")) return readBraced(state, /^[0-9A-Fa-f]+$/, 16);
  let code = 0;
  for (let i = 0; i < 2 && /[0-9A-Fa-f]/.test(state.text.charAt(state.at)); i++) {
    code = code * 16 + Number.parseInt(state.text.charAt(state.at++), 16);
  }
  return { kind: "code", code };
}

/** Octal digits; `first` was already read. */
function readOctal(state: ParserState, first: number, more: number): Escape | null {
  let code = first;
  for (let i = 0; i < more && /[0-7]/.test(state.text.charAt(state.at)); i++) {
    code = code * 8 + Number(state.text.charAt(state.at++));
  }
  if (wrongCode(state, code) !== null) return refuse(state, "an octal number of a character is above 255");
  return { kind: "code", code };
}

function readDigits(state: ParserState, inClass: boolean): Escape | null {
  const start = state.at - 1;
  const first = Number(state.text.charAt(start));
  if (first !== 0 && !inClass) {
    state.at = start;
    const number = readNumber(state) ?? 0;
    if (number < 10 || first >= 8 || number <= state.groups) {
      return number > 65535
        ? refuse(state, "the number of a group is too large", start)
        : { kind: "reference", to: number };
    }
    state.at = start + 1;
  }
  return first >= 8 ? { kind: "code", code: 48 + first } : readOctal(state, first, 2);
}

function readControl(state: ParserState): Escape | null {
  const code = state.text.charCodeAt(state.at);
  if (Number.isNaN(code)) return refuse(state, "\\c ends the pattern");
  if (code < 32 || code > 126) return refuse(state, "\\c needs a printable ASCII character");
  state.at++;
  return { kind: "code", code: (code >= 97 && code <= 122 ? code - 32 : code) ^ 0x40 };
}

function readProperty(state: ParserState, negated: boolean): Escape | null {
  const at = state.at;
  let name = state.text.charAt(state.at++);
  let inverse = negated;
  if (name === "{") {
    const close = state.text.indexOf("}", at);
    if (close < 0) return refuse(state, "a property is not closed", at);
    name = state.text.slice(at + 1, close);
    state.at = close + 1;
    if (name.startsWith("^")) {
      inverse = !inverse;
      name = name.slice(1);
    }
  }
  const set = /^[A-Za-z&_ -]+$/.test(name) ? state.alphabet.property(name) : null;
  if (set !== null) return { kind: "set", set: inverse ? complement(set) : set };
  if (!/^[A-Za-z][A-Za-z0-9&_ =:-]*$/.test(name)) return refuse(state, "a property has no name", at);
  return unsupported(state, `the property ${name}`, at);
}

/** A number with an optional sign, relative to the groups read so far; null when there is none. */
export function readRelativeNumber(state: ParserState): number | null {
  const start = state.at;
  const sign = accept(state, "+") ? 1 : accept(state, "-") ? -1 : 0;
  const number = readNumber(state);
  if (number === null) {
    state.at = start;
    return null;
  }
  if (sign !== 0 && number === 0) return refuse(state, "a relative group number is 0", start);
  const target = sign === 0 ? number : sign > 0 ? state.groups + number : state.groups - number + 1;
  if (target < 0 || (sign < 0 && target < 1)) return refuse(state, "there is no such group", start);
  return target;
}

/** `\g{n}`, `\gn`, `\g{name}` refer; `\g<n>`, `\g'name'` call. */
function readG(state: ParserState): Escape | null {
  const at = state.at;
  for (const [open, close] of [
    ["<", ">"],
    ["'", "'"],
  ] as const) {
    if (!accept(state, open)) continue;
    const number = readRelativeNumber(state);
    if (state.failure !== null) return null;
    if (number !== null) {
      return accept(state, close)
        ? { kind: "call", to: number }
        : refuse(state, "a group number is not ended");
    }
    const name = readName(state, close);
    return name === null ? null : { kind: "call", to: name };
  }
  const braced = accept(state, "{");
  const number = readRelativeNumber(state);
  if (state.failure !== null) return null;
  if (number !== null) {
    if (braced && !accept(state, "}")) return refuse(state, "a group number is not ended");
    return number === 0
      ? refuse(state, "group 0 cannot be referred to", at)
      : { kind: "reference", to: number };
  }
  if (!braced) return refuse(state, "\\g needs a group", at);
  const name = readName(state, "}");
  return name === null ? null : { kind: "reference", to: name };
}

function readK(state: ParserState): Escape | null {
  const close = accept(state, "{") ? "}" : accept(state, "<") ? ">" : accept(state, "'") ? "'" : null;
  if (close === null) return refuse(state, "\\k needs a group name in {}, <> or ''");
  const name = readName(state, close);
  return name === null ? null : { kind: "reference", to: name };
}

/** `\N`: not a newline; a brace that is no quantifier would be a character by name. */
function readN(state: ParserState): Escape | null {
  if (state.utf && accept(state, "{U+")) return readBraced(state, /^[0-9A-Fa-f]+$/, 16);
  if (
    state.text.charAt(state.at) === "{" &&
    !/^\{[0-9]+(?:,[0-9]*)?\}/.test(state.text.slice(state.at, state.at + 24))
  ) {
    return refuse(state, "characters by name are not available");
  }
  return { kind: "notNewline" };
}

/** Reads what follows a backslash; `state.at` stands behind the backslash. */
export function readEscape(state: ParserState, inClass: boolean): Escape | null {
  const character = state.text.charAt(state.at);
  if (character === "") return refuse(state, "a backslash ends the pattern");
  const at = state.at++;
  if (!/[A-Za-z0-9]/.test(character)) return { kind: "code", code: codeAt(state, at) };
  const code = controlEscapes.get(character);
  if (code !== undefined) return { kind: "code", code };
  const set = state.alphabet.escape(character);
  if (set !== undefined) return { kind: "set", set };
  if (/[0-9]/.test(character)) return readDigits(state, inClass);
  switch (character) {
    case "x":
      return readHexadecimal(state);
    case "o":
      return accept(state, "{")
        ? readBraced(state, /^[0-7]+$/, 8)
        : refuse(state, "\\o is not followed by a brace");
    case "c":
      return readControl(state);
    case "p":
    case "P":
      return readProperty(state, character === "P");
  }
  if (inClass) {
    if (character === "b") return { kind: "code", code: 8 };
    if (character === "g") return { kind: "code", code: 0x67 };
    return refuse(state, `\\${character} is not allowed in a class`, at);
  }
  const assertion = assertionEscapes.get(character);
  if (assertion !== undefined) return { kind: "assertion", assertion };
  switch (character) {
    case "g":
      return readG(state);
    case "k":
      return readK(state);
    case "N":
      return readN(state);
    case "R":
      return { kind: "newline" };
    case "C":
      return { kind: "anyByte" };
    case "K":
      // Moves the beginning of the match only, which the engine does not look at.
      return state.lookDepth > 0
        ? refuse(state, "\\K is not allowed in a lookaround", at)
        : { kind: "nothing" };
    case "X":
      return { kind: "cluster" };
  }
  return refuse(state, `PCRE2 has no escape \\${character}`, at);
}
