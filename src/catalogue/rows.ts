import type { Span } from "../diagnostics/diagnostic.js";
import type { Expression, ZeekType } from "../model/expression.js";
import {
  and,
  BOOL,
  binary,
  COUNT,
  call,
  literal,
  STRING,
  text,
  unary,
} from "../model/expression-builders.js";
import { entropyOf, lastLabels, uriPath, withoutLastLabels } from "../model/zopf-functions.js";

/** Conditions and values over the row of a log (`c`), from which presets are put together. */
export interface RowConditions {
  /** The optional field is set. */
  has(field: string): Expression;
  /** An optional field that is set, and its text is this one. */
  textIs(field: string, value: string): Expression;
  /** An optional field that is set, and its text is one of these. */
  textIn(field: string, values: readonly string[]): Expression;
  /** An optional field that is set, and its number is one of these. */
  countIn(field: string, values: readonly number[]): Expression;
  /** An optional field that is set, and its number lies between the two. */
  countWithin(field: string, least: number, most: number): Expression;
  /** An optional field that is set and false. */
  isFalse(field: string): Expression;
  /** Of a field that was asked for before: in lower case. */
  lower(field: string): Expression;
  /** Of a field that was asked for before: its path, what stands before the `?`. */
  path(field: string): Expression;
  /** The same in lower case. */
  lowerPath(field: string): Expression;
  /** The field `name`, which every row has, is this one. */
  nameIs(value: string): Expression;
  /** One of these is in the text. */
  holdsOne(of: Expression, parts: readonly string[]): Expression;
  /** The text is none of these. */
  noneOf(of: Expression, values: readonly string[]): Expression;
  /** The last labels of a domain name. */
  domain(name: Expression, labels: number): Expression;
  /** What stands before those labels. */
  before(name: Expression, labels: number): Expression;
  bytes(of: Expression): Expression;
  atLeast(number: Expression, least: number): Expression;
  bitsAtLeast(of: Expression, least: number): Expression;
  /** A name of 32 letters for a text of any length, so that what is remembered has a bound. */
  digest(of: Expression): Expression;
}

export function createRowConditions(span: Span): RowConditions {
  const field = (type: ZeekType, name: string): Expression => ({
    kind: "field",
    parameter: "c",
    path: [name],
    type,
    span,
  });
  const has = (name: string): Expression => ({
    kind: "presence",
    parameter: "c",
    path: [name],
    type: BOOL,
    span,
  });
  const string = (name: string): Expression => field(STRING, name);
  const count = (value: number): Expression => literal(COUNT, value, span);
  const both = (a: Expression, b: Expression): Expression => and(a, b, span);
  const bytes = (of: Expression): Expression => unary("size", of, COUNT, span);
  const setOf = (type: ZeekType, values: readonly (string | number)[]): Expression => ({
    kind: "set",
    elements: values.map((value) => literal(type, value, span)),
    type: { kind: "set", of: [type] },
    span,
  });
  const atLeast = (number: Expression, least: number): Expression =>
    binary(">=", number, count(least), BOOL, span);
  return {
    has,
    textIs: (name, value) => both(has(name), binary("==", string(name), text(value, span), BOOL, span)),
    textIn: (name, values) => both(has(name), binary("in", string(name), setOf(STRING, values), BOOL, span)),
    countIn: (name, values) =>
      both(has(name), binary("in", field(COUNT, name), setOf(COUNT, values), BOOL, span)),
    countWithin: (name, least, most) =>
      both(
        has(name),
        both(atLeast(field(COUNT, name), least), binary("<=", field(COUNT, name), count(most), BOOL, span)),
      ),
    isFalse: (name) => both(has(name), unary("not", field(BOOL, name), BOOL, span)),
    lower: (name) => call("to_lower", [string(name)], STRING, span),
    path: (name) => uriPath(string(name), span),
    lowerPath: (name) => call("to_lower", [uriPath(string(name), span)], STRING, span),
    nameIs: (value) => binary("==", string("name"), text(value, span), BOOL, span),
    holdsOne: (of, parts) =>
      binary(
        "in",
        { kind: "pattern", source: parts.map(plainPattern).join("|"), type: { kind: "pattern" }, span },
        of,
        BOOL,
        span,
      ),
    noneOf: (of, values) => binary("!in", of, setOf(STRING, values), BOOL, span),
    domain: (name, labels) => lastLabels(name, labels, span),
    before: (name, labels) => withoutLastLabels(name, labels, span),
    bytes,
    atLeast,
    bitsAtLeast: (of, least) =>
      binary(">=", entropyOf(of, span), literal({ kind: "double" }, least, span), BOOL, span),
    digest: (of) => call("md5_hash", [of], STRING, span),
  };
}

/** A text as a pattern of Zeek's that matches it and nothing else. */
function plainPattern(part: string): string {
  return Array.from(part, (letter) =>
    /[A-Za-z0-9_]/.test(letter) ? letter : `\\x${letter.charCodeAt(0).toString(16).padStart(2, "0")}`,
  ).join("");
}
