/** The condition of a rule as TypeScript over a row `c` of one of Zeek's logs. */
import ipaddr from "ipaddr.js";
import { toZeekPattern } from "../../compiler/expressions/patterns/zeek.js";
import type { Span } from "../../diagnostics/diagnostic.js";
import { parsePcre2 } from "../../ossec/patterns/pcre2/parse.js";
import { type Document, group, indent, join, line } from "../writer/document.js";
import { stringLiteral } from "../writer/text.js";
import type { Column, ZeekLog } from "./log-columns.js";
import { Broken, type Piece, Refusal, type Test, type ValueTest } from "./rule.js";

type FieldTest = Extract<Test, { kind: "field" }>;
type TextTest = Extract<ValueTest, { kind: "text" }>;

/** An expression, and how strongly its outermost operator binds: 0 `||`, 1 `&&`, 2 all others. */
interface Code {
  readonly text: Document;
  readonly binds: 0 | 1 | 2;
}

/**
 * @param imports - gets the functions of zopf that the condition calls
 * @throws Refusal - for what an expression of a bundle cannot say
 */
export function whereOf(test: Test, log: ZeekLog, imports: Set<string>): Document {
  return new Translation(log, imports).code(test).text;
}

class Translation {
  readonly #log: ZeekLog;
  readonly #imports: Set<string>;

  constructor(log: ZeekLog, imports: Set<string>) {
    this.#log = log;
    this.#imports = imports;
  }

  code(test: Test): Code {
    switch (test.kind) {
      case "all":
        return joined(
          test.of.map((one) => this.code(one)),
          1,
        );
      case "any":
        return this.#any(test.of);
      case "not": {
        const { text, binds } = this.code(test.of);
        const isName = typeof text === "string" && !text.includes(" ");
        return strong(binds === 2 && isName ? ["!", text] : group(["!(", indent(text), ")"]));
      }
      case "field":
        return this.#any([test]);
      case "keyword":
        return this.#keywords([test]);
    }
  }

  /** Tests of one field for texts, and keywords, become one regular expression each. */
  #any(tests: readonly Test[]): Code {
    const codes: Code[] = [];
    const done = new Set<Test>();
    for (const test of tests) {
      if (done.has(test)) continue;
      const alike =
        test.kind === "keyword"
          ? tests.filter((one) => one.kind === "keyword")
          : test.kind === "field"
            ? tests.filter((one) => one.kind === "field" && one.field === test.field)
            : [test];
      for (const one of alike) done.add(one);
      if (test.kind === "keyword") codes.push(this.#keywords(alike));
      else if (test.kind === "field")
        codes.push(this.#field(alike.flatMap((one) => (one.kind === "field" ? [one] : []))));
      else codes.push(this.code(test));
    }
    return joined(codes, 0);
  }

  #column(field: string, place: Span): Column {
    const column = this.#log.columns.get(field) ?? this.#log.columns.get(field.toLowerCase());
    if (column === undefined)
      throw new Refusal(place, `${this.#log.name}.log has no column for the field "${field}"`);
    return column;
  }

  #number({ read, type }: Column): string {
    if (type !== "port") return read;
    this.#imports.add("port_to_count");
    return `port_to_count(${read})`;
  }

  /** One of several values of a field. */
  #field(tests: readonly FieldTest[]): Code {
    const [first] = tests;
    if (first === undefined) return strong("false");
    const column = this.#column(first.field, first.place);
    if (column.type === "texts") return this.#elements(tests, column);
    const texts: FieldTest[] = [];
    const exact: number[] = [];
    const codes: Code[] = [];
    for (const test of tests) {
      const value = this.#normal(test, column);
      if (value.kind === "null")
        codes.push(strong(column.optional ? `${column.read} === undefined` : "false"));
      else if (value.kind === "exists")
        codes.push(
          strong(
            column.optional ? `${column.read} ${value.value ? "!==" : "==="} undefined` : String(value.value),
          ),
        );
      else if (value.kind === "number") exact.push(value.value);
      else if (value.kind === "text" && column.type !== "address") texts.push({ ...test, test: value });
      else codes.push(this.#single(value, column, test));
    }
    if (exact.length > 0) codes.unshift(oneOfNumbers(exact, this.#number(column)));
    if (texts.length > 0) codes.unshift(this.#texts(texts, column));
    return joined(codes, 0);
  }

  /** One of several values, in one of the elements of a list. */
  #elements(tests: readonly FieldTest[], column: Column): Code {
    const { read, optional: absent } = column;
    const codes: Code[] = [];
    const patterns: TextTest[] = [];
    const each: string[] = [];
    for (const test of tests) {
      const value = this.#normal(test, column);
      if (value.kind === "null") codes.push(strong(absent ? `${read} === undefined` : "false"));
      else if (value.kind === "exists")
        codes.push(strong(absent ? `${read} ${value.value ? "!==" : "==="} undefined` : String(value.value)));
      else if (value.kind === "text") patterns.push(value);
      else if (value.kind === "regex")
        each.push(`${regexOf(value.source, value.flags, test.place)}.test(text)`);
      else
        throw new Refusal(
          test.place,
          `"${test.field}" is a list of texts in Zeek: ${value.kind} has no form`,
        );
    }
    each.unshift(...regexes(patterns, tests[0]?.place).map((regex) => `${regex}.test(text)`));
    if (each.length > 0) {
      const some = `${read}.some((text) => ${each.join(" || ")})`;
      codes.unshift(absent ? { text: `${read} !== undefined && ${some}`, binds: 1 } : strong(some));
    }
    return joined(codes, 0);
  }

  /** A number where the column holds numbers, a text where it holds texts. */
  #normal({ test, field, place }: FieldTest, column: Column): ValueTest {
    const isNumeric = column.type === "number" || column.type === "port";
    if (test.kind === "number" && !isNumeric)
      return { kind: "text", pieces: [{ kind: "text", text: String(test.value) }], cased: false };
    if (test.kind === "text" && isNumeric) {
      const text = plainOf(test.pieces);
      if (text !== null && /^(?:0|[1-9]\d{0,14})$/.test(text)) return { kind: "number", value: Number(text) };
      throw new Refusal(place, `${field} is a number in ${this.#log.name}.log, and the rule asks for a text`);
    }
    return test;
  }

  #single(
    value: Exclude<ValueTest, { kind: "null" | "exists" | "number" }>,
    column: Column,
    test: FieldTest,
  ): Code {
    const { read, type } = column;
    switch (value.kind) {
      case "text":
        return addressIs(value, read, test);
      case "cidr":
        if (type !== "address")
          throw new Refusal(test.place, `${test.field} is no address: cidr has no form`);
        this.#imports.add("subnet");
        return strong(`subnet(${stringLiteral(network(value.network, test.place))}).has(${read})`);
      case "compare": {
        if (type !== "number" && type !== "port")
          throw new Refusal(test.place, `${test.field} is no number: ${value.by} has no form`);
        const number = this.#number(column);
        const sign = { lt: "<", lte: "<=", gt: ">", gte: ">=" }[value.by];
        const code = `${number} ${sign} ${value.value}`;
        return column.optional ? { text: `${read} !== undefined && ${code}`, binds: 1 } : strong(code);
      }
      case "fieldref":
        return this.#sameAs(value, column, test);
      case "regex": {
        if (type !== "text" || column.part !== undefined)
          throw new Refusal(test.place, `a regular expression over ${test.field} has no form`);
        const pattern = regexOf(value.source, value.flags, test.place);
        return column.optional
          ? { text: `${read} !== undefined && ${pattern}.test(${read})`, binds: 1 }
          : strong(`${pattern}.test(${read})`);
      }
    }
  }

  /** Two columns of one kind. */
  #sameAs(
    { field, cased }: Extract<ValueTest, { kind: "fieldref" }>,
    column: Column,
    { place, field: named }: FieldTest,
  ): Code {
    const other = this.#column(field, place);
    const kind = ({ type, part }: Column): string => part ?? (type === "port" ? "number" : type);
    if (kind(column) !== kind(other) || !["number", "address", "text"].includes(kind(column)))
      throw new Refusal(
        place,
        `the modifier "fieldref" between "${named}" and "${field}": only numbers, texts and addresses are compared, with their like`,
      );
    const guards = [column, other].flatMap(({ optional: absent, read }) =>
      absent ? [strong(`${read} !== undefined`)] : [],
    );
    const isFolded = column.type === "text" && !cased;
    // It changes letters of ASCII alone, in TypeScript as in Zeek.
    if (isFolded) this.#imports.add("to_lower");
    const [first, second] = [column, other].map((one) =>
      isFolded ? `to_lower(${one.read})` : this.#number(one),
    );
    return joined([...guards, strong(`${first} === ${second}`)], 1);
  }

  #texts(tests: readonly FieldTest[], column: Column): Code {
    const { read, type, optional: absent } = column;
    const [first] = tests;
    const values = tests.flatMap(({ test }) => (test.kind === "text" ? [test] : []));
    if (type === "truth")
      return joined(
        values.map((value) => truthIs(value, read, first)),
        0,
      );
    if (column.part === "extension") return extensions(values, read, first);
    if (column.part === "stem") return stems(values, column, first?.place);
    const argument = absent ? `${read} ?? ""` : read;
    const codes: Code[] = [];
    const patterns: TextTest[] = [];
    for (const value of values)
      if (value.pieces.some(({ kind }) => kind !== "any")) patterns.push(value);
      else
        codes.push(
          strong(value.pieces.length === 0 ? `${read} === ""` : absent ? `${read} !== undefined` : "true"),
        );
    codes.unshift(...regexes(patterns, first?.place).map((regex) => strong(`${regex}.test(${argument})`)));
    return joined(codes, 0);
  }

  /** Somewhere in one of the texts of a row. */
  #keywords(tests: readonly Test[]): Code {
    const columns = new Set<string>();
    for (const { read, type, optional: absent } of this.#log.columns.values())
      if (type === "text") columns.add(absent ? `${read} ?? ""` : read);
    const patterns: TextTest[] = [];
    const expressions: string[] = [];
    for (const test of tests)
      if (test.kind === "keyword" && test.test.kind === "text") {
        if (isOfOthers(test.test))
          throw new Refusal(
            test.place,
            "a keyword that numbers and addresses hold, too: they are looked through in texts alone",
          );
        patterns.push(test.test);
      } else if (test.kind === "keyword" && test.test.kind === "regex") {
        const { source, flags } = test.test;
        if (new RegExp(source.replace(/^\(\?[ims]+\)/, ""), flags).test(""))
          throw new Refusal(test.place, "a regular expression that the empty text fits, without a field");
        expressions.push(`${regexOf(source, flags, test.place)}.test(text)`);
      } else if (test.kind === "keyword")
        throw new Refusal(
          test.place,
          `a keyword of the kind ${test.test.kind} has no form in ${this.#log.name}.log`,
        );
    const [first] = tests;
    const place = first?.kind === "keyword" ? first.place : undefined;
    if (columns.size === 0 && place !== undefined)
      throw new Refusal(place, `${this.#log.name}.log has no texts for keywords`);
    const each = [...regexes(patterns, place).map((regex) => `${regex}.test(text)`), ...expressions];
    const some = `.some((text) => ${each.join(" || ")})`;
    const lists = new Set<string>();
    for (const { read, type } of this.#log.columns.values()) if (type === "texts") lists.add(read);
    return joined(
      [
        strong(`[${[...columns].join(", ")}]${some}`),
        ...[...lists].map((read): Code => ({ text: `${read} !== undefined && ${read}${some}`, binds: 1 })),
      ],
      0,
    );
  }
}

/** Whether the text may stand in a number, an address or a truth value. */
function isOfOthers({ pieces }: TextTest): boolean {
  return pieces.every(
    (piece) =>
      piece.kind !== "text" ||
      /^(?:[0-9a-f.:]*|t|tr|tru|r|ru|rue|u|ue|al|als|l|ls|lse|s|se)$/i.test(piece.text),
  );
}

/** Regular expressions of which one fits where one of the values does. */
function regexes(values: readonly TextTest[], place: Span | undefined): readonly string[] {
  const folded: string[] = [];
  const cased: string[] = [];
  for (const { pieces, cased: isCased } of values) {
    const isWritten = !isCased && !hasFoldedForm(pieces);
    const source = expressionOf(pieces, isCased, place, isWritten);
    (isCased || isWritten ? cased : folded).push(source);
  }
  const whole = cased.some((source) => source.includes("[\\s\\S]") || source.includes("\\u{")) ? "u" : "";
  const made = [
    ...inChunks(folded, longestPattern).map((some) => `/${some.join("|")}/i`),
    ...inChunks(cased, longestPattern).map((some) => `/${some.join("|")}/${whole}`),
  ];
  if ([...folded, ...cased].some((source) => source.length > longestPattern) && place !== undefined)
    throw new Refusal(place, `a value of more than ${longestPattern} characters`);
  return made;
}

/** In Zeek a letter without case takes four. */
const longestPattern = 4000;

/** Texts together as long as they stay below a length; one that is longer by itself. */
export function inChunks(texts: readonly string[], most: number): readonly (readonly string[])[] {
  const chunks: string[][] = [];
  let length = 0;
  for (const text of texts) {
    const last = chunks.at(-1);
    if (last === undefined || length + text.length + 1 > most) {
      chunks.push([text]);
      length = text.length;
    } else {
      last.push(text);
      length += text.length + 1;
    }
  }
  return chunks;
}

const strong = (text: Document): Code => ({ text, binds: 2 });

function joined(codes: readonly Code[], binds: 0 | 1): Code {
  const [first] = codes;
  if (first !== undefined && codes.length === 1) return first;
  const parts = codes.map(
    (code): Document =>
      code.binds === 2 || code.binds === binds ? code.text : group(["(", indent(code.text), ")"]),
  );
  return { text: join(parts, [binds === 0 ? " ||" : " &&", line]), binds };
}

function plainOf(pieces: readonly Piece[]): string | null {
  const [first] = pieces;
  if (first === undefined) return "";
  return pieces.length === 1 && first.kind === "text" ? first.text : null;
}

/** Characters that mean themselves once a backslash stands before them. */
export function escapedForRegex(text: string): string {
  return text.replace(/[\\^$.*+?()[\]{}|/]/g, "\\$&").replace(/[^\x20-\x7e]/gu, (letter) => {
    const code = letter.codePointAt(0) ?? 0;
    return code > 0xffff ? `\\u{${code.toString(16)}}` : `\\u${code.toString(16).padStart(4, "0")}`;
  });
}

/** Whether a letter beyond ASCII has two cases. */
export function hasOtherCase(text: string): boolean {
  const beyond = text.replace(/[\0-\x7f]/g, "");
  return beyond.toLowerCase() !== beyond || beyond.toUpperCase() !== beyond;
}

/** Wildcards as a regular expression of JavaScript. */
function expressionOf(
  pieces: readonly Piece[],
  cased: boolean,
  place: Span | undefined,
  bothCases: boolean,
): string {
  const text = pieces.map((piece) => {
    if (piece.kind === "text") return textSource(piece.text, cased, bothCases, place);
    return piece.kind === "any" ? "[\\s\\S]*" : "[\\s\\S]";
  });
  const starts = pieces[0]?.kind !== "any";
  const ends = pieces.at(-1)?.kind !== "any";
  const inner = text.slice(starts ? 0 : 1, ends || text.length === 1 ? undefined : -1).join("");
  return `${starts ? "^" : ""}${inner}${ends ? "$" : ""}`;
}

function oneOfNumbers(numbers: readonly number[], value: string): Code {
  const [only] = numbers;
  if (numbers.length === 1) return strong(`${value} === ${only}`);
  return joined(
    numbers.map((number) => strong(`${value} === ${number}`)),
    0,
  );
}

function truthIs({ pieces }: TextTest, read: string, test: FieldTest | undefined): Code {
  const text = plainOf(pieces)?.toLowerCase();
  if (text === "true" || text === "t") return strong(read);
  if (text === "false" || text === "f") return strong(`!${read}`);
  throw new Refusal(
    test?.place ?? { file: "", line: 1, column: 1 },
    `${test?.field ?? "it"} is true or false`,
  );
}

/** What stands before the question mark. */
function stems(
  values: readonly TextTest[],
  { read, optional: absent }: Column,
  place: Span | undefined,
): Code {
  const folded: string[] = [];
  const cased: string[] = [];
  for (const { pieces, cased: isCased } of values) {
    if (pieces.some((piece) => piece.kind === "text" && piece.text.includes("?"))) continue;
    const isWritten = !isCased && !hasFoldedForm(pieces);
    const source = pieces.map((piece) => stemPart(piece, isCased, isWritten, place)).join("");
    (isCased || isWritten ? cased : folded).push(source);
  }
  const whole = cased.some((source) => /\[\^\?\](?!\*)|\\u\{/.test(source)) ? "u" : "";
  const tests = [
    ...inChunks(folded, longestPattern).map((some) => `/^(?:${some.join("|")})(?:\\?|$)/i`),
    ...inChunks(cased, longestPattern).map((some) => `/^(?:${some.join("|")})(?:\\?|$)/${whole}`),
  ].map((regex) => strong(`${regex}.test(${read})`));
  if (tests.length === 0) return strong("false");
  return absent ? joined([strong(`${read} !== undefined`), joined(tests, 0)], 1) : joined(tests, 0);
}

function stemPart(piece: Piece, cased: boolean, bothCases: boolean, place: Span | undefined): string {
  if (piece.kind !== "text") return piece.kind === "any" ? "[^?]*" : "[^?]";
  return textSource(piece.text, cased, bothCases, place);
}

/** A text in a regular expression; each letter of ASCII in both cases where these are to be written. */
function textSource(text: string, cased: boolean, bothCases: boolean, place: Span | undefined): string {
  if (!cased && hasOtherCase(text) && place !== undefined)
    throw new Refusal(place, "letters beyond ASCII, without letter case, have no form in Zeek's patterns");
  if (!bothCases) return escapedForRegex(text);
  return text.replace(/[A-Za-z]|[^A-Za-z]+/g, (part) =>
    /[A-Za-z]/.test(part) ? `[${part.toLowerCase()}${part.toUpperCase()}]` : escapedForRegex(part),
  );
}

/** Zeek has no pattern for any character without letter case: both cases are written then. */
const hasFoldedForm = (pieces: readonly Piece[]): boolean =>
  pieces.every((piece) => piece.kind === "any" || (piece.kind === "text" && !/[^\0-\x7f]/.test(piece.text)));

function extensions(values: readonly TextTest[], read: string, test: FieldTest | undefined): Code {
  const names = values.map(({ pieces }) => {
    const text = plainOf(pieces);
    if (text === null || !/^[A-Za-z0-9_-]+$/.test(text))
      throw new Refusal(
        test?.place ?? { file: "", line: 1, column: 1 },
        "an extension with wildcards has no form",
      );
    return text;
  });
  return strong(`/^[^?#]*\\.(?:${names.join("|")})(?:[?#]|$)/i.test(${read} ?? "")`);
}

function addressIs({ pieces }: TextTest, read: string, { place, field }: FieldTest): Code {
  const text = plainOf(pieces);
  if (text !== null && ipaddr.isValid(text) && !text.includes("%"))
    return strong(`${read} === ${stringLiteral(ipaddr.parse(text).toString())}`);
  throw new Refusal(
    place,
    `${field} is an address; "${shownPieces(pieces)}" is none`,
    "a network is written with cidr",
  );
}

function shownPieces(pieces: readonly Piece[]): string {
  return pieces
    .map((piece) => (piece.kind === "text" ? piece.text : piece.kind === "any" ? "*" : "?"))
    .join("");
}

function network(text: string, place: Span): string {
  if (!ipaddr.isValidCIDR(text)) throw new Broken(place, `"${text}" is no network`);
  const isV6 = ipaddr.parseCIDR(text)[0].kind() === "ipv6";
  const base = isV6 ? ipaddr.IPv6.networkAddressFromCIDR(text) : ipaddr.IPv4.networkAddressFromCIDR(text);
  return `${base.toString()}/${ipaddr.parseCIDR(text)[1]}`;
}

function regexOf(text: string, named: string, place: Span): string {
  const [, inline = "", source = ""] = /^(?:\(\?([ims]+)\))?([\s\S]*)$/.exec(text) ?? [];
  const flags = [...new Set(named + inline)].sort().join("");
  const made = [flags, `${flags}u`].flatMap((some) => {
    try {
      return [{ flags: some, zeek: toZeekPattern(new RegExp(source, some), false) }];
    } catch {
      return [];
    }
  });
  const [first] = made;
  if (first === undefined)
    throw parsePcre2(source).ok
      ? new Refusal(place, `the regular expression "${source}" is none of JavaScript's`)
      : new Broken(place, `"${source}" is no regular expression`);
  const chosen = made.find(({ zeek }) => zeek.kind !== "refused");
  if (chosen === undefined) {
    const { zeek } = first;
    const [why, help] = zeek.kind === "refused" ? [zeek.message, zeek.help] : ["", null];
    throw new Refusal(place, `the regular expression "${source}" has no form in Zeek: ${why}`, help);
  }
  // A slash ends a literal; in a class it would not have to be escaped, and may be.
  const written = source
    .replace(/\\[\s\S]|\//g, (part) => (part === "/" ? "\\/" : part))
    .replace(/[^\x20-\x7e]/g, (unit) => `\\u${unit.charCodeAt(0).toString(16).padStart(4, "0")}`);
  return `/${written}/${chosen.flags}`;
}
