import type { ts } from "ts-morph";
import type { Expression, ZeekType } from "../../model/expression.js";
import {
  BOOL,
  binary,
  bool,
  COUNT,
  call,
  INT,
  literal,
  STRING,
  text,
  unary,
} from "../../model/expression-builders.js";
import { EXPRESSION_TEXT, EXPRESSION_TYPE, EXPRESSION_UNSUPPORTED } from "./codes.js";
import { hasLoneSurrogate } from "./compare.js";
import { type Context, refuse, spanOf } from "./context.js";
import { describe, settle, toExpression } from "./convert.js";
import { fromEnd, lastCharacters, padded, repeated, replaced, split, stripped } from "./editing.js";
import {
  choose,
  constant,
  type Facts,
  INVALID,
  type Leaf,
  mapLeaves,
  type SymbolicValue,
  scalar,
} from "./symbolic-value.js";
import { concat, contains, fixed, loneSurrogate, toText } from "./text.js";

/** A call `receiver.name(...args)` of a method of text or numbers. */
export interface MethodCall {
  readonly context: Context;
  readonly name: string;
  readonly receiver: Leaf & { readonly kind: "scalar" };
  readonly args: readonly SymbolicValue[];
  readonly facts: Facts;
  readonly node: ts.CallExpression;
}

/** What to write instead of methods that Zeek cannot do. */
const instead: Readonly<Record<string, string>> = {
  match: "use `/.../.test(text)`",
  matchAll: "use `/.../.test(text)`",
  search: "use `/.../.test(text)`",
  localeCompare: "use ===, or < with a constant",
  lastIndexOf: "use includes or endsWith",
  normalize: "compare the text as it is",
};

/** Methods of text that Zeek computes. */
export function textMethod(method: MethodCall): SymbolicValue {
  const { context, name, receiver, args, node } = method;
  const { expression, ascii } = receiver;
  const span = spanOf(node);
  switch (name) {
    case "includes":
      return withText(method, (needle) => scalar(contains(expression, needle, node)));
    case "startsWith":
    case "endsWith": {
      const zeek = name === "startsWith" ? "starts_with" : "ends_with";
      return withText(method, (part) =>
        part.kind === "literal" && part.value === ""
          ? constant(true)
          : scalar(call(zeek, [expression, part], BOOL, span)),
      );
    }
    case "indexOf":
      if (!ascii) return beyondAscii(method, "positions count bytes in Zeek", "use includes or startsWith");
      return withText(method, (needle) =>
        needle.kind !== "literal"
          ? refuse(
              context,
              EXPRESSION_UNSUPPORTED,
              node,
              "indexOf needs a constant text in Zeek",
              "use includes",
            )
          : needle.value === ""
            ? constant(0)
            : scalar(call("find_str", [expression, needle], INT, span)),
      );
    case "toLowerCase":
    case "toUpperCase": {
      const zeek = name === "toLowerCase" ? "to_lower" : "to_upper";
      if (!ascii)
        return beyondAscii(
          method,
          "Zeek changes the case of ASCII letters only",
          `use \`${zeek}(text)\`, which does that in TypeScript too`,
        );
      return scalar(call(zeek, [expression], STRING, span), true);
    }
    case "trim":
      if (!ascii) return beyondAscii(method, "Zeek strips ASCII blanks only", "compare the text as it is");
      return scalar(call("strip", [expression], STRING, span), true);
    case "toString":
    case "valueOf":
      return receiver;
    case "concat": {
      let joined: SymbolicValue = receiver;
      for (const arg of args) joined = concat(context, joined, arg, method.facts, node);
      return joined;
    }
    case "replace":
    case "replaceAll":
      return replaced(method);
    case "split":
      return split(method);
    case "repeat":
      return repeated(method, numberConstant(args[0]));
    case "padStart":
    case "padEnd":
      return padded(method, numberConstant(args[0]));
    case "trimStart":
    case "trimEnd":
      if (!ascii) return beyondAscii(method, "Zeek strips ASCII blanks only", "compare the text as it is");
      return stripped(method, name === "trimStart" ? "lstrip" : "rstrip");
    case "charAt":
    case "at": {
      const index = args.length === 0 ? 0 : numberConstant(args[0]);
      if (name === "at" && index !== undefined && index < 0)
        return ascii
          ? fromEnd(method, index)
          : beyondAscii(method, "positions count bytes in Zeek", "use endsWith");
      if (index === undefined || index < 0) return constantIndex(method);
      return characterAt(
        context,
        receiver,
        index,
        name === "charAt" ? constant("") : constant(undefined),
        method.facts,
        node,
      );
    }
    case "slice":
    case "substring":
      return part(method);
    default:
      return refuse(
        context,
        EXPRESSION_UNSUPPORTED,
        node,
        `Zeek cannot do the text method ${name}`,
        instead[name] ?? "docs/expressions.md lists what it can",
      );
  }
}

/** `text[index]`. */
export function characterAt(
  context: Context,
  receiver: Leaf & { readonly kind: "scalar" },
  index: number,
  beyond: SymbolicValue,
  facts: Facts,
  node: ts.Node,
): SymbolicValue {
  if (!receiver.ascii) {
    return refuse(
      context,
      EXPRESSION_TEXT,
      node,
      "positions count bytes in Zeek and UTF-16 units in TypeScript; this text may hold more than ASCII",
      "use startsWith or a regular expression",
    );
  }
  const span = spanOf(node);
  const size = unary("size", receiver.expression, COUNT, span);
  return choose(
    facts,
    binary(">", size, literal(COUNT, index, span), BOOL, span),
    () => scalar({ kind: "index", operand: receiver.expression, index, type: STRING, span }, true),
    () => beyond,
    span,
  );
}

function part(method: MethodCall): SymbolicValue {
  const { context, name, receiver, args, node } = method;
  const from = args.length === 0 ? 0 : numberConstant(args[0]);
  if (name === "slice" && args.length === 1 && from !== undefined && from < 0 && receiver.ascii)
    return lastCharacters(receiver, -from, node);
  const to = args.length < 2 ? Number.POSITIVE_INFINITY : numberConstant(args[1]);
  if (from === undefined || to === undefined || from < 0 || to < 0) return constantIndex(method);
  if (!receiver.ascii)
    return beyondAscii(method, "positions count bytes in Zeek", "use startsWith or a regular expression");
  const [start, end] = name === "substring" && to < from ? [to, from] : [from, to];
  if (end <= start) return constant("");
  const span = spanOf(node);
  const length =
    end === Number.POSITIVE_INFINITY
      ? unary("plus", unary("size", receiver.expression, COUNT, span), INT, span)
      : literal(INT, end - start, span);
  return settle(
    context,
    scalar(
      call("sub_bytes", [receiver.expression, literal(COUNT, start + 1, span), length], STRING, span),
      true,
    ),
    node,
  );
}

/** A whole number that is a constant. */
export function numberConstant(symbolic: SymbolicValue | undefined): number | undefined {
  if (symbolic?.kind !== "constant" || typeof symbolic.value !== "number") return undefined;
  return Number.isInteger(symbolic.value) && Math.abs(symbolic.value) < 2 ** 31 ? symbolic.value : undefined;
}

function constantIndex(method: MethodCall): Leaf {
  return refuse(
    method.context,
    EXPRESSION_UNSUPPORTED,
    method.node,
    `${method.name} needs constant positions, not below zero, in Zeek`,
    "use startsWith, endsWith or a regular expression",
  );
}

function beyondAscii(method: MethodCall, why: string, help: string): Leaf {
  return refuse(
    method.context,
    EXPRESSION_TEXT,
    method.node,
    `${method.name} of a text that may hold more than ASCII: ${why}`,
    help,
  );
}

function withText(method: MethodCall, apply: (part: Expression) => SymbolicValue): SymbolicValue {
  const { context, args, node, facts, name } = method;
  const [arg] = args;
  if (arg === undefined || args.length > 1) {
    return refuse(context, EXPRESSION_UNSUPPORTED, node, `${name} takes one text in Zeek`);
  }
  return mapLeaves(settle(context, arg, node), facts, context.budget, (leaf) => {
    if (leaf.kind === "constant" && typeof leaf.value === "string") {
      if (hasLoneSurrogate(leaf.value)) return loneSurrogate(context, node);
      return apply(text(leaf.value, spanOf(node)));
    }
    if (leaf.kind === "scalar" && leaf.expression.type.kind === "string") return apply(leaf.expression);
    return refuse(context, EXPRESSION_TYPE, node, `${name} needs a text, not ${describe(leaf)}`);
  });
}

/** Methods of numbers and of Zeek's own values. */
export function valueMethod(method: MethodCall): SymbolicValue {
  const { context, name, receiver, args, facts, node } = method;
  const { type } = receiver.expression;
  if (name === "toFixed" && (type.kind === "count" || type.kind === "int" || type.kind === "double")) {
    const digits = args.length === 0 ? 0 : numberConstant(args[0]);
    if (digits !== undefined && digits >= 0 && digits <= 15)
      return fixed(context, receiver, digits, facts, node);
    return refuse(
      context,
      EXPRESSION_UNSUPPORTED,
      node,
      "toFixed needs a constant number of digits, 0 to 15",
    );
  }
  if (name === "toString" && args.length === 0) return toText(context, receiver, facts, node);
  if (name === "valueOf" && args.length === 0) return receiver;
  if (name === "has" && type.kind === "set") return setHas(method, type.of);
  if (name === "has" && type.kind === "subnet") return subnetHas(method);
  return refuse(
    context,
    EXPRESSION_UNSUPPORTED,
    node,
    `Zeek cannot do ${name} on ${describe(receiver)}`,
    "docs/expressions.md lists what it can",
  );
}

function setHas(method: MethodCall, of: readonly ZeekType[]): SymbolicValue {
  const { context, receiver, args, facts, node } = method;
  const [arg] = args;
  const [element] = of;
  if (arg === undefined || element === undefined || of.length !== 1) {
    return refuse(context, EXPRESSION_UNSUPPORTED, node, "has takes one element");
  }
  return mapLeaves(settle(context, arg, node), facts, context.budget, (leaf) => {
    if (leaf.kind === "constant" && (leaf.value === undefined || leaf.value === null)) return constant(false);
    const made = toExpression(context, leaf, node);
    if (made === undefined) return INVALID;
    if (made.type.kind === element.kind && element.kind !== "enum") {
      return scalar(binary("in", made, receiver.expression, BOOL, spanOf(node)));
    }
    return refuse(context, EXPRESSION_TYPE, node, `this set has no ${describe(leaf)}`);
  });
}

function subnetHas(method: MethodCall): SymbolicValue {
  const { context, receiver, args, facts, node } = method;
  const [arg] = args;
  if (arg === undefined) return refuse(context, EXPRESSION_UNSUPPORTED, node, "has takes one address");
  return addressIn(context, arg, receiver.expression, facts, node);
}

/** `address in networks`: a subnet, or a set of them. */
export function addressIn(
  context: Context,
  address: SymbolicValue,
  networks: Expression,
  facts: Facts,
  node: ts.Node,
): SymbolicValue {
  return mapLeaves(settle(context, address, node), facts, context.budget, (leaf) => {
    if (leaf.kind === "short" || (leaf.kind === "constant" && leaf.value === undefined)) {
      return scalar(bool(false, spanOf(node)));
    }
    const made = toExpression(context, leaf, node);
    if (made === undefined) return INVALID;
    if (made.type.kind !== "addr") {
      return refuse(context, EXPRESSION_TYPE, node, `has takes an address, not ${describe(leaf)}`);
    }
    return scalar(binary("in", made, networks, BOOL, spanOf(node)));
  });
}
