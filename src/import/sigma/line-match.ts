/** The condition of a rule over lines as one PCRE2 pattern on the message, or several of which one fits. */
import ipaddr from "ipaddr.js";
import type { Span } from "../../diagnostics/diagnostic.js";
import type { LineField, LineFormat } from "./line-formats.js";
import { regexInField, regexOnLine } from "./line-regex.js";
import { comparedNumbers, networkText } from "./number-text.js";
import { escapedForPcre2 } from "./pcre2-text.js";
import { type Piece, Refusal, type Test, type ValueTest } from "./rule.js";
import { inChunks } from "./where.js";

/** OSSEC drops values of 2,048 bytes and more, characters that XML writes as more of them counted. */
const longestMatch = 1800;
const longestWritten = 2000;

const fitsOssec = (text: string): boolean =>
  text.length <= longestMatch && text.replace(/[<>&"']/g, "12345").length <= longestWritten;

/**
 * Patterns of which one fits where the test holds: several where one would be too long for OSSEC.
 *
 * @param format - null: lines without fields
 * @throws Refusal
 */
export function lineMatchesOf(test: Test, format: LineFormat | null, place: Span): readonly string[] {
  const plain = test.kind === "keyword" || test.kind === "any" ? alternatives(test) : null;
  if (plain !== null) {
    const made = inChunks(plain, longestMatch).map((some) => some.join("|"));
    if (made.every(fitsOssec)) return made;
    throw new Refusal(place, tooLong);
  }
  return shortEnough(test, format, place);
}

const tooLong = "its pattern on lines is longer than the 2,047 bytes that OSSEC takes";

/** Halves alternatives until each pattern is short enough. */
function shortEnough(test: Test, format: LineFormat | null, place: Span): readonly string[] {
  const text = `^${new Assertions(format).of(test)}`;
  if (fitsOssec(text)) return [text];
  const halves = halved(test);
  if (halves === null) throw new Refusal(place, tooLong);
  return halves.flatMap((half) => shortEnough(half, format, place));
}

/** Two tests of which one holds where the test does; null: it has no alternatives. */
function halved(test: Test): readonly [Test, Test] | null {
  if (test.kind === "any") {
    const middle = test.of.length >> 1;
    if (middle > 0)
      return [
        { kind: "any", of: test.of.slice(0, middle) },
        { kind: "any", of: test.of.slice(middle) },
      ];
    const [only] = test.of;
    return only === undefined ? null : halved(only);
  }
  if (test.kind !== "all") return null;
  // The one with the most alternatives.
  const widths = test.of.map(width);
  const at = widths.indexOf(Math.max(...widths));
  const halves = (widths[at] ?? 0) > 1 ? halved(test.of[at] ?? test) : null;
  if (halves === null) return null;
  const withPart = (part: Test): Test => ({ kind: "all", of: test.of.with(at, part) });
  return [withPart(halves[0]), withPart(halves[1])];
}

function width(test: Test): number {
  if (test.kind === "any") return test.of.reduce((sum, one) => sum + width(one), 0);
  return test.kind === "all" ? Math.max(1, ...test.of.map(width)) : 1;
}

/** Patterns of which one stands somewhere in the message; null: that is not all. */
function alternatives(test: Test): readonly string[] | null {
  if (test.kind === "keyword") return [somewhere(test.test, test.place)];
  if (test.kind !== "any") return null;
  const found: string[] = [];
  for (const one of test.of) {
    const patterns = alternatives(one);
    if (patterns === null) return null;
    found.push(...patterns);
  }
  return found;
}

type FieldTest = Extract<Test, { kind: "field" }>;

/** Looks ahead from the message's start. */
class Assertions {
  readonly #format: LineFormat | null;

  constructor(format: LineFormat | null) {
    this.#format = format;
  }

  of(test: Test): string {
    switch (test.kind) {
      case "all":
        return test.of.map((one) => this.of(one)).join("");
      case "not": {
        const plain = alternatives(test.of);
        return plain === null ? `(?!${this.of(test.of)})` : `(?!.*(?:${plain.join("|")}))`;
      }
      case "any":
        return this.#any(test.of);
      case "keyword":
        return `(?=.*(?:${somewhere(test.test, test.place)}))`;
      case "field":
        return this.#field([test]);
    }
  }

  /** Values of one field together: what stands before them is written once. */
  #any(tests: readonly Test[]): string {
    const plain = alternatives({ kind: "any", of: tests });
    if (plain !== null) return `(?=.*(?:${plain.join("|")}))`;
    const fields = new Map<string, FieldTest[]>();
    const found: string[] = [];
    for (const test of tests)
      if (test.kind === "field") fields.set(test.field, [...(fields.get(test.field) ?? []), test]);
      else found.push(this.of(test));
    found.unshift(...[...fields.values()].map((some) => this.#field(some)));
    return found.length === 1 ? found.join("") : `(?:${found.join("|")})`;
  }

  #field(tests: readonly FieldTest[]): string {
    const [first] = tests;
    if (first === undefined) return "(?!)";
    const field = this.#format?.fields.get(first.field.toLowerCase());
    if (field === undefined)
      throw new Refusal(
        first.place,
        `${this.#format === null ? "lines of syslog have" : `${this.#format.called} has`} no field "${first.field}"`,
      );
    const { before, after, letters } = field;
    const found: string[] = [];
    const values: string[] = [];
    const inside: string[] = [];
    const present = `${before}${letters.any}${after}`;
    for (const test of tests) {
      if (test.test.kind === "null") found.push(`(?!${present})`);
      else if (test.test.kind === "exists") found.push(`(?${test.test.value ? "=" : "!"}${present})`);
      else {
        const { text, isInside } = fieldValue(test.test, field, test);
        (isInside ? inside : values).push(text);
      }
    }
    // Anywhere in the value: the way to it is written once.
    if (inside.length > 0)
      values.unshift(
        `${letters.any}${inside.length === 1 ? inside.join("") : `(?:${inside.join("|")})`}${letters.any}`,
      );
    if (values.length > 0)
      found.unshift(
        `(?=${before}${values.length === 1 ? values.join("") : `(?:${values.join("|")})`}${after})`,
      );
    return found.length === 1 ? found.join("") : `(?:${found.join("|")})`;
  }
}

/** @returns text - of the whole value, or of a part of it where it is inside */
function fieldValue(
  test: Exclude<ValueTest, { kind: "null" | "exists" }>,
  { type, letters, after }: LineField,
  { field, place }: FieldTest,
): { readonly text: string; readonly isInside: boolean } {
  const whole = (text: string) => ({ text, isInside: false });
  switch (test.kind) {
    case "text":
      return textOf(test.pieces, test.cased, type, letters, place);
    case "number":
      return whole(letters.text(String(test.value), false, place));
    case "compare":
      if (type !== "number") throw new Refusal(place, `${field} is no number: ${test.by} has no form`);
      return whole(comparedNumbers(test.by, test.value));
    case "cidr":
      if (type !== "address") throw new Refusal(place, `${field} is no address: cidr has no form`);
      return whole(networkText(test.network, place));
    case "regex":
      return whole(regexInField(test.source, test.flags, letters, after, place));
    case "fieldref":
      throw new Refusal(place, `the modifier "fieldref" has no form on lines`);
  }
}

function textOf(
  pieces: readonly Piece[],
  cased: boolean,
  type: LineField["type"],
  letters: LineField["letters"],
  place: Span,
): { readonly text: string; readonly isInside: boolean } {
  const [only] = pieces;
  if (type === "address" && pieces.length === 1 && only?.kind === "text" && only.text.includes(":"))
    if (ipaddr.isValid(only.text))
      throw new Refusal(place, "an IPv6 address has no form on lines: it can be spelt in many ways");
  const isInside = pieces.length > 1 && pieces[0]?.kind === "any" && pieces.at(-1)?.kind === "any";
  const text = (isInside ? pieces.slice(1, -1) : pieces)
    .map((piece) =>
      piece.kind === "text"
        ? letters.text(piece.text, cased, place)
        : piece.kind === "any"
          ? letters.any
          : letters.one,
    )
    .join("");
  return { text: cased ? `(?-i:${text})` : text, isInside };
}

function somewhere(test: ValueTest, place: Span): string {
  if (test.kind === "regex") return regexOnLine(test.source, test.flags, place);
  if (test.kind !== "text")
    throw new Refusal(place, `a keyword of the kind ${test.kind} has no form on lines`);
  const pieces = test.pieces.map((piece) =>
    piece.kind === "text"
      ? escapedForPcre2(piece.text, test.cased, place)
      : piece.kind === "any"
        ? ".*"
        : oneCharacter,
  );
  // It is looked for anywhere.
  const from = pieces[0] === ".*" ? 1 : 0;
  const to = pieces.length > 1 && pieces.at(-1) === ".*" ? -1 : undefined;
  const text = pieces.slice(from, to).join("");
  return test.cased ? `(?-i:${text})` : text;
}

/** Any one character. */
const oneCharacter = "(?:[\\x00-\\x7f]|[\\xc0-\\xff][\\x80-\\xbf]*)";
