import type { ts } from "ts-morph";
import { typescript } from "./typescript.js";

/** The name that the language gives an anonymous function from where it stands. */
export function inferredName(node: ts.ArrowFunction | ts.FunctionExpression): string | undefined {
  const ts = typescript();
  if (node.name !== undefined) return undefined;
  const { parent } = node;
  if (ts.isVariableDeclaration(parent) && ts.isIdentifier(parent.name)) return parent.name.text;
  if (ts.isPropertyAssignment(parent) || ts.isPropertyDeclaration(parent)) return staticName(parent.name);
  return undefined;
}

/** The name of a property, where it is written down. */
export function staticName(name: ts.PropertyName): string | undefined {
  const ts = typescript();
  return ts.isIdentifier(name) || ts.isStringLiteralLike(name) || ts.isNumericLiteral(name)
    ? name.text
    : undefined;
}
