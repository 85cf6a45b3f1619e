import type { ts } from "ts-morph";
import { typescript } from "./typescript.js";

/** The nodes around a position, the file first and the innermost last. */
export function nodesAt(file: ts.SourceFile, position: number): readonly ts.Node[] {
  const ts = typescript();
  const nodes: ts.Node[] = [];
  let node: ts.Node | undefined = file;
  while (node !== undefined) {
    nodes.push(node);
    node = ts.forEachChild(node, (child) =>
      child.getStart(file) <= position && position < child.end ? child : undefined,
    );
  }
  return nodes;
}

/** What a complaint at a position is about: the innermost node there, or the value of the property or variable named there. */
export function valueAt(file: ts.SourceFile, position: number): ts.Node | null {
  const ts = typescript();
  const innermost = nodesAt(file, position).at(-1);
  if (innermost === undefined) return null;
  const { parent } = innermost;
  const named =
    parent !== undefined &&
    (ts.isPropertyAssignment(parent) || ts.isVariableDeclaration(parent)) &&
    parent.name === innermost
      ? parent.initializer
      : innermost;
  return named === undefined ? null : unwrapped(named);
}

/** Without the parentheses, `as const` and `satisfies` around it. */
export function unwrapped(node: ts.Node): ts.Node {
  const ts = typescript();
  return ts.isParenthesizedExpression(node) || ts.isAsExpression(node) || ts.isSatisfiesExpression(node)
    ? unwrapped(node.expression)
    : node;
}

/** The property of an object literal that is written as `name: value`. */
export function propertyOf(
  object: ts.ObjectLiteralExpression,
  name: string,
): ts.PropertyAssignment | undefined {
  const ts = typescript();
  return object.properties.find(
    (one): one is ts.PropertyAssignment => ts.isPropertyAssignment(one) && textOf(one.name) === name,
  );
}

/** The text of a name or of a string literal. */
export function textOf(node: ts.Node | undefined): string | null {
  const ts = typescript();
  return node !== undefined && (ts.isStringLiteralLike(node) || ts.isIdentifier(node)) ? node.text : null;
}
