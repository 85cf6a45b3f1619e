import type { ts } from "ts-morph";
import type { Diagnostic } from "../../diagnostics/diagnostic.js";
import type { Expression } from "../../model/expression.js";
import { forgetKeys, SIZE_LIMIT, sizeOf } from "../../model/expression-builders.js";
import { spanOfNode } from "../load/span.js";
import { typescript } from "../load/typescript.js";
import { EXPRESSION_TOO_LARGE, EXPRESSION_TYPE, EXPRESSION_UNSUPPORTED } from "./codes.js";
import { equality } from "./compare.js";
import { type Context, refuse } from "./context.js";
import { describe, leavesOf, toCondition, toExpression, typeName } from "./convert.js";
import { runFunction } from "./functions.js";
import { shareParts } from "./share.js";
import { constant, type Leaf, NO_FACTS, numeric, type SymbolicValue } from "./symbolic-value.js";
import type { Compiled, CompileOptions, Expected, FunctionSource, ParameterType } from "./types.js";
import { visit } from "./visitors.js";

export { typeName } from "./convert.js";
export type {
  Compiled,
  CompileOptions,
  Expected,
  FunctionNode,
  FunctionSource,
  ParameterType,
} from "./types.js";

/** Steps that the compilation of one function may take. */
const BUDGET = 100_000;

/**
 * Turns one arrow function of a bundle into Expressions, or says at which place what cannot be expressed.
 * `parameters` describe the function's parameters in order. A function that returns a tuple gives one
 * expression a part where `expected` is `"value"`.
 */
export function compileFunction(
  source: FunctionSource,
  parameters: readonly ParameterType[],
  expected: Expected = "value",
  options: CompileOptions = {},
): Compiled {
  const diagnostics: Diagnostic[] = [];
  const context: Context = {
    ts: typescript(),
    diagnostics,
    budget: { steps: BUDGET, depth: 0 },
    options,
    parameters,
    active: [source.node],
    visit: (node, scope, facts) => visit(context, node, scope, facts),
    equal: (a, b, scope, facts) =>
      equality(context, visit(context, a, scope, facts), visit(context, b, scope, facts), facts, b, {
        loose: false,
        negated: false,
      }),
  };
  const args = parameters.map(
    (parameter): Leaf => ({
      kind: "record",
      parameter: parameter.name,
      path: [],
      record: parameter.kind === "hit" ? "hit" : parameter.record,
    }),
  );
  const outer = { names: new Map<string, SymbolicValue>(), parent: null, source };
  const symbolic = runFunction(context, source.node, outer, args, NO_FACTS);
  const node = resultNode(source);
  const tuple = expected === "value" ? tupleOf(symbolic) : undefined;
  const places = tuple === undefined ? [] : elementNodes(source);
  const expressions = (tuple ?? [symbolic]).map((part, i) =>
    finish(context, part, expected, places.length === tuple?.length ? (places[i] ?? node) : node),
  );
  const complete = expressions.flatMap((made) => (made === undefined ? [] : shareParts(made)));
  forgetKeys();
  if (context.budget.steps < 0 || complete.some((made) => sizeOf(made) > SIZE_LIMIT)) {
    diagnostics.push(
      EXPRESSION_TOO_LARGE(
        spanOfNode(source.node),
        "written out in Zeek this function becomes too large to run for each connection",
        "split it into several detections, or test fewer cases",
      ),
    );
  }
  if (diagnostics.length === 0 && complete.length < expressions.length) {
    throw new Error(`bug in zopf: no diagnostic for ${source.node.getText().slice(0, 200)}`);
  }
  if (diagnostics.length > 0) return { ok: false, diagnostics };
  return { ok: true, expressions: complete, tuple: tuple !== undefined };
}

function tupleOf(symbolic: SymbolicValue): readonly SymbolicValue[] | undefined {
  if (symbolic.kind === "tuple") return symbolic.elements.length === 0 ? undefined : symbolic.elements;
  if (symbolic.kind === "constant" && Array.isArray(symbolic.value) && symbolic.value.length > 0)
    return symbolic.value.map(constant);
  return undefined;
}

function finish(
  context: Context,
  symbolic: SymbolicValue,
  expected: Expected,
  node: ts.Node,
): Expression | undefined {
  if (symbolic.kind === "invalid" || context.budget.steps < 0) return undefined;
  if (expected === "bool") return toCondition(context, symbolic, NO_FACTS, node);
  if (
    symbolic.kind !== "choice" &&
    (symbolic.kind === "tuple" || symbolic.kind === "object" || symbolic.kind === "record")
  ) {
    refuse(
      context,
      EXPRESSION_UNSUPPORTED,
      node,
      `${describe(symbolic)} is no value that Zeek can hold here`,
      "return one of its fields",
    );
    return undefined;
  }
  if (leavesOf(symbolic).some((leaf) => leaf.kind === "invalid")) return undefined;
  const made = toExpression(context, symbolic, node);
  if (made === undefined) return undefined;
  const { type } = made;
  const fits =
    expected === "value"
      ? type.kind !== "set" && type.kind !== "vector"
      : expected === "number"
        ? numeric(type)
        : type.kind === expected;
  if (fits) return made;
  refuse(
    context,
    EXPRESSION_TYPE,
    node,
    `this is of type ${typeName(type)}; ${wanted[expected]} is needed here`,
  );
  return undefined;
}

const wanted: Readonly<Record<Expected, string>> = {
  bool: "a condition",
  string: "text",
  number: "a number",
  addr: "an address",
  value: "one value, or a tuple of them,",
};

/** The elements of a tuple that an arrow returns at once, for diagnostics at their own places. */
function elementNodes(source: FunctionSource): readonly ts.Node[] {
  const ts = typescript();
  let node = resultNode(source);
  while (ts.isParenthesizedExpression(node) || ts.isAsExpression(node)) node = node.expression;
  return ts.isArrayLiteralExpression(node) ? node.elements : [];
}

/** What an arrow returns; of a function with a body its only return, or the function itself. */
function resultNode(source: FunctionSource): ts.Node {
  const ts = typescript();
  const { node } = source;
  if (node.body === undefined) return node;
  if (!ts.isBlock(node.body)) return node.body;
  const last = node.body.statements.at(-1);
  return last !== undefined && ts.isReturnStatement(last) && last.expression !== undefined
    ? last.expression
    : node;
}
