import type { Expression, ZeekValue } from "../model/expression.js";
import type { ZeekDetectionModel } from "../model/model.js";
import { isFlipped } from "../zeek/connections/removal.js";
import type { Valued } from "./binding.js";
import { compileEvaluator, type Globals, type Reader } from "./expressions/evaluate.js";
import { conditionsOf, type FieldValue, fieldsOf, shownValue } from "./funnel.js";

/** One condition on one row. */
export interface ExplainedCondition {
  /** A part of `where` between `&&`; null: connections whose ends Zeek has swapped are left out. */
  readonly condition: Expression | null;
  /** null: not met, and a field that it reads is not set. */
  readonly isMet: boolean | null;
  readonly values: readonly FieldValue[];
}

/** What a detection makes of one row. */
export interface RowExplanation {
  readonly detection: ZeekDetectionModel;
  readonly conditions: readonly ExplainedCondition[];
  /** All conditions are met: the row counts. */
  readonly counts: boolean;
  /** Parts of `per`, as a person would write them; null: not set. */
  readonly key: readonly FieldValue[];
  /** What is counted, where that is not the event itself. */
  readonly counted: readonly FieldValue[];
}

/** Says of each condition of a detection what a row makes of it, also of those behind one that is not met. */
export function explainRow<Row extends Valued>(
  detection: ZeekDetectionModel,
  read: Reader<Row>,
  globals: Globals<Row>,
  row: Row,
): RowExplanation {
  const valuesOf = (part: Expression | null): readonly FieldValue[] =>
    fieldsOf(part).map(({ field, path, node }) => ({
      field,
      path,
      value: shownValue(read(node.parameter, node.path, node.type), node.type)(row),
    }));
  const conditions = conditionsOf(detection.where).map((condition): ExplainedCondition => {
    const isMet = compileEvaluator(condition, read, globals)(row) === true;
    const values = valuesOf(condition);
    const isUnset = !isMet && values.some(({ value }) => value === null);
    return { condition, isMet: isUnset ? null : isMet, values };
  });
  if (detection.ignoreFlipped) {
    const history = String(read("c", ["history"], { kind: "string" })(row) ?? "");
    const values = history === "" ? [] : [{ field: "history", path: ["history"], value: history }];
    conditions.push({ condition: null, isMet: !isFlipped(history), values });
  }
  const { count } = detection;
  const counted = count.kind === "distinct" ? count.of : count.kind === "sum" ? [count.of] : [];
  const shown = ({ expression, type }: (typeof detection.key)[number]): FieldValue => {
    const value: ZeekValue = compileEvaluator(expression, read, globals)(row);
    const field = fieldsOf(expression)[0]?.field ?? "";
    return { field, path: [], value: shownValue(() => value, type)(row) };
  };
  return {
    detection,
    conditions,
    counts: conditions.every(({ isMet }) => isMet === true),
    key: detection.key.map(shown),
    counted: counted.map(shown),
  };
}
