import type { Expression, LiteralExpression, ZeekType, ZeekValue } from "../../model/expression.js";
import { parseAddress } from "../../zeek/values/address.js";
import { parsePort } from "../../zeek/values/port.js";
import { createSubnetSet, parseSubnet, subnetContains } from "../../zeek/values/subnet.js";
import { evaluateCall } from "./functions.js";
import { compilePattern, type PatternMatcher } from "./pattern.js";

/**
 * Compiles the reading of one field: called once a place, the result once a row. `undefined` is "not set".
 * The parameter itself has an empty path.
 */
export type Reader<Row> = (
  parameter: string,
  path: readonly string[],
  type: ZeekType,
) => (row: Row) => ZeekValue | undefined;

/** What globals stand for: `Site::local_nets`, and `network_time()`. */
export interface Globals<Row> {
  readonly localNets: { has(address: string): boolean };
  readonly networkTime: (row: Row) => number;
}

export type Evaluate<Row> = (row: Row) => ZeekValue;

/** What the closures of one expression are made with. */
export interface Making<Row> {
  readonly read: Reader<Row>;
  readonly globals: Globals<Row>;
  /** What each `let` around a place has named holds, for the row in hand. */
  readonly variables: ReadonlyMap<string, { value: ZeekValue }>;
}

/**
 * An Expression as a function of a row: Zeek's own semantics, made once, called for millions of rows.
 * Presence (`c?$conn`) is asked through the reader: a field is present where it reads as anything but
 * `undefined`.
 */
export function compileEvaluator<Row>(
  expression: Expression,
  read: Reader<Row>,
  globals: Globals<Row>,
): Evaluate<Row> {
  return compile(expression, { read, globals, variables: new Map() });
}

function compile<Row>(node: Expression, making: Making<Row>): Evaluate<Row> {
  switch (node.kind) {
    case "literal": {
      const value = literalValue(node);
      return () => value;
    }
    case "field": {
      const read = making.read(node.parameter, node.path, node.type);
      // An absent field is never reached: the compiler has put its presence before it.
      return (row) => read(row) ?? "";
    }
    case "presence": {
      const read = making.read(node.parameter, node.path, node.type);
      return (row) => read(row) !== undefined;
    }
    case "unary":
      return compileUnary(node, making);
    case "binary":
      return compileBinary(node, making);
    case "conditional": {
      const condition = compile(node.condition, making);
      const whenTrue = compile(node.whenTrue, making);
      const whenFalse = compile(node.whenFalse, making);
      return (row) => (condition(row) === true ? whenTrue(row) : whenFalse(row));
    }
    case "call": {
      if (node.function === "network_time") return making.globals.networkTime;
      const parts = node.arguments.map((argument) => ({
        type: argument.type,
        source: argument.kind === "pattern" ? argument.source : undefined,
        value: argument.kind === "pattern" ? () => "" : compile(argument, making),
      }));
      return evaluateCall(node.function, parts);
    }
    case "set": {
      const values = node.elements.map(literalValue);
      return () => values;
    }
    case "index": {
      const operand = compile(node.operand, making);
      const { index } = node;
      return (row) => at(operand(row), index);
    }
    case "let": {
      const cell: { value: ZeekValue } = { value: "" };
      const value = compile(node.value, making);
      const variables = new Map(making.variables).set(node.name, cell);
      const body = compile(node.body, { ...making, variables });
      return (row) => {
        cell.value = value(row);
        return body(row);
      };
    }
    case "variable": {
      const cell = making.variables.get(node.name);
      if (cell === undefined) throw new Error(`bug in zopf: nothing is named ${node.name}`);
      return () => cell.value;
    }
    case "pattern":
    case "global":
      // Both stand only beside an operator, which looks at the node itself.
      return () => "";
  }
}

function at(value: ZeekValue, index: number): ZeekValue {
  return typeof value === "string" || Array.isArray(value) ? (value[index] ?? "") : "";
}

/** A literal as the replay holds it: a port becomes its number. */
function literalValue(node: LiteralExpression): ZeekValue {
  return node.type.kind === "port" ? (parsePort(String(node.value)) ?? 0) : node.value;
}

function number(value: ZeekValue): number {
  return typeof value === "number" ? value : Number.NaN;
}

function text(value: ZeekValue): string {
  return typeof value === "string" ? value : "";
}

function compileUnary<Row>(
  node: Expression & { readonly kind: "unary" },
  making: Making<Row>,
): Evaluate<Row> {
  const operand = compile(node.operand, making);
  switch (node.operator) {
    case "not":
      return (row) => operand(row) !== true;
    case "negate":
      return (row) => 0 - number(operand(row));
    case "plus":
      return operand;
    case "size":
      return (row) => {
        const value = operand(row);
        if (typeof value === "number") return Math.abs(value);
        return typeof value === "string" || Array.isArray(value) ? value.length : 0;
      };
  }
}

function compileBinary<Row>(
  node: Expression & { readonly kind: "binary" },
  making: Making<Row>,
): Evaluate<Row> {
  const { operator, left, right } = node;
  if (left.kind === "pattern") return compilePatternTest(node, left.source, making);
  if (operator === "in" || operator === "!in") {
    const member = compileMembership(left, right, making);
    return operator === "in" ? member : (row) => member(row) !== true;
  }
  const a = compile(left, making);
  if (right.kind === "literal" && (operator === "==" || operator === "!=")) {
    const value = literalValue(right);
    return operator === "==" ? (row) => a(row) === value : (row) => a(row) !== value;
  }
  const b = compile(right, making);
  switch (operator) {
    case "&&":
      return (row) => a(row) === true && b(row) === true;
    case "||":
      return (row) => a(row) === true || b(row) === true;
    case "==":
      return (row) => a(row) === b(row);
    case "!=":
      return (row) => a(row) !== b(row);
    case "<":
      return (row) => a(row) < b(row);
    case "<=":
      return (row) => a(row) <= b(row);
    case ">":
      return (row) => a(row) > b(row);
    case ">=":
      return (row) => a(row) >= b(row);
    case "+":
      if (node.type.kind === "string") return (row) => text(a(row)) + text(b(row));
      return (row) => number(a(row)) + number(b(row));
    case "-":
      return (row) => number(a(row)) - number(b(row));
    case "*":
      return (row) => number(a(row)) * number(b(row));
    case "&":
    case "|":
    case "^":
      return (row) => bits(operator, number(a(row)), number(b(row)));
    case "%":
      return (row) => number(a(row)) % number(b(row));
    case "/":
      if (node.type.kind === "subnet") {
        return (row) => parseSubnet(`${text(a(row))}/${number(b(row))}`)?.text ?? "";
      }
      if (node.type.kind === "double") return (row) => number(a(row)) / number(b(row));
      return (row) => Math.trunc(number(a(row)) / number(b(row)));
  }
}

/** Counts, of which one may have up to 53 bits where the other has at most 31. */
function bits(operator: "&" | "|" | "^", a: number, b: number): number {
  if (a < 2 ** 31 && b < 2 ** 31) return operator === "&" ? a & b : operator === "|" ? a | b : a ^ b;
  const [x, y] = [BigInt(a), BigInt(b)];
  return Number(operator === "&" ? x & y : operator === "|" ? x | y : x ^ y);
}

function compilePatternTest<Row>(
  node: Expression & { readonly kind: "binary" },
  source: string,
  making: Making<Row>,
): Evaluate<Row> {
  const matcher = matcherOf(source);
  const subject = compile(node.right, making);
  switch (node.operator) {
    case "==":
      return (row) => matcher.whole(text(subject(row)));
    case "!=":
      return (row) => !matcher.whole(text(subject(row)));
    case "!in":
      return (row) => !matcher.within(text(subject(row)));
    default:
      return (row) => matcher.within(text(subject(row)));
  }
}

/** The matcher of a pattern that the compiler has written. */
function matcherOf(source: string): PatternMatcher {
  const matcher = compilePattern(source);
  if (matcher === undefined) throw new Error(`bug in zopf: /${source.slice(0, 200)}/ is no pattern of Zeek`);
  return matcher;
}

function compileMembership<Row>(left: Expression, right: Expression, making: Making<Row>): Evaluate<Row> {
  const member = compile(left, making);
  if (right.kind === "global") return (row) => making.globals.localNets.has(text(member(row)));
  if (right.kind === "set") {
    const values = new Set(right.elements.map(literalValue));
    return (row) => values.has(member(row));
  }
  if (right.kind === "literal" && right.type.kind === "subnet") {
    const subnet = parseSubnet(String(right.value));
    const nets = createSubnetSet(subnet === undefined ? [] : [subnet]);
    return (row) => nets.has(text(member(row)));
  }
  const container = compile(right, making);
  if (right.type.kind === "subnet") {
    return (row) => {
      const subnet = parseSubnet(text(container(row)));
      const address = parseAddress(text(member(row)));
      return subnet !== undefined && address !== undefined && subnetContains(subnet, address);
    };
  }
  return (row) => {
    const value = container(row);
    const wanted = member(row);
    if (typeof value === "string") return typeof wanted === "string" && value.includes(wanted);
    return Array.isArray(value) && value.includes(wanted);
  };
}
