import type { Expression, ZeekValue } from "../model/expression.js";
import { createKeys, type Keys } from "./keys.js";

/** One Expression, evaluated at most once a row however many detections use it. */
export type Shared<Row> = (row: Row) => ZeekValue;

/** What the detections on one event share. */
export interface Sharing<Row> {
  /** The same evaluator for the same Expression. */
  readonly value: (expression: Expression) => Shared<Row>;
  /** The same keys for the same Expressions. */
  readonly keys: (expressions: readonly Expression[]) => Keys<Row>;
}

const identityOf = (expression: unknown): string =>
  JSON.stringify(expression, (name, value: unknown) => (name === "span" ? undefined : value));

/** @param generation changes with every row */
export function createSharing<Row>(
  compile: (expression: Expression) => (row: Row) => ZeekValue,
  generation: () => number,
): Sharing<Row> {
  const known = new Map<string, Shared<Row>>();
  const knownKeys = new Map<string, Keys<Row>>();
  const value = (expression: Expression): Shared<Row> => {
    const text = identityOf(expression);
    const found = known.get(text);
    if (found !== undefined) return found;
    const evaluate = compile(expression);
    let at = Number.NaN;
    let last: ZeekValue = false;
    const shared: Shared<Row> = (row) => {
      const now = generation();
      if (at !== now) {
        at = now;
        last = evaluate(row);
      }
      return last;
    };
    known.set(text, shared);
    return shared;
  };
  return {
    value,
    keys(expressions) {
      const text = identityOf(expressions);
      const keys = knownKeys.get(text) ?? createKeys(expressions.map(value), generation);
      knownKeys.set(text, keys);
      return keys;
    },
  };
}

/** The parts of a chain of `&&`: detections often share some of them and differ in others. */
export function conjuncts(expression: Expression): readonly Expression[] {
  return expression.kind === "binary" && expression.operator === "&&"
    ? [...conjuncts(expression.left), ...conjuncts(expression.right)]
    : [expression];
}
