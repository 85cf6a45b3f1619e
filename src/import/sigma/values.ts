/** Values of selections, with the modifiers behind their field's name, in the order in which they stand. */
import type { Span } from "../../diagnostics/diagnostic.js";
import { Broken, type Comparison, type Piece, Refusal, type ValueTest } from "./rule.js";
import type { YamlValue } from "./yaml-file.js";

/** Values by the names of placeholders, without the percent signs. */
export type Placeholders = ReadonlyMap<string, readonly string[]>;

type Scalar = Extract<YamlValue, { kind: "scalar" }>;

/** What the modifiers of one field ask for. */
export interface Modifiers {
  /** Empty: keywords, which stand anywhere in the event. */
  readonly field: string;
  /** Every value, not one of them. */
  readonly all: boolean;
  /** Holds where the values do not. */
  readonly negated: boolean;
  /**
   * Tests of which one has to hold.
   *
   * @throws Refusal
   */
  readonly make: (value: Scalar) => readonly ValueTest[];
}

/** A value on its way through the modifiers. */
type Value =
  | { readonly kind: "text"; readonly pieces: readonly Piece[]; readonly cased: boolean }
  /** What a text becomes in another encoding, before it is base64. */
  | { readonly kind: "bytes"; readonly bytes: Uint8Array }
  | Exclude<ValueTest, { kind: "text" }>;

type Modifier = (
  value: Value,
  refuse: (reason: string, help?: string) => Refusal,
  placeholders: Placeholders,
) => readonly Value[];

/** Of a text; all else is refused. */
const ofText =
  (change: (pieces: readonly Piece[], cased: boolean) => readonly (readonly Piece[])[]): Modifier =>
  (value, refuse) => {
    if (value.kind !== "text") throw refuse("is for texts");
    return change(value.pieces, value.cased).map((pieces) => ({ ...value, pieces: simplified(pieces) }));
  };

const any: Piece = { kind: "any" };

/** The text of a value that must have no wildcards. */
function plainText(value: Value, refuse: (reason: string) => Refusal): string {
  if (value.kind !== "text") throw refuse("is for texts");
  let text = "";
  for (const piece of value.pieces) {
    if (piece.kind !== "text") throw refuse("of a value with wildcards has no meaning");
    text += piece.text;
  }
  return text;
}

const utf16 =
  (mark: readonly number[], bigEndian: boolean): Modifier =>
  (value, refuse) => {
    const text = plainText(value, refuse);
    const bytes = [...mark];
    for (let at = 0; at < text.length; at++) {
      const unit = text.charCodeAt(at);
      bytes.push(...(bigEndian ? [unit >> 8, unit & 255] : [unit & 255, unit >> 8]));
    }
    return [{ kind: "bytes", bytes: Uint8Array.from(bytes) }];
  };

function bytesOf(value: Value, refuse: (reason: string) => Refusal): Uint8Array {
  return value.kind === "bytes" ? value.bytes : new TextEncoder().encode(plainText(value, refuse));
}

const textOf = (text: string): Value => ({
  kind: "text",
  pieces: text === "" ? [] : [{ kind: "text", text }],
  cased: false,
});

const base64 = (bytes: Uint8Array): string => btoa(String.fromCharCode(...bytes));

/**
 * What stands in the base64 of any text that holds these bytes, for each place within its groups of three: without the
 * characters that neighbours have a part in.
 */
function base64Offsets(bytes: Uint8Array): readonly string[] {
  return [0, 1, 2].map((before) => {
    const all = base64(Uint8Array.from([...new Array<number>(before).fill(0x20), ...bytes]));
    const first = [0, 2, 3][before] ?? 0;
    const cut = [0, 3, 2][(bytes.length + before) % 3] ?? 0;
    return all.slice(first, all.length - cut);
  });
}

/** Marks of a flag on Windows; a hyphen or slash before a word stands for any of them. */
const dashes = ["-", "/", "\u2013", "\u2014", "\u2015"];
/** More values than this are no rule that anybody wrote. */
const mostDashes = 3;

function withDashes(
  pieces: readonly Piece[],
  refuse: (reason: string) => Refusal,
): readonly (readonly Piece[])[] {
  let found: readonly (readonly Piece[])[] = [[]];
  let count = 0;
  for (const piece of pieces) {
    const parts =
      piece.kind === "text" ? piece.text.split(/(?<![\p{L}\p{N}_])([-/])(?=[\p{L}\p{N}_])/u) : [piece];
    parts.forEach((part, at) => {
      const isDash = piece.kind === "text" && at % 2 === 1;
      if (isDash && ++count > mostDashes) throw refuse(`of more than ${mostDashes} dashes has no form`);
      const options =
        typeof part !== "string" ? [part] : isDash ? dashes.map(text) : part === "" ? [] : [text(part)];
      if (options.length > 0) found = found.flatMap((one) => options.map((option) => [...one, option]));
    });
  }
  return found;
}

const text = (written: string): Piece => ({ kind: "text", text: written });

const comparison =
  (by: Comparison): Modifier =>
  (value, refuse) => {
    if (value.kind !== "number") throw refuse("is for numbers");
    return [{ kind: "compare", by, value: value.value }];
  };

const flag =
  (letter: string): Modifier =>
  (value, refuse) => {
    if (value.kind !== "regex") throw refuse("is for regular expressions: it stands behind re");
    const { flags } = value;
    return [{ ...value, flags: flags.includes(letter) ? flags : flags + letter }];
  };

const modifiers: ReadonlyMap<string, Modifier> = new Map<string, Modifier>([
  ["contains", ofText((pieces) => [[any, ...pieces, any]])],
  ["startswith", ofText((pieces) => [[...pieces, any]])],
  ["endswith", ofText((pieces) => [[any, ...pieces]])],
  [
    "cased",
    (value, refuse) => {
      if (value.kind !== "text") throw refuse("is for texts");
      return [{ ...value, cased: true }];
    },
  ],
  [
    "windash",
    (value, refuse) => {
      if (value.kind !== "text") throw refuse("is for texts");
      return withDashes(value.pieces, refuse).map((pieces) => ({ ...value, pieces: merged(pieces) }));
    },
  ],
  ["wide", utf16([], false)],
  ["utf16le", utf16([], false)],
  ["utf16be", utf16([], true)],
  ["utf16", utf16([0xff, 0xfe], false)],
  ["base64", (value, refuse) => [textOf(base64(bytesOf(value, refuse)))]],
  [
    "base64offset",
    (value, refuse) => {
      const texts = base64Offsets(bytesOf(value, refuse));
      if (texts.includes("")) throw refuse("of so short a text would be found in every other one");
      return texts.map(textOf);
    },
  ],
  ["i", flag("i")],
  ["ignorecase", flag("i")],
  ["m", flag("m")],
  ["multiline", flag("m")],
  ["s", flag("s")],
  ["dotall", flag("s")],
  ["lt", comparison("lt")],
  ["lte", comparison("lte")],
  ["gt", comparison("gt")],
  ["gte", comparison("gte")],
  [
    "fieldref",
    (value, refuse) => {
      const field = plainText(value, refuse);
      return [{ kind: "fieldref", field, cased: value.kind === "text" && value.cased }];
    },
  ],
  [
    "expand",
    (value, refuse, placeholders) => {
      if (value.kind !== "text") throw refuse("is for texts");
      return expanded(value.pieces, placeholders, refuse).map((pieces) => ({ ...value, pieces }));
    },
  ],
]);

/** More values than this of one are no rule that anybody wrote. */
const mostExpanded = 1000;

/** `%name%` is each of its values, which may have wildcards; `\%` is a percent sign. */
function expanded(
  pieces: readonly Piece[],
  placeholders: Placeholders,
  refuse: (reason: string, help?: string) => Refusal,
): readonly (readonly Piece[])[] {
  let found: readonly (readonly Piece[])[] = [[]];
  for (const piece of pieces)
    for (const part of piece.kind === "text" ? piece.text.split(/(\\%|%[^%\s]+%)/) : [piece]) {
      const options = typeof part !== "string" ? [[part]] : optionsOf(part, placeholders, refuse);
      found = found.flatMap((one) => options.map((option) => [...one, ...option]));
      if (found.length > mostExpanded) throw refuse(`makes more than ${mostExpanded} values of one`);
    }
  return found.map(merged);
}

function optionsOf(
  part: string,
  placeholders: Placeholders,
  refuse: (reason: string, help?: string) => Refusal,
): readonly (readonly Piece[])[] {
  const [, name] = /^%([^%\s]+)%$/.exec(part) ?? [];
  if (name === undefined) return [part === "" ? [] : [text(part === "\\%" ? "%" : part)]];
  const values = placeholders.get(name);
  if (values === undefined)
    throw refuse(
      `names the placeholder "${name}", which has no values`,
      "--placeholders FILE has them: a line `name: [value, value]` each",
    );
  return values.map(piecesOf);
}

/** Parts of times, which neither rows nor lines have a form for. */
const ofTime: ReadonlySet<string> = new Set(["minute", "hour", "day", "week", "month", "year"]);

/** Those of texts: a number in front of them is meant as it is written. */
const textual: ReadonlySet<string> = new Set([
  "contains",
  "startswith",
  "endswith",
  "cased",
  "windash",
  "expand",
]);

/** Those that say what kind of value is written, and stand first. */
const kinds: ReadonlySet<string> = new Set(["re", "cidr", "exists"]);

/**
 * `field|modifier|modifier`; no field for keywords.
 *
 * @throws Refusal
 */
export function parseModifiers(key: string, place: Span, placeholders: Placeholders = new Map()): Modifiers {
  const [field = "", ...names] = key.split("|");
  const links = names.filter((name) => name === "all" || name === "neq");
  const others = names.filter((name) => name !== "all" && name !== "neq");
  const [first = ""] = others;
  const kind = kinds.has(first) ? first : null;
  const steps = (kind === null ? others : others.slice(1)).map((name) => {
    const change = modifiers.get(name);
    if (kinds.has(name)) throw new Broken(place, `the modifier "${name}" behind another one`);
    if (change === undefined && ofTime.has(name))
      throw new Refusal(
        place,
        `the modifier "${name}" has no form here: parts of times are not compared`,
        "rules of OSSEC have time and weekdays: docs/rules.md",
      );
    if (change === undefined) throw new Broken(place, `the modifier "${name}" is none of Sigma's`);
    return { name, change };
  });
  if (field === "" && (kind === "exists" || kind === "cidr"))
    throw new Refusal(place, `the modifier "${kind}" without a field`);
  return {
    field,
    all: links.includes("all"),
    negated: links.includes("neq"),
    make: (value) => {
      let values: readonly Value[] = [initial(value, kind, textual.has(steps[0]?.name ?? ""))];
      for (const { name, change } of steps) {
        const refuse = (reason: string, help?: string): Refusal =>
          new Refusal(value.place, `the modifier "${name}" ${reason}`, help ?? null);
        values = values.flatMap((one) => change(one, refuse, placeholders));
      }
      return values.map((one): ValueTest => {
        if (one.kind === "bytes")
          throw new Refusal(
            value.place,
            `the modifier "${steps.at(-1)?.name ?? ""}" without base64 behind it: texts of logs are not in that encoding`,
          );
        if (one.kind === "number" && !Number.isSafeInteger(one.value))
          throw new Refusal(value.place, `the number "${value.text}" is not whole, or too large`);
        return one.kind === "text" ? { ...one, pieces: simplified(one.pieces) } : one;
      });
    },
  };
}

/** @param asText - a number is a text, as it is written */
function initial({ value, text: written, place }: Scalar, kind: string | null, asText: boolean): Value {
  switch (kind) {
    case "re":
      if (value === null) throw new Refusal(place, "re without a regular expression");
      return { kind: "regex", source: written, flags: "" };
    case "cidr":
      if (typeof value !== "string") throw new Refusal(place, "cidr without a network");
      return { kind: "cidr", network: written };
    case "exists":
      if (typeof value !== "boolean") throw new Refusal(place, "exists must be true or false");
      return { kind: "exists", value };
    default:
      if (value === null) return { kind: "null" };
      if (typeof value === "number" && !asText) return { kind: "number", value };
      return {
        kind: "text",
        pieces: piecesOf(typeof value === "boolean" ? String(value) : written),
        cased: false,
      };
  }
}

/** A backslash makes `*`, `?` and a backslash text; before all else it is one itself. */
export function piecesOf(written: string): readonly Piece[] {
  const pieces: Piece[] = [];
  let plain = "";
  const flush = (): void => {
    if (plain !== "") pieces.push(text(plain));
    plain = "";
  };
  for (let index = 0; index < written.length; index++) {
    const letter = written.charAt(index);
    const following = written.charAt(index + 1);
    if (letter === "\\" && following !== "" && "*?\\".includes(following)) {
      plain += following;
      index++;
    } else if (letter === "*" || letter === "?") {
      flush();
      pieces.push({ kind: letter === "*" ? "any" : "one" });
    } else plain += letter;
  }
  flush();
  return pieces;
}

/** Without a `*` beside another. */
function simplified(pieces: readonly Piece[]): readonly Piece[] {
  return pieces.filter((piece, index) => piece.kind !== "any" || pieces[index - 1]?.kind !== "any");
}

/** Texts beside each other as one. */
function merged(pieces: readonly Piece[]): readonly Piece[] {
  const found: Piece[] = [];
  for (const piece of pieces) {
    const last = found.at(-1);
    if (piece.kind === "text" && last?.kind === "text") found.splice(-1, 1, text(last.text + piece.text));
    else found.push(piece);
  }
  return found;
}
