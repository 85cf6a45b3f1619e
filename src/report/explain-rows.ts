import type { ExplainedCondition } from "../detections/row-explanation.js";
import { jsonOf } from "../diagnostics/schema-version.js";
import { showDuration } from "../model/duration.js";
import { expressionText } from "../model/expression-text.js";
import type { Model } from "../model/model.js";
import { shownTime } from "../model/shown-time.js";
import type { ExplainedRow } from "../replay/explain-rows.js";
import { localNet } from "../replay/why-rows.js";
import { type Paint, printable } from "./diagnostics-text.js";

const decoded = (bytes: string): string => Buffer.from(bytes, "latin1").toString("utf8");
const clean = (bytes: string): string => printable(decoded(bytes));

/** A row with each condition of a detection and its value. */
export function explainedRowText(row: ExplainedRow, model: Model, paint: Paint): string {
  const { file, lineNumber, time, explanation } = row;
  const { detection, conditions, counts, key, counted } = explanation;
  const siteNets = model.zeek?.localNets ?? [];
  const lines = conditions
    .filter((one) => !isImplied(one, conditions))
    .map(({ condition, isMet, values }) => {
      const word =
        isMet === null ? paint.warning("unset") : isMet ? paint.info("yes  ") : paint.error("no   ");
      const text = condition === null ? "not turned (no ^ in history)" : expressionText(condition);
      const looksAtNets = condition !== null && text.includes("Site.local_nets");
      const shown = values.map(({ field, value }) => {
        const net = value === null || !looksAtNets ? null : localNet(value, siteNets);
        const where = !looksAtNets ? "" : net === null ? " (not in Site::local_nets)" : ` (in ${net})`;
        return value === null ? `${field} is not set` : `${field} = ${value}${where}`;
      });
      return `  ${word}  ${clean(text)}${shown.length === 0 ? "" : paint.dim(`   ${clean(shown.join(", "))}`)}\n`;
    });
  const valueText = (parts: typeof key): string => parts.map(({ value }) => value ?? "not set").join(", ");
  const what = counted.length === 0 ? "" : `, ${clean(valueText(counted))}`;
  const { threshold, window } = detection;
  const result = counts
    ? `  counts for ${clean(valueText(key))}${what}: ${threshold} within ${showDuration(window.seconds)} raise the notice\n`
    : "  does not count\n";
  const heading = `${paint.bold(detection.name)} (${detection.event}) on ${printable(file)}:${lineNumber}, ${shownTime(time)}\n`;
  return heading + lines.join("") + result;
}

/** The compiler asks whether a field is set before it reads it: the reading shows as much. */
function isImplied({ condition }: ExplainedCondition, all: readonly ExplainedCondition[]): boolean {
  if (condition?.kind !== "presence") return false;
  const path = condition.path.join(".");
  return all.some(
    ({ condition: other, values }) =>
      other?.kind !== "presence" && values.some((one) => `${one.path.join(".")}.`.startsWith(`${path}.`)),
  );
}

/** The same as a line of JSON (schemas/explain-row.schema.json). */
export function explainedRowJson({ log, file, lineNumber, time, explanation }: ExplainedRow): string {
  const { detection, conditions, counts, key, counted } = explanation;
  const values = (all: typeof key) =>
    all.map(({ field, value }) => ({ field, value: value === null ? null : decoded(value) }));
  return jsonOf("explain-row", {
    detection: detection.name,
    log,
    event: detection.event,
    time,
    from: { file, line: lineNumber },
    counts,
    conditions: conditions.map(({ condition, isMet, values: read }) => ({
      condition: condition === null ? "not turned" : expressionText(condition),
      isMet,
      values: values(read),
    })),
    key: values(key).map(({ value }) => value),
    counted: values(counted).map(({ value }) => value),
  });
}
