import type { ts } from "ts-morph";
import { typescript } from "./typescript.js";

/** True for an object or array literal that is assigned to: `[a, b] = pair`, `for ({ x } of list)`. */
export function isAssignmentTarget(literal: ts.Expression): boolean {
  const ts = typescript();
  let node: ts.Node = literal;
  for (;;) {
    const parent: ts.Node = node.parent;
    if (ts.isBinaryExpression(parent)) {
      if (parent.operatorToken.kind !== ts.SyntaxKind.EqualsToken || parent.left !== node) return false;
      return true;
    }
    if (ts.isForOfStatement(parent) || ts.isForInStatement(parent)) return parent.initializer === node;
    if (ts.isShorthandPropertyAssignment(parent)) return false;
    if (ts.isPropertyAssignment(parent) && parent.initializer !== node) return false;
    const partOfPattern =
      ts.isPropertyAssignment(parent) ||
      ts.isSpreadAssignment(parent) ||
      ts.isSpreadElement(parent) ||
      ts.isObjectLiteralExpression(parent) ||
      ts.isArrayLiteralExpression(parent) ||
      ts.isParenthesizedExpression(parent);
    if (!partOfPattern) return false;
    node = parent;
  }
}
