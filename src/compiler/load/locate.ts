import type { ts } from "ts-morph";
import type { Span } from "../../diagnostics/diagnostic.js";
import { spanOfNode } from "./span.js";
import { typescript } from "./typescript.js";

type Key = string | number;

/** How far a value is followed through constants and spreads. */
const deepest = 16;

/**
 * Finds where a value, or what lies at a path below it, is written. Each step asks the literal that made the
 * value at hand first (it may have come from anywhere), then the expression that stands in its place.
 */
export class ValueLocator {
  readonly #ts = typescript();
  readonly #checker: ts.TypeChecker;
  readonly #makerOf: (value: object) => ts.Node | undefined;
  readonly #fallback: Span;

  constructor(checker: ts.TypeChecker, makerOf: (value: object) => ts.Node | undefined, fallback: Span) {
    this.#checker = checker;
    this.#makerOf = makerOf;
    this.#fallback = fallback;
  }

  locate(value: object, ...path: readonly Key[]): Span {
    let current: unknown = value;
    let written = this.#makerOf(value);
    for (const key of path) {
      const made = isObject(current) ? this.#makerOf(current) : undefined;
      const child = this.#childOf(made, key, current, 0) ?? this.#childOf(written, key, current, 0);
      const below = propertyOf(current, key);
      if (child !== undefined) written = child;
      else {
        written = made ?? written;
        const other = isObject(below) ? this.#makerOf(below) : undefined;
        if (other === undefined) break;
        written = other;
      }
      current = below;
    }
    return written === undefined ? this.#fallback : spanOfNode(written);
  }

  #childOf(node: ts.Node | undefined, key: Key, value: unknown, depth: number): ts.Node | undefined {
    const ts = this.#ts;
    if (node === undefined || depth > deepest) return undefined;
    if (ts.isObjectLiteralExpression(node)) return this.#propertyIn(node, key, value, depth);
    if (ts.isArrayLiteralExpression(node)) return this.#elementIn(node, key, value);
    if (ts.isCallExpression(node)) {
      // `pf({ table: … })`: what a function made of an object is best found in that object.
      for (const argument of node.arguments) {
        const found = ts.isObjectLiteralExpression(argument)
          ? this.#propertyIn(argument, key, undefined, depth + 1)
          : undefined;
        if (found !== undefined) return found;
      }
      return undefined;
    }
    if (ts.isIdentifier(node)) return this.#childOf(this.#initializerOf(node), key, value, depth + 1);
    if (
      ts.isAsExpression(node) ||
      ts.isSatisfiesExpression(node) ||
      ts.isParenthesizedExpression(node) ||
      ts.isNonNullExpression(node) ||
      ts.isTypeAssertionExpression(node)
    )
      return this.#childOf(node.expression, key, value, depth + 1);
    return undefined;
  }

  #propertyIn(
    literal: ts.ObjectLiteralExpression,
    key: Key,
    value: unknown,
    depth: number,
  ): ts.Node | undefined {
    const ts = this.#ts;
    let spread: ts.Node | undefined;
    for (const property of literal.properties.toReversed()) {
      if (ts.isSpreadAssignment(property)) {
        const inside = this.#childOf(property.expression, key, undefined, depth + 1);
        if (inside !== undefined) return inside;
        spread ??= property.expression;
      } else if (this.#staticName(property.name) === String(key)) {
        return ts.isPropertyAssignment(property) ? property.initializer : property.name;
      }
    }
    return isObject(value) && Object.hasOwn(value, key) ? spread : undefined;
  }

  #elementIn(literal: ts.ArrayLiteralExpression, key: Key, value: unknown): ts.Node | undefined {
    const ts = this.#ts;
    const index = Number(key);
    const { elements } = literal;
    const first = elements.findIndex((element) => ts.isSpreadElement(element));
    if (first < 0 || index < first) return elements[index];
    if (!Array.isArray(value)) return undefined;
    const last = elements.findLastIndex((element) => ts.isSpreadElement(element));
    const fromEnd = value.length - index;
    if (fromEnd < elements.length - last) return elements[elements.length - fromEnd];
    return first === last ? elements[first] : undefined;
  }

  #staticName(name: ts.PropertyName): string | undefined {
    const ts = this.#ts;
    const written = ts.isComputedPropertyName(name) ? name.expression : name;
    const isStatic = ts.isStringLiteralLike(written) || ts.isNumericLiteral(written);
    return isStatic || ts.isIdentifier(name)
      ? (isStatic ? written : name).getText().replace(/^["'`]|["'`]$/g, "")
      : undefined;
  }

  #initializerOf(identifier: ts.Identifier): ts.Node | undefined {
    const ts = this.#ts;
    let symbol = this.#checker.getSymbolAtLocation(identifier);
    if (symbol !== undefined && (symbol.flags & ts.SymbolFlags.Alias) !== 0)
      symbol = this.#checker.getAliasedSymbol(symbol);
    const declaration = symbol?.valueDeclaration;
    return declaration !== undefined && ts.isVariableDeclaration(declaration)
      ? declaration.initializer
      : undefined;
  }
}

/** The place of the whole bundle: its `defineBundle` call, else the exported expression, else the file. */
export function defaultExportOf(file: ts.SourceFile, checker: ts.TypeChecker): ts.Node | null {
  const ts = typescript();
  const found = file.statements.find((statement) => ts.isExportAssignment(statement));
  if (found === undefined || !ts.isExportAssignment(found)) return null;
  const { expression } = found;
  if (!ts.isIdentifier(expression)) return expression;
  const declaration = checker.getSymbolAtLocation(expression)?.valueDeclaration;
  const initializer =
    declaration !== undefined && ts.isVariableDeclaration(declaration) ? declaration.initializer : undefined;
  return initializer ?? expression;
}

function isObject(value: unknown): value is object {
  return (typeof value === "object" && value !== null) || typeof value === "function";
}

/** A data property's value; accessors are not called. */
function propertyOf(value: unknown, key: Key): unknown {
  return isObject(value) ? Object.getOwnPropertyDescriptor(value, key)?.value : undefined;
}
