import type { Span } from "../diagnostics/diagnostic.js";
import type { Expression } from "./expression.js";
import {
  BOOL,
  binary,
  COUNT,
  call,
  conditional,
  DOUBLE,
  INT,
  literal,
  STRING,
  text,
  unary,
} from "./expression-builders.js";

/** Functions of zopf's own, put together from Zeek's; `last_labels` and `without_last_labels` are functions in the script. */

/** Digits after the point of an entropy: what two machines may differ in lies far behind them. */
const precision = 1_000_000;

/** Shannon entropy of the bytes, in bits a byte, rounded; 0 of an empty text, for which Zeek divides by 0. */
export function entropyOf(of: Expression, span: Span): Expression {
  const number = (value: number): Expression => literal(DOUBLE, value, span);
  const scaled = binary("*", call("find_entropy", [of], DOUBLE, span), number(precision), DOUBLE, span);
  const rounded = call("floor", [binary("+", scaled, number(0.5), DOUBLE, span)], DOUBLE, span);
  return conditional(
    binary(">", unary("size", of, COUNT, span), literal(COUNT, 0, span), BOOL, span),
    binary("/", rounded, number(precision), DOUBLE, span),
    number(0),
    span,
  );
}

/** What stands before the first `?`. */
export function uriPath(uri: Expression, span: Span): Expression {
  const at = call("find_str", [uri, text("?", span)], INT, span);
  return conditional(
    binary("<", at, literal(INT, 0, span), BOOL, span),
    uri,
    call("sub_bytes", [uri, literal(COUNT, 1, span), at], STRING, span),
    span,
  );
}

/** The last labels of a domain name; the whole name where it has no more. */
export function lastLabels(name: Expression, labels: number, span: Span): Expression {
  return call("last_labels", [name, literal(COUNT, labels, span)], STRING, span);
}

/** What stands before the last labels, without the dot; nothing where the name has no more. */
export function withoutLastLabels(name: Expression, labels: number, span: Span): Expression {
  return call("without_last_labels", [name, literal(COUNT, labels, span)], STRING, span);
}
