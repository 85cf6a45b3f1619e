import type { ts } from "ts-morph";
import { nearNames } from "../../diagnostics/near-names.js";
import { nodesAt, textOf, unwrapped, valueAt } from "./nodes-at.js";
import { subjectOf } from "./subject.js";
import { typescript } from "./typescript.js";

/** A value that does not fit, a property that is not there, a comparison that is never true. */
const codes = {
  value: new Set([2322, 2345, 2820]),
  property: new Set([2353, 2561]),
  comparison: new Set([2367, 2678]),
};
const mostListed = 24;

/**
 * Which words a closed set has, where TypeScript does not say which one was meant: it suggests one only within a
 * single type, and loses the thread in a union of objects. null: there is nothing to say.
 */
export function meantWord(found: ts.Diagnostic, file: ts.SourceFile, checker: ts.TypeChecker): string | null {
  const start = found.start ?? 0;
  if (codes.property.has(found.code)) return meantProperty(file, start, checker);
  if (codes.comparison.has(found.code)) return meantInComparison(file, start, checker);
  if (!codes.value.has(found.code)) return null;
  const value = valueAt(file, start);
  return value === null || !isLiteral(value)
    ? null
    : (oneOf(value, checker.getContextualType(value)) ?? fromMessage(value, found));
}

/** Where the type comes from elsewhere in the same call (names of detections), only the message has it. */
function fromMessage(value: ts.StringLiteralLike | ts.NumericLiteral, found: ts.Diagnostic): string | null {
  const text = typescript().flattenDiagnosticMessageText(found.messageText, "\n");
  const type = / is not assignable to (?:parameter of )?type '(.*)'\.$/.exec(text)?.[1] ?? "";
  const words = [...type.matchAll(/"([^"]*)"/g)].map(([, word = ""]) => word);
  return suggestion(value.text, words, (word) => JSON.stringify(word));
}

/** A word that none of a closed set's is, and what was meant. */
export interface WrongWord {
  readonly node: ts.StringLiteralLike;
  readonly property: ts.PropertyAssignment;
  readonly help: string;
}

/**
 * The word in an object literal that fits none of a union's types: `{ kind: "nftable", … }`. TypeScript may
 * complain of the object as a whole.
 */
export function wrongWord(
  found: ts.Diagnostic,
  file: ts.SourceFile,
  checker: ts.TypeChecker,
): WrongWord | null {
  if (!codes.value.has(found.code)) return null;
  const value = valueAt(file, found.start ?? 0);
  return value === null ? null : wrongIn(value, checker);
}

function wrongIn(value: ts.Node, checker: ts.TypeChecker): WrongWord | null {
  const ts = typescript();
  if (!ts.isObjectLiteralExpression(value)) return null;
  for (const property of value.properties) {
    if (!ts.isPropertyAssignment(property)) continue;
    const node = unwrapped(property.initializer);
    const inner = wrongIn(node, checker);
    if (inner !== null) return inner;
    if (!ts.isStringLiteralLike(node)) continue;
    const type = checker.getContextualType(node);
    const all = (type === undefined ? [] : type.isUnion() ? type.types : [type]).filter(
      ({ flags }) => (flags & ts.TypeFlags.Undefined) === 0,
    );
    const words = all.flatMap((one) => (one.isStringLiteral() ? [one.value] : []));
    if (words.length === 0 || words.length < all.length || words.includes(node.text)) continue;
    const help = suggestion(node.text, words, (word) => JSON.stringify(word));
    if (help !== null) return { node, property, help };
  }
  return null;
}

function isLiteral(node: ts.Node): node is ts.StringLiteralLike | ts.NumericLiteral {
  const ts = typescript();
  return ts.isStringLiteralLike(node) || ts.isNumericLiteral(node);
}

function oneOf(value: ts.StringLiteralLike | ts.NumericLiteral, type: ts.Type | undefined): string | null {
  const all = type === undefined ? [] : type.isUnion() ? type.types : [type];
  if (typescript().isNumericLiteral(value)) {
    const numbers = all.flatMap((one) => (one.isNumberLiteral() ? [one.value] : [])).sort((a, b) => a - b);
    const [least] = numbers;
    const most = numbers.at(-1);
    if (least === undefined || most === undefined) return null;
    return most - least === numbers.length - 1 && numbers.length > 2
      ? `it is a whole number from ${least} to ${most}`
      : `it is one of ${numbers.join(", ")}`;
  }
  const words = all.flatMap((one) => (one.isStringLiteral() ? [one.value] : []));
  return suggestion(value.text, words, (word) => JSON.stringify(word));
}

/** `detection "One" has no property "treshold"`: TypeScript prints the whole type instead. */
export function unknownProperty(found: ts.Diagnostic, file: ts.SourceFile): string | null {
  if (!codes.property.has(found.code)) return null;
  const nodes = nodesAt(file, found.start ?? 0);
  const object = nodes.findLast(typescript().isObjectLiteralExpression);
  const name = textOf(nodes.at(-1));
  return object === undefined || name === null
    ? null
    : `${subjectOf(object)} cannot have a property "${name}"`;
}

function meantProperty(file: ts.SourceFile, start: number, checker: ts.TypeChecker): string | null {
  const ts = typescript();
  const nodes = nodesAt(file, start);
  const object = nodes.findLast(ts.isObjectLiteralExpression);
  const wanted = textOf(nodes.at(-1));
  const type = object === undefined ? undefined : checker.getContextualType(object);
  if (object === undefined || wanted === null || type === undefined) return null;
  const members = type.isUnion() ? type.types : [type];
  const objects = members.filter(
    ({ flags }) => (flags & (ts.TypeFlags.Object | ts.TypeFlags.Intersection)) !== 0,
  );
  const names = objects.flatMap((one) => checker.getPropertiesOfType(one).map(({ name }) => name));
  const there = new Set(object.properties.map(({ name }) => textOf(name)));
  return suggestion(
    wanted,
    names.filter((name) => !there.has(name)),
    (word) => word,
  );
}

function meantInComparison(file: ts.SourceFile, start: number, checker: ts.TypeChecker): string | null {
  const ts = typescript();
  const nodes = nodesAt(file, start);
  const comparison = nodes.findLast(
    (node): node is ts.BinaryExpression => ts.isBinaryExpression(node) && node.getStart(file) === start,
  );
  if (comparison !== undefined) {
    const { left, right } = comparison;
    if (isLiteral(right)) return oneOf(right, checker.getTypeAtLocation(left));
    return isLiteral(left) ? oneOf(left, checker.getTypeAtLocation(right)) : null;
  }
  const clause = nodes.findLast(ts.isCaseClause);
  return clause !== undefined && isLiteral(clause.expression)
    ? oneOf(clause.expression, checker.getTypeAtLocation(clause.parent.parent.expression))
    : null;
}

function suggestion(
  wanted: string,
  words: readonly string[],
  shown: (word: string) => string,
): string | null {
  const all = [...new Set(words)];
  const near = nearNames(wanted, all).map(shown);
  if (near.length > 0) return `did you mean ${near.join(" or ")}?`;
  return all.length === 0 || all.length > mostListed ? null : `it is one of ${all.map(shown).join(", ")}`;
}
