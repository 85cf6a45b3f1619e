import type { ts } from "ts-morph";
import { isTooLarge, not } from "../../model/expression-builders.js";
import type { TypeScript } from "../load/typescript.js";
import { element, member, propertyOf } from "./access.js";
import { listOf, arrayOf as makeArray } from "./arrays.js";
import { type BitOperator, bitwise, complement, power } from "./bits.js";
import { visitCall } from "./calls.js";
import { EXPRESSION_UNSUPPORTED } from "./codes.js";
import { equality, relation } from "./compare.js";
import { type Context, refuse, spanOf } from "./context.js";
import { leavesOf, tidy, toCondition, truth, typeOfLeaf } from "./convert.js";
import { arithmetic, sign } from "./numbers.js";
import { resolve } from "./scope.js";
import { membersOf } from "./statics.js";
import {
  ABSENT,
  choose,
  constant,
  type Facts,
  INVALID,
  type Leaf,
  mapLeaves,
  type Scope,
  type SymbolicValue,
  scalar,
} from "./symbolic-value.js";
import { join, toText } from "./text.js";

/** Works out one node; `short` leaves of an optional chain end where the chain ends. */
export function visit(context: Context, node: ts.Expression, scope: Scope, facts: Facts): SymbolicValue {
  const { budget } = context;
  budget.steps -= 1;
  if (budget.steps < 0) return INVALID;
  if (budget.depth >= DEPTH) {
    return refuse(
      context,
      EXPRESSION_UNSUPPORTED,
      node,
      `this lies more than ${DEPTH} levels deep`,
      "name parts of it with const",
    );
  }
  budget.depth += 1;
  const symbolic = visitChain(context, node, scope, facts);
  budget.depth -= 1;
  if (symbolic.kind === "scalar" && isTooLarge(symbolic.expression)) return tooLarge(context);
  const { ts } = context;
  if (!ts.isOptionalChain(node) && !ts.isNonNullExpression(node)) return symbolic;
  if (symbolic.kind !== "choice" && symbolic.kind !== "short") return symbolic;
  return mapLeaves(symbolic, facts, context.budget, (leaf) => (leaf.kind === "short" ? ABSENT : leaf));
}

const DEPTH = 400;

/** Ends the work; `compileFunction` says that the result is too large. */
function tooLarge(context: Context): Leaf {
  context.budget.steps = -1;
  return INVALID;
}

function visitChain(context: Context, node: ts.Expression, scope: Scope, facts: Facts): SymbolicValue {
  const { ts } = context;
  const go = (inner: ts.Expression): SymbolicValue => visit(context, inner, scope, facts);
  const inChain = (inner: ts.Expression): SymbolicValue =>
    ts.isOptionalChain(inner) || ts.isNonNullExpression(inner)
      ? visitChain(context, inner, scope, facts)
      : go(inner);
  if (ts.isIdentifier(node)) return resolve(context, node, scope);
  if (ts.isStringLiteralLike(node)) return constant(node.text);
  if (ts.isNumericLiteral(node)) return constant(Number(node.text));
  if (ts.isPropertyAccessExpression(node)) {
    const options = { optional: node.questionDotToken !== undefined, chain: ts.isOptionalChain(node) };
    return member(context, inChain(node.expression), node.name.text, options, facts, node);
  }
  if (ts.isElementAccessExpression(node))
    return elementAccess(context, node, inChain(node.expression), scope, facts);
  if (ts.isCallExpression(node)) return visitCall(context, node, scope, facts, inChain);
  if (ts.isBinaryExpression(node)) return binaryOf(context, node, scope, facts);
  if (ts.isNonNullExpression(node)) return inChain(node.expression);
  if (
    ts.isParenthesizedExpression(node) ||
    ts.isAsExpression(node) ||
    ts.isSatisfiesExpression(node) ||
    ts.isTypeAssertionExpression(node)
  ) {
    return go(node.expression);
  }
  if (ts.isPrefixUnaryExpression(node)) return prefix(context, node, scope, facts);
  if (ts.isConditionalExpression(node)) return conditionalOf(context, node, scope, facts);
  if (ts.isTemplateExpression(node)) return template(context, node, scope, facts);
  if (ts.isArrayLiteralExpression(node)) return arrayLiteral(context, node, scope, facts);
  if (ts.isObjectLiteralExpression(node)) return objectOf(context, node, scope, facts);
  if (ts.isArrowFunction(node) || ts.isFunctionExpression(node)) return { kind: "closure", node, scope };
  if (ts.isRegularExpressionLiteral(node)) return regularExpression(context, node);
  if (ts.isTypeOfExpression(node)) return typeOf(context, node, go(node.expression), facts);
  if (ts.isVoidExpression(node)) return ABSENT;
  if (ts.isNewExpression(node)) return construct(context, node, scope, facts);
  switch (node.kind) {
    case ts.SyntaxKind.TrueKeyword:
      return constant(true);
    case ts.SyntaxKind.FalseKeyword:
      return constant(false);
    case ts.SyntaxKind.NullKeyword:
      return constant(null);
  }
  return unsupported(context, node);
}

function unsupported(context: Context, node: ts.Expression): Leaf {
  const { ts } = context;
  const what: Readonly<Record<number, string>> = {
    [ts.SyntaxKind.AwaitExpression]: "await",
    [ts.SyntaxKind.YieldExpression]: "yield",
    [ts.SyntaxKind.NewExpression]: "new",
    [ts.SyntaxKind.ThisKeyword]: "this",
    [ts.SyntaxKind.SuperKeyword]: "super",
    [ts.SyntaxKind.DeleteExpression]: "delete",
    [ts.SyntaxKind.BigIntLiteral]: "a bigint",
    [ts.SyntaxKind.PostfixUnaryExpression]: "++ and --",
    [ts.SyntaxKind.TaggedTemplateExpression]: "a tagged template",
    [ts.SyntaxKind.SpreadElement]: "a spread (...)",
    [ts.SyntaxKind.ClassExpression]: "a class",
  };
  const help =
    node.kind === ts.SyntaxKind.BigIntLiteral
      ? "write an ordinary number"
      : "docs/expressions.md lists what can be";
  return refuse(
    context,
    EXPRESSION_UNSUPPORTED,
    node,
    `${what[node.kind] ?? "this"} cannot be expressed in Zeek`,
    help,
  );
}

function elementAccess(
  context: Context,
  node: ts.ElementAccessExpression,
  receiver: SymbolicValue,
  scope: Scope,
  facts: Facts,
): SymbolicValue {
  const index = visit(context, node.argumentExpression, scope, facts);
  const optional = node.questionDotToken !== undefined;
  return mapLeaves(receiver, facts, context.budget, (leaf, inside) => {
    if (optional && leaf.kind === "constant" && (leaf.value === undefined || leaf.value === null))
      return { kind: "short" };
    return element(context, leaf, index, inside, node);
  });
}

function binaryOf(context: Context, node: ts.BinaryExpression, scope: Scope, facts: Facts): SymbolicValue {
  const { ts } = context;
  const operator = node.operatorToken.kind;
  // Long chains of one operator lean to the left: walked in a loop, so that they need no stack.
  const spine: ts.BinaryExpression[] = [];
  let bottom: ts.Expression = node;
  while (ts.isBinaryExpression(bottom) && bottom.operatorToken.kind === operator) {
    spine.push(bottom);
    bottom = bottom.left;
  }
  if (operator === ts.SyntaxKind.PlusToken) return plusChain(context, bottom, spine.reverse(), scope, facts);
  let left = visit(context, bottom, scope, facts);
  for (const step of spine.reverse()) {
    if (left.kind === "invalid") return left;
    left = binaryStep(context, step, left, scope, facts);
    if (left.kind === "scalar" && isTooLarge(left.expression)) return tooLarge(context);
  }
  return left;
}

function binaryStep(
  context: Context,
  node: ts.BinaryExpression,
  left: SymbolicValue,
  scope: Scope,
  facts: Facts,
): SymbolicValue {
  const { ts } = context;
  const right = (inside: Facts): SymbolicValue => visit(context, node.right, scope, inside);
  const kind = node.operatorToken.kind;
  switch (kind) {
    case ts.SyntaxKind.AmpersandAmpersandToken:
    case ts.SyntaxKind.BarBarToken:
      return logical(context, kind === ts.SyntaxKind.AmpersandAmpersandToken, left, right, facts, node);
    case ts.SyntaxKind.QuestionQuestionToken:
      return mapLeaves(left, facts, context.budget, (leaf, inside) => {
        const nothing = leaf.kind === "constant" && (leaf.value === undefined || leaf.value === null);
        return nothing ? right(inside) : leaf;
      });
    case ts.SyntaxKind.CommaToken:
      return right(facts);
  }
  const other = right(facts);
  if (other.kind === "invalid") return other;
  const loose = kind === ts.SyntaxKind.EqualsEqualsToken || kind === ts.SyntaxKind.ExclamationEqualsToken;
  switch (kind) {
    case ts.SyntaxKind.EqualsEqualsEqualsToken:
    case ts.SyntaxKind.EqualsEqualsToken:
      return equality(context, left, other, facts, node, { loose, negated: false });
    case ts.SyntaxKind.ExclamationEqualsEqualsToken:
    case ts.SyntaxKind.ExclamationEqualsToken:
      return equality(context, left, other, facts, node, { loose, negated: true });
    case ts.SyntaxKind.LessThanToken:
      return relation(context, "<", left, other, facts, node);
    case ts.SyntaxKind.LessThanEqualsToken:
      return relation(context, "<=", left, other, facts, node);
    case ts.SyntaxKind.GreaterThanToken:
      return relation(context, ">", left, other, facts, node);
    case ts.SyntaxKind.GreaterThanEqualsToken:
      return relation(context, ">=", left, other, facts, node);
    case ts.SyntaxKind.MinusToken:
      return arithmetic(context, "-", left, other, facts, node);
    case ts.SyntaxKind.AsteriskToken:
      return arithmetic(context, "*", left, other, facts, node);
    case ts.SyntaxKind.SlashToken:
      return arithmetic(context, "/", left, other, facts, node);
    case ts.SyntaxKind.PercentToken:
      return arithmetic(context, "%", left, other, facts, node);
    case ts.SyntaxKind.InKeyword:
    case ts.SyntaxKind.InstanceOfKeyword:
      return refuse(
        context,
        EXPRESSION_UNSUPPORTED,
        node,
        `${node.operatorToken.getText()} cannot be expressed in Zeek`,
        "use has, includes or ?.",
      );
  }
  const bits = bitOperatorsOf(ts).get(kind);
  if (bits !== undefined) return bitwise(context, bits, left, other, facts, node);
  if (kind === ts.SyntaxKind.AsteriskAsteriskToken) return power(context, left, other, facts, node);
  const help = isAssignment(context, kind)
    ? "use const and conditional expressions"
    : "docs/expressions.md lists what can be";
  return refuse(
    context,
    EXPRESSION_UNSUPPORTED,
    node,
    `the operator ${node.operatorToken.getText()} cannot be expressed in Zeek`,
    help,
  );
}

function bitOperatorsOf(ts: TypeScript): ReadonlyMap<ts.SyntaxKind, BitOperator> {
  return new Map([
    [ts.SyntaxKind.AmpersandToken, "&"],
    [ts.SyntaxKind.BarToken, "|"],
    [ts.SyntaxKind.CaretToken, "^"],
    [ts.SyntaxKind.LessThanLessThanToken, "<<"],
    [ts.SyntaxKind.GreaterThanGreaterThanToken, ">>"],
    [ts.SyntaxKind.GreaterThanGreaterThanGreaterThanToken, ">>>"],
  ]);
}

function isAssignment(context: Context, kind: ts.SyntaxKind): boolean {
  const { ts } = context;
  return kind >= ts.SyntaxKind.FirstAssignment && kind <= ts.SyntaxKind.LastAssignment;
}

/** `a + b + c`: numbers until the first text, then text; pieces of text are joined once. */
function plusChain(
  context: Context,
  first: ts.Expression,
  steps: readonly ts.BinaryExpression[],
  scope: Scope,
  facts: Facts,
): SymbolicValue {
  let sum = visit(context, first, scope, facts);
  let pieces: SymbolicValue[] | undefined = isText(sum) ? [sum] : undefined;
  let node: ts.Node = first;
  for (const step of steps) {
    const right = visit(context, step.right, scope, facts);
    if (sum.kind === "invalid" || right.kind === "invalid") return INVALID;
    node = step;
    if (sum.kind === "scalar" && isTooLarge(sum.expression)) return tooLarge(context);
    if (pieces !== undefined) pieces.push(toText(context, right, facts, step.right));
    else if (isText(right)) pieces = [toText(context, sum, facts, step.left), right];
    else if (mayBeText(sum) || mayBeText(right)) {
      return refuse(
        context,
        EXPRESSION_UNSUPPORTED,
        step,
        "this is a sum in one case and a text in another",
        "write a template, or make both cases one type",
      );
    } else sum = arithmetic(context, "+", sum, right, facts, step);
  }
  return pieces === undefined ? sum : pieces.length === 1 ? sum : join(context, pieces, facts, node);
}

function isTextLeaf(leaf: Leaf): boolean {
  if (leaf.kind === "constant" && leaf.value !== null && typeof leaf.value === "object") return true;
  if (leaf.kind === "tuple") return true;
  const kind = typeOfLeaf(leaf)?.kind;
  return kind === "string" || kind === "enum" || kind === "addr" || kind === "port" || kind === "subnet";
}

function isText(symbolic: SymbolicValue): boolean {
  return leavesOf(symbolic).every(isTextLeaf);
}

function mayBeText(symbolic: SymbolicValue): boolean {
  return leavesOf(symbolic).some(isTextLeaf);
}

function logical(
  context: Context,
  and: boolean,
  left: SymbolicValue,
  right: (facts: Facts) => SymbolicValue,
  facts: Facts,
  node: ts.Node,
): SymbolicValue {
  const settled = tidy(context, left, node);
  const made = mapLeaves(settled, facts, context.budget, (leaf, inside) => {
    const condition = truth(context, leaf, node);
    if (condition === undefined) return INVALID;
    const kept = leaf.kind === "scalar" && leaf.expression.type.kind === "bool" ? constant(!and) : leaf;
    const span = spanOf(node);
    return and
      ? choose(inside, condition, right, () => kept, span)
      : choose(inside, condition, () => kept, right, span);
  });
  return tidy(context, made, node);
}

function prefix(context: Context, node: ts.PrefixUnaryExpression, scope: Scope, facts: Facts): SymbolicValue {
  const { ts } = context;
  const operand = visit(context, node.operand, scope, facts);
  if (operand.kind === "invalid") return operand;
  switch (node.operator) {
    case ts.SyntaxKind.ExclamationToken: {
      const condition = toCondition(context, operand, facts, node.operand);
      return condition === undefined ? INVALID : scalar(not(condition));
    }
    case ts.SyntaxKind.MinusToken:
      return sign(context, "-", operand, facts, node);
    case ts.SyntaxKind.PlusToken:
      return sign(context, "+", operand, facts, node);
    case ts.SyntaxKind.TildeToken:
      return complement(context, operand, facts, node);
    default:
      return refuse(
        context,
        EXPRESSION_UNSUPPORTED,
        node,
        `the operator ${ts.tokenToString(node.operator) ?? ""} cannot be expressed in Zeek`,
        "use const and ordinary arithmetic",
      );
  }
}

function conditionalOf(
  context: Context,
  node: ts.ConditionalExpression,
  scope: Scope,
  facts: Facts,
): SymbolicValue {
  const condition = toCondition(context, visit(context, node.condition, scope, facts), facts, node.condition);
  if (condition === undefined) return INVALID;
  const made = choose(
    facts,
    condition,
    (inside) => visit(context, node.whenTrue, scope, inside),
    (inside) => visit(context, node.whenFalse, scope, inside),
    spanOf(node),
  );
  return tidy(context, made, node);
}

function template(context: Context, node: ts.TemplateExpression, scope: Scope, facts: Facts): SymbolicValue {
  const parts: SymbolicValue[] = [constant(node.head.text)];
  for (const span of node.templateSpans) {
    const hole = visit(context, span.expression, scope, facts);
    if (hole.kind === "invalid") return hole;
    parts.push(toText(context, hole, facts, span.expression), constant(span.literal.text));
  }
  return join(context, parts, facts, node);
}

function arrayLiteral(
  context: Context,
  node: ts.ArrayLiteralExpression,
  scope: Scope,
  facts: Facts,
): SymbolicValue {
  const { ts } = context;
  const elements: SymbolicValue[] = [];
  for (const part of node.elements) {
    if (ts.isSpreadElement(part)) {
      const spread = visit(context, part.expression, scope, facts);
      const list = listOf(spread);
      if (list === undefined) return spread.kind === "invalid" ? spread : unsupported(context, part);
      elements.push(...list);
    } else elements.push(ts.isOmittedExpression(part) ? ABSENT : visit(context, part, scope, facts));
  }
  return makeArray(elements);
}

function objectOf(
  context: Context,
  node: ts.ObjectLiteralExpression,
  scope: Scope,
  facts: Facts,
): SymbolicValue {
  const { ts } = context;
  const members = new Map<string, SymbolicValue>();
  for (const property of node.properties) {
    if (ts.isShorthandPropertyAssignment(property)) {
      members.set(property.name.text, resolve(context, property.name, scope));
    } else if (ts.isPropertyAssignment(property)) {
      const name = propertyName(context, property.name, scope, facts);
      if (name === undefined) return INVALID;
      if (name === "__proto__") return unsupported(context, property.initializer);
      members.set(name, visit(context, property.initializer, scope, facts));
    } else if (ts.isMethodDeclaration(property) && !ts.isComputedPropertyName(property.name)) {
      members.set(property.name.text, { kind: "closure", node: property, scope });
    } else if (ts.isSpreadAssignment(property)) {
      const spread = visit(context, property.expression, scope, facts);
      const found = membersOf(spread);
      if (found === undefined)
        return spread.kind === "invalid"
          ? spread
          : refuse(
              context,
              EXPRESSION_UNSUPPORTED,
              property,
              "only objects of the bundle can be spread (...) in Zeek",
              "write each property",
            );
      for (const [name, value] of found) members.set(name, value);
    } else {
      return refuse(
        context,
        EXPRESSION_UNSUPPORTED,
        property,
        "this part of an object cannot be expressed in Zeek",
        "write name: value",
      );
    }
  }
  return { kind: "object", members };
}

/** The name of a property; undefined after a diagnostic. */
function propertyName(
  context: Context,
  node: ts.PropertyName,
  scope: Scope,
  facts: Facts,
): string | undefined {
  const { ts } = context;
  if (!ts.isComputedPropertyName(node))
    return ts.isNumericLiteral(node) ? String(Number(node.text)) : node.text;
  const symbolic = visit(context, node.expression, scope, facts);
  if (
    symbolic.kind === "constant" &&
    (typeof symbolic.value === "string" || typeof symbolic.value === "number")
  )
    return String(symbolic.value);
  if (symbolic.kind !== "invalid")
    refuse(context, EXPRESSION_UNSUPPORTED, node, "a computed name must be a constant in Zeek");
  return undefined;
}

function regularExpression(context: Context, node: ts.RegularExpressionLiteral): SymbolicValue {
  const end = node.text.lastIndexOf("/");
  try {
    return constant(new RegExp(node.text.slice(1, end), node.text.slice(end + 1)));
  } catch {
    return refuse(context, EXPRESSION_UNSUPPORTED, node, "this is no valid regular expression");
  }
}

function typeOf(
  context: Context,
  node: ts.TypeOfExpression,
  symbolic: SymbolicValue,
  facts: Facts,
): SymbolicValue {
  return mapLeaves(symbolic, facts, context.budget, (leaf) => {
    if (leaf.kind === "constant" && (leaf.value === null || typeof leaf.value !== "object"))
      return constant(typeof leaf.value);
    const kind = typeOfLeaf(leaf)?.kind;
    if (kind === "string" || kind === "enum") return constant("string");
    if (kind === "count" || kind === "int" || kind === "double") return constant("number");
    if (kind === "bool") return constant("boolean");
    if (leaf.kind === "record" || leaf.kind === "tuple" || leaf.kind === "object") return constant("object");
    return refuse(
      context,
      EXPRESSION_UNSUPPORTED,
      node,
      "typeof of one of Zeek's own values has no answer",
      "test for undefined instead",
    );
  });
}

/** `new Set([...])` of constants. */
function construct(context: Context, node: ts.NewExpression, scope: Scope, facts: Facts): SymbolicValue {
  const { ts } = context;
  const known = ts.isIdentifier(node.expression) && ["Set", "Map"].includes(node.expression.text);
  const [argument] = node.arguments ?? [];
  if (!known || argument === undefined) return unsupported(context, node);
  const symbolic = visit(context, argument, scope, facts);
  if (symbolic.kind === "constant" && Array.isArray(symbolic.value)) {
    const isMap = node.expression.getText() === "Map";
    if (!isMap) return constant(new Set(symbolic.value));
    if (symbolic.value.every((entry) => Array.isArray(entry))) {
      return constant(
        new Map(symbolic.value.map((entry) => [propertyOf(entry, "0"), propertyOf(entry, "1")])),
      );
    }
  }
  if (symbolic.kind === "invalid") return symbolic;
  return refuse(
    context,
    EXPRESSION_UNSUPPORTED,
    node,
    "a Set or Map that is made here needs constant elements",
    "use [a, b].includes(x), or make it outside of the function",
  );
}
