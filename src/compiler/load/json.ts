import type { ts } from "ts-morph";
import { typescript } from "./typescript.js";

/** The value of a JSON file, every object and array of it reported with the node it comes from. */
export function jsonValue(file: ts.SourceFile, made: (value: object, node: ts.Node) => void): unknown {
  const ts = typescript();
  const read = (node: ts.Node): unknown => {
    if (ts.isObjectLiteralExpression(node)) {
      const object: Record<string, unknown> = {};
      for (const property of node.properties) {
        if (!ts.isPropertyAssignment(property)) continue;
        const key = ts.isStringLiteralLike(property.name) ? property.name.text : property.name.getText(file);
        const value = read(property.initializer);
        // Not by assignment, which would set the prototype for "__proto__".
        Object.defineProperty(object, key, { value, enumerable: true, configurable: true, writable: true });
      }
      made(object, node);
      return object;
    }
    if (ts.isArrayLiteralExpression(node)) {
      const array = node.elements.map(read);
      made(array, node);
      return array;
    }
    if (ts.isStringLiteralLike(node)) return node.text;
    if (ts.isNumericLiteral(node)) return Number(node.text);
    if (ts.isPrefixUnaryExpression(node)) return -Number(read(node.operand));
    if (node.kind === ts.SyntaxKind.TrueKeyword) return true;
    if (node.kind === ts.SyntaxKind.FalseKeyword) return false;
    return null;
  };
  const [statement] = file.statements;
  return statement !== undefined && ts.isExpressionStatement(statement) ? read(statement.expression) : {};
}
