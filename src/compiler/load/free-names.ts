import type { ts } from "ts-morph";
import type { FunctionNode } from "./types.js";
import { type TypeScript, typescript } from "./typescript.js";

/** One identifier for each free name of a function. */
export type FreeNames = ReadonlyMap<string, ts.Identifier>;

/**
 * The free names of every function of a file: what it refers to that is declared outside of it in a file of
 * the user (an import counts as declared where it is imported). Globals and types are left out.
 */
export function freeNames(file: ts.SourceFile, checker: ts.TypeChecker): ReadonlyMap<ts.Node, FreeNames> {
  const ts = typescript();
  const found = new Map<ts.Node, Map<string, ts.Identifier>>();
  const enclosing: FunctionNode[] = [];

  const visit = (node: ts.Node): void => {
    if (isOnlyType(ts, node)) return;
    if (ts.isIdentifier(node)) refer(node);
    const isFunction = isFunctionNode(ts, node);
    if (isFunction) {
      found.set(node, new Map());
      enclosing.push(node);
    }
    ts.forEachChild(node, visit);
    if (isFunction) enclosing.pop();
  };

  const refer = (identifier: ts.Identifier): void => {
    if (enclosing.length === 0 || isPropertyName(ts, identifier) || identifier.text === "arguments") return;
    const symbol = ts.isShorthandPropertyAssignment(identifier.parent)
      ? checker.getShorthandAssignmentValueSymbol(identifier.parent)
      : checker.getSymbolAtLocation(identifier);
    const declaration = symbol?.declarations?.find((one) => one.getSourceFile() === file);
    if (declaration === undefined) return;
    for (let depth = enclosing.length - 1; depth >= 0; depth--) {
      const fn = enclosing[depth];
      if (fn === undefined || declaredInside(ts, declaration, fn)) return;
      const names = found.get(fn);
      if (names?.has(identifier.text)) return;
      names?.set(identifier.text, identifier);
    }
  };

  ts.forEachChild(file, visit);
  return found;
}

export function isFunctionNode(ts: TypeScript, node: ts.Node): node is FunctionNode {
  return (
    ts.isArrowFunction(node) ||
    ts.isFunctionExpression(node) ||
    (ts.isFunctionDeclaration(node) && node.body !== undefined) ||
    (ts.isMethodDeclaration(node) && ts.isObjectLiteralExpression(node.parent))
  );
}

/** Nodes without any code that runs. */
export function isOnlyType(ts: TypeScript, node: ts.Node): boolean {
  if (ts.isExpressionWithTypeArguments(node)) {
    return ts.isHeritageClause(node.parent) && node.parent.token === ts.SyntaxKind.ImplementsKeyword;
  }
  return ts.isTypeNode(node) || ts.isInterfaceDeclaration(node) || ts.isTypeAliasDeclaration(node);
}

function declaredInside(ts: TypeScript, declaration: ts.Node, fn: ts.Node): boolean {
  // A function declaration's own name is visible beside it; a function expression's is not.
  if (declaration === fn) return !ts.isFunctionDeclaration(fn);
  return declaration.pos >= fn.pos && declaration.end <= fn.end;
}

/** True for identifiers that name a property or a label, and so refer to no variable. */
function isPropertyName(ts: TypeScript, identifier: ts.Identifier): boolean {
  const parent = identifier.parent;
  if (ts.isBindingElement(parent)) return parent.propertyName === identifier;
  if (
    ts.isPropertyAccessExpression(parent) ||
    ts.isPropertyAssignment(parent) ||
    ts.isMethodDeclaration(parent) ||
    ts.isPropertyDeclaration(parent) ||
    ts.isGetAccessorDeclaration(parent) ||
    ts.isSetAccessorDeclaration(parent) ||
    ts.isEnumMember(parent)
  ) {
    return parent.name === identifier;
  }
  return ts.isLabeledStatement(parent) || ts.isBreakStatement(parent) || ts.isContinueStatement(parent);
}
