import type { Expression, ZeekValue } from "../../model/expression.js";

/** One Expression, evaluated at most once a row however many detections use it. */
export type Shared<Row> = (row: Row) => ZeekValue;

/** Gives the same evaluator for the same Expression; `generation` changes with every row. */
export function createSharing<Row>(
  compile: (expression: Expression) => (row: Row) => ZeekValue,
  generation: () => number,
): (expression: Expression) => Shared<Row> {
  const known = new Map<string, Shared<Row>>();
  return (expression) => {
    const text = JSON.stringify(expression, (name, value: unknown) => (name === "span" ? undefined : value));
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
}

/** The parts of a chain of `&&`: detections often share some of them and differ in others. */
export function conjuncts(expression: Expression): readonly Expression[] {
  return expression.kind === "binary" && expression.operator === "&&"
    ? [...conjuncts(expression.left), ...conjuncts(expression.right)]
    : [expression];
}
