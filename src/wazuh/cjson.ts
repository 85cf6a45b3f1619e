/**
 * JSON as the engine's library reads and writes it, cJSON 1.7.15 (docs/reference/wazuh.md#json-decoder): less strict than
 * the standard, on bytes (latin1 strings). Texts are C's: they end at a NUL.
 */
import { ownText } from "../ossec/engine/own-text.js";
import { type MemberPath, outermostObject } from "./member-paths.js";

export interface CJsonArray {
  readonly items: readonly CJson[];
}

/** Members in order, equal names included. */
export interface CJsonObject {
  readonly members: readonly (readonly [string, CJson])[];
}

export type CJson = null | boolean | number | string | CJsonArray | CJsonObject;

/** Arrays and objects in one another. */
const depthLimit = 1000;
/** Bytes that a number is read from. */
const longestNumber = 63;

const number = /-?(?:[0-9]+\.?[0-9]*|\.[0-9]+)(?:[eE][+-]?[0-9]+)?/y;

const simpleEscapes: ReadonlyMap<string, string> = new Map([
  ["b", "\b"],
  ["f", "\f"],
  ["n", "\n"],
  ["r", "\r"],
  ["t", "\t"],
  ['"', '"'],
  ["\\", "\\"],
  ["/", "/"],
]);

/** The four digits behind `\u`; 0 where they are none, which is what the library makes of them. */
function hexUnit(text: string, at: number): number {
  const digits = text.slice(at, at + 4);
  return /^[0-9a-fA-F]{4}$/.test(digits) ? Number.parseInt(digits, 16) : 0;
}

function utf8Bytes(code: number): string {
  if (code < 0x80) return String.fromCharCode(code);
  const last = 0x80 | (code & 0x3f);
  if (code < 0x800) return String.fromCharCode(0xc0 | (code >> 6), last);
  const middle = 0x80 | ((code >> 6) & 0x3f);
  if (code < 0x10000) return String.fromCharCode(0xe0 | (code >> 12), middle, last);
  return String.fromCharCode(0xf0 | (code >> 18), 0x80 | ((code >> 12) & 0x3f), middle, last);
}

/** The text of a string without its quotes; null: the library refuses it. */
function unescaped(raw: string): string | null {
  let text = "";
  let from = 0;
  for (let at = raw.indexOf("\\"); at >= 0; at = raw.indexOf("\\", from)) {
    text += raw.slice(from, at);
    const kind = raw.charAt(at + 1);
    const simple = simpleEscapes.get(kind);
    if (simple !== undefined) {
      text += simple;
      from = at + 2;
      continue;
    }
    if (kind !== "u" || raw.length - at < 6) return null;
    let code = hexUnit(raw, at + 2);
    from = at + 6;
    if (code >= 0xdc00 && code <= 0xdfff) return null;
    if (code >= 0xd800 && code <= 0xdbff) {
      if (raw.length - from < 6 || !raw.startsWith("\\u", from)) return null;
      const second = hexUnit(raw, from + 2);
      if (second < 0xdc00 || second > 0xdfff) return null;
      code = 0x10000 + (((code & 0x3ff) << 10) | (second & 0x3ff));
      from += 6;
    }
    text += utf8Bytes(code);
  }
  text += raw.slice(from);
  const nul = text.indexOf("\0");
  return nul < 0 ? text : text.slice(0, nul);
}

/** What takes the members of the outermost object one by one, and those of the objects in it. */
export interface MemberSink {
  member(path: MemberPath, value: Exclude<CJson, CJsonObject>): void;
}

/** Reads one value from a text. What it fails on is undefined. */
class Reader {
  readonly #text: string;
  at = 0;
  #depth = 0;
  /** The first backslash from {@link at} on, or the text's length. */
  #backslash = -1;

  constructor(text: string) {
    this.#text = text;
    if (text.startsWith("\xef\xbb\xbf")) this.at = 3;
  }

  /** Passes over blanks, which are all bytes up to 20. */
  #skip(): void {
    while (this.#text.charCodeAt(this.at) <= 0x20) this.at += 1;
  }

  #accept(word: string): boolean {
    if (!this.#text.startsWith(word, this.at)) return false;
    this.at += word.length;
    return true;
  }

  value(): CJson | undefined {
    this.#skip();
    switch (this.#text.charAt(this.at)) {
      case '"':
        return this.#string();
      case "[":
        return this.#array();
      case "{": {
        const members: [string, CJson][] = [];
        const read = this.#object(
          () => this.#name(),
          (name) => {
            const value = this.value();
            if (value === undefined) return false;
            members.push([name, value]);
            return true;
          },
        );
        return read ? { members } : undefined;
      }
      case "n":
        return this.#accept("null") ? null : undefined;
      case "t":
        return this.#accept("true") ? true : undefined;
      case "f":
        return this.#accept("false") ? false : undefined;
      default:
        return this.#number();
    }
  }

  #number(): number | undefined {
    const text = this.#text;
    const code = text.charCodeAt(this.at);
    if (code !== 0x2d && !(code >= 0x30 && code <= 0x39)) return undefined;
    number.lastIndex = this.at;
    let found = number.exec(text)?.[0];
    if (found !== undefined && found.length > longestNumber) {
      number.lastIndex = 0;
      found = number.exec(found.slice(0, longestNumber))?.[0];
    }
    if (found === undefined) return undefined;
    this.at += found.length;
    return Number(found);
  }

  #string(): string | undefined {
    const text = this.#text;
    const from = this.at + 1;
    if (this.#backslash < from) this.#backslash = positionOf(text, "\\", from);
    let end = text.indexOf('"', from);
    if (end >= 0 && end < this.#backslash) {
      this.at = end + 1;
      return text.slice(from, end);
    }
    end = from;
    while (end < text.length && text.charCodeAt(end) !== 0x22) end += text.charCodeAt(end) === 0x5c ? 2 : 1;
    if (end >= text.length) return undefined;
    this.at = end + 1;
    return unescaped(text.slice(from, end)) ?? undefined;
  }

  #array(): CJsonArray | undefined {
    if (this.#depth >= depthLimit) return undefined;
    this.#depth += 1;
    this.at += 1;
    this.#skip();
    const items: CJson[] = [];
    if (!this.#accept("]")) {
      do {
        const item = this.value();
        if (item === undefined) return undefined;
        items.push(item);
        this.#skip();
      } while (this.#accept(","));
      if (!this.#accept("]")) return undefined;
    }
    this.#depth -= 1;
    return { items };
  }

  /**
   * @param nameOf - reads the name of a member; null: it fails
   * @param take - reads its value; false: it fails
   */
  #object<N>(nameOf: () => N | null, take: (name: N) => boolean): boolean {
    if (this.#depth >= depthLimit) return false;
    this.#depth += 1;
    this.at += 1;
    this.#skip();
    if (!this.#accept("}")) {
      do {
        this.#skip();
        const name = nameOf();
        if (name === null) return false;
        this.#skip();
        if (!this.#accept(":") || !take(name)) return false;
        this.#skip();
      } while (this.#accept(","));
      if (!this.#accept("}")) return false;
    }
    this.#depth -= 1;
    return true;
  }

  /** Hands over the members of the object that stands here; false: it fails. */
  members(sink: MemberSink, around: MemberPath): boolean {
    let before: MemberPath | null = null;
    return this.#object(
      () => {
        before = this.#path(around, before);
        return before;
      },
      (path) => {
        this.#skip();
        if (this.#text.charCodeAt(this.at) === 0x7b) return this.members(sink, path);
        const value = this.value();
        if (value === undefined || isCJsonObject(value)) return false;
        sink.member(path, value);
        return true;
      },
    );
  }

  /** The name that stands here, as a member of an object. */
  #path(around: MemberPath, before: MemberPath | null): MemberPath | null {
    const expected = around.expected(this.#text, this.at, before);
    if (expected !== null) {
      this.at += expected.written?.length ?? 0;
      return expected;
    }
    const name = this.#name();
    return name === null ? null : around.member(name, before);
  }

  #name(): string | null {
    return this.#text.charCodeAt(this.at) === 0x22 ? (this.#string() ?? null) : null;
  }

  /** The same of the whole text: what is no object has no members. */
  allMembers(sink: MemberSink): boolean {
    this.#skip();
    if (this.#text.charCodeAt(this.at) === 0x7b) return this.members(sink, outermostObject());
    return this.value() !== undefined;
  }
}

function positionOf(text: string, character: string, from: number): number {
  const at = text.indexOf(character, from);
  return at < 0 ? text.length : at;
}

export function isCJsonObject(value: CJson): value is CJsonObject {
  return typeof value === "object" && value !== null && "members" in value;
}

export function isCJsonArray(value: CJson): value is CJsonArray {
  return typeof value === "object" && value !== null && "items" in value;
}

function upToNul(text: string): string {
  const nul = text.indexOf("\0");
  return nul < 0 ? text : text.slice(0, nul);
}

/** A value and where it ends; what stands behind it does not matter. Null: the text does not begin with one. */
export function parseCJson(text: string): { readonly value: CJson; readonly end: number } | null {
  const reader = new Reader(upToNul(text));
  const value = reader.value();
  return value === undefined ? null : { value, end: reader.at };
}

/**
 * Hands over the members of the object that a text begins with, and of the objects in it, as they come.
 *
 * @returns false: the text is none that can be read; what was handed over is to be forgotten
 */
export function readMembers(text: string, sink: MemberSink): boolean {
  return new Reader(upToNul(text)).allMembers(sink);
}

/** Equal to what a 32-bit integer can be? */
function isInteger(value: number): boolean {
  return (value | 0) === value;
}

/** C's `%f`: six decimals, a tie to the even one. */
function fixed(value: number): string {
  if (!Number.isFinite(value)) return value > 0 ? "inf" : "-inf";
  const size = Math.abs(value);
  const sign = value < 0 || Object.is(value, -0) ? "-" : "";
  if (size >= 1e21) return `${sign}${BigInt(size)}.000000`;
  // The only ties are odd multiples of 2^-7.
  const eighths = size * 128;
  if (eighths < 2 ** 53 && eighths % 2 === 1) {
    const millionths = (BigInt(eighths) * 15625n) / 2n;
    const even = millionths + (millionths % 2n);
    return `${sign}${even / 1000000n}.${(even % 1000000n).toString().padStart(6, "0")}`;
  }
  return `${sign}${size.toFixed(6)}`;
}

/** A number as the JSON decoder makes a field of it: an integer, or six decimals, in 63 bytes. */
export function fieldNumber(value: number): string {
  return isInteger(value) ? `${value | 0}` : fixed(value).slice(0, longestNumber);
}

/** C's `%.*g`. */
function general(value: number, precision: number): string {
  const [mantissa = "", power = "0"] = value.toExponential(precision - 1).split("e");
  const exponent = Number(power);
  const sign = mantissa.startsWith("-") ? "-" : "";
  const digits = mantissa.replace(/[-.]/g, "");
  const trimmed = (text: string): string =>
    text.includes(".") ? text.replace(/0+$/, "").replace(/\.$/, "") : text;
  if (exponent < -4 || exponent >= precision) {
    const written = trimmed(`${digits.charAt(0)}.${digits.slice(1)}`);
    return `${sign}${written}e${exponent < 0 ? "-" : "+"}${`${Math.abs(exponent)}`.padStart(2, "0")}`;
  }
  if (exponent < 0) return sign + trimmed(`0.${"0".repeat(-exponent - 1)}${digits}`);
  return sign + trimmed(`${digits.slice(0, exponent + 1)}.${digits.slice(exponent + 1)}`);
}

function printNumber(value: number): string {
  if (!Number.isFinite(value)) return "null";
  if (isInteger(value)) return `${value | 0}`;
  const short = general(value, 15);
  const error = Math.abs(Number(short) - value);
  const largest = Math.max(Math.abs(Number(short)), Math.abs(value));
  return error <= largest * Number.EPSILON ? short : general(value, 17);
}

const special = /[\0-\x1f"\\]/;

/** A string in quotes. JavaScript escapes the same bytes in the same way, and much faster than what can be written here. */
export function printCJsonString(text: string): string {
  return special.test(text) ? JSON.stringify(text) : `"${text}"`;
}

/** Names in quotes that were printed before; emptied when lines bring ever new ones. */
const printedNames = new Map<string, string>();
const mostNames = 4096;
const longestName = 128;

/** The same of a text that comes again with many lines: the name of a member, of a decoder. */
export function printCJsonName(name: string): string {
  const known = printedNames.get(name);
  if (known !== undefined) return known;
  const printed = printCJsonString(name);
  if (name.length > longestName) return printed;
  if (printedNames.size >= mostNames) printedNames.clear();
  printedNames.set(ownText(name), ownText(printed));
  return printed;
}

/**
 * A value as cJSON prints it.
 *
 * @param spaced - with blanks, line breaks and TABs (`cJSON_Print`); without: nothing in between
 */
export function printCJson(value: CJson, spaced: boolean, depth = 0): string {
  switch (typeof value) {
    case "string":
      return printCJsonString(value);
    case "number":
      return printNumber(value);
    case "boolean":
      return value ? "true" : "false";
    default:
      if (value === null) return "null";
  }
  if (!isCJsonObject(value)) {
    const items = value.items.map((item) => printCJson(item, spaced, depth + 1));
    return `[${items.join(spaced ? ", " : ",")}]`;
  }
  const tabs = spaced ? "\t".repeat(depth + 1) : "";
  const members = value.members.map(
    ([name, member]) =>
      `${tabs}${printCJsonString(name)}:${spaced ? "\t" : ""}${printCJson(member, spaced, depth + 1)}`,
  );
  if (!spaced) return `{${members.join(",")}}`;
  const lines = members.length === 0 ? "" : `${members.join(",\n")}\n`;
  return `{\n${lines}${"\t".repeat(depth)}}`;
}
