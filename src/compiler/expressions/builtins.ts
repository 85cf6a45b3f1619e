import type { ts } from "ts-morph";
import { addr, duration, port, subnet } from "../../dsl/zeek-functions.js";
import type { Expression, ZeekType } from "../../model/expression.js";
import {
  BOOL,
  binary,
  COUNT,
  call,
  conditional,
  DOUBLE,
  literal,
  STRING,
  unary,
} from "../../model/expression-builders.js";
import { entropyOf, lastLabels, uriPath, withoutLastLabels } from "../../model/zopf-functions.js";
import { EXPRESSION_TYPE, EXPRESSION_UNSUPPORTED } from "./codes.js";
import { type Context, refuse, spanOf } from "./context.js";
import { isAscii, leavesOf, toExpression, typeName } from "./convert.js";
import { numberConstant } from "./methods.js";
import { constant, INVALID, type SymbolicValue, scalar } from "./symbolic-value.js";

interface Signature {
  readonly parameters: readonly ZeekType["kind"][];
  readonly result: ZeekType;
  /** True: the result is ASCII. */
  readonly ascii: boolean;
}

function signature(parameters: readonly ZeekType["kind"][], result: ZeekType, ascii = true): Signature {
  return { parameters, result, ascii };
}

const ENUM: ZeekType = { kind: "enum", name: "transport_proto" };

/** Functions that Zeek has under the same name and that cannot fail. */
const direct: Readonly<Record<string, Signature>> = {
  is_v4_addr: signature(["addr"], BOOL),
  is_v6_addr: signature(["addr"], BOOL),
  port_to_count: signature(["port"], COUNT),
  get_port_transport_proto: signature(["port"], ENUM),
  is_tcp_port: signature(["port"], BOOL),
  is_udp_port: signature(["port"], BOOL),
  is_icmp_port: signature(["port"], BOOL),
  to_lower: signature(["string"], STRING, false),
  to_upper: signature(["string"], STRING, false),
  is_ascii: signature(["string"], BOOL),
  md5_hash: signature(["string"], STRING),
  sha1_hash: signature(["string"], STRING),
  interval_to_double: signature(["interval"], DOUBLE),
  time_to_double: signature(["time"], DOUBLE),
  network_time: signature([], { kind: "time" }),
};

const constants: ReadonlyMap<string, (text: never) => unknown> = new Map<string, (text: never) => unknown>([
  ["addr", addr],
  ["subnet", subnet],
  ["port", port],
  ["duration", duration],
]);

/** A call of one of Zeek's functions by its name in the DSL. */
export function callBuiltin(
  context: Context,
  name: string,
  args: readonly SymbolicValue[],
  node: ts.CallExpression,
): SymbolicValue {
  if (constants.has(name)) return constantOf(context, name, args, node);
  if (name === "subnet_of") return subnetOf(context, args, node);
  if (name === "byte_length") {
    const [of] = argumentsOf(context, name, ["string"], args, node) ?? [];
    return of === undefined ? INVALID : scalar(unary("size", of, COUNT, spanOf(node)));
  }
  if (name === "entropy" || name === "uri_path") {
    const [of] = argumentsOf(context, name, ["string"], args, node) ?? [];
    if (of === undefined) return INVALID;
    return name === "entropy"
      ? scalar(entropyOf(of, spanOf(node)))
      : scalar(uriPath(of, spanOf(node)), args[0] !== undefined && leavesOf(args[0]).every(isAscii));
  }
  if (name === "last_labels" || name === "without_last_labels")
    return lastLabelsOf(context, name, args, node);
  const known = direct[name];
  if (known === undefined) {
    return refuse(context, EXPRESSION_UNSUPPORTED, node, `${name} cannot be called in Zeek`);
  }
  const made = argumentsOf(context, name, known.parameters, args, node);
  if (made === undefined) return INVALID;
  const ascii = known.ascii || (args[0] !== undefined && leavesOf(args[0]).every(isAscii));
  return scalar(call(name, made, known.result, spanOf(node)), ascii);
}

function argumentsOf(
  context: Context,
  name: string,
  parameters: readonly ZeekType["kind"][],
  args: readonly SymbolicValue[],
  node: ts.CallExpression,
): readonly Expression[] | undefined {
  if (args.length !== parameters.length) {
    refuse(
      context,
      EXPRESSION_TYPE,
      node,
      `${name} takes ${parameters.length} argument(s), not ${args.length}`,
    );
    return undefined;
  }
  const made: Expression[] = [];
  for (const [i, kind] of parameters.entries()) {
    const at = node.arguments[i] ?? node;
    let value = toExpression(context, args[i] ?? INVALID, at);
    if (value === undefined) return undefined;
    if (value.type.kind === "enum" && kind === "string") value = call("cat", [value], STRING, spanOf(at));
    if (value.type.kind !== kind) {
      refuse(
        context,
        EXPRESSION_TYPE,
        at,
        `${name} takes a value of type ${kind}, not ${typeName(value.type)}`,
      );
      return undefined;
    }
    made.push(value);
  }
  return made;
}

/** `port("22/tcp")` and the like inside a function. */
function constantOf(
  context: Context,
  name: string,
  args: readonly SymbolicValue[],
  node: ts.CallExpression,
): SymbolicValue {
  const [arg] = args;
  if (arg?.kind === "invalid") return arg;
  if (arg?.kind !== "constant" || typeof arg.value !== "string" || args.length !== 1) {
    return refuse(context, EXPRESSION_UNSUPPORTED, node, `${name}(...) needs a constant text`);
  }
  const make: unknown = constants.get(name);
  if (typeof make !== "function") return INVALID;
  try {
    return constant(make(arg.value));
  } catch (error) {
    return refuse(
      context,
      EXPRESSION_TYPE,
      node,
      error instanceof Error ? error.message : `${name}: not valid`,
    );
  }
}

function lastLabelsOf(
  context: Context,
  name: "last_labels" | "without_last_labels",
  args: readonly SymbolicValue[],
  node: ts.CallExpression,
): SymbolicValue {
  const [of] = argumentsOf(context, name, ["string"], args.slice(0, 1), node) ?? [];
  const labels = numberConstant(args[1]);
  if (of === undefined) return INVALID;
  if (labels === undefined || labels < 1 || labels > 127)
    return refuse(
      context,
      EXPRESSION_TYPE,
      node,
      `${name} takes a text and a constant number of labels, 1 to 127`,
    );
  const make = name === "last_labels" ? lastLabels : withoutLastLabels;
  return scalar(make(of, labels, spanOf(node)), args[0] !== undefined && leavesOf(args[0]).every(isAscii));
}

function subnetOf(context: Context, args: readonly SymbolicValue[], node: ts.CallExpression): SymbolicValue {
  const [address] = argumentsOf(context, "subnet_of", ["addr"], args.slice(0, 1), node) ?? [];
  const v4 = numberConstant(args[1]);
  const v6 = numberConstant(args[2]);
  if (address === undefined) return INVALID;
  if (v4 === undefined || v4 < 0 || v4 > 32 || v6 === undefined || v6 < 0 || v6 > 128) {
    return refuse(
      context,
      EXPRESSION_TYPE,
      node,
      "subnet_of takes an address and two constant widths, 0 to 32 for IPv4 and 0 to 128 for IPv6",
    );
  }
  const span = spanOf(node);
  const masked = (width: number): Expression =>
    binary("/", address, literal(COUNT, width, span), { kind: "subnet" }, span);
  return scalar(conditional(call("is_v4_addr", [address], BOOL, span), masked(v4), masked(v6), span));
}
