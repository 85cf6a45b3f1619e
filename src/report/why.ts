import { jsonOf } from "../diagnostics/schema-version.js";
import type { Expression } from "../model/expression.js";
import { expressionText } from "../model/expression-text.js";
import { shownTime } from "../model/shown-time.js";
import type { LineFunnel, LineStop } from "../replay/line-funnel.js";
import type { RowFunnel, Why } from "../replay/why.js";
import { place, seenText } from "../replay/why-rows.js";
import { type Paint, printable } from "./diagnostics-text.js";

/** Latin1 bytes as text: what is not UTF-8 appears as U+FFFD. */
const decoded = (bytes: string): string => Buffer.from(bytes, "latin1").toString("utf8");
const clean = (bytes: string): string => printable(decoded(bytes));

/** Each detection with what became of the rows and lines on their way to it. */
export function whyText(all: readonly Why[], paint: Paint): string {
  return all.map((why) => detectionText(why, paint)).join("");
}

/** Of each silent detection its cause, in a line or two. */
export function silenceText(all: readonly Why[], paint: Paint): string {
  const helped = new Set<string>();
  return all
    .filter(({ isSilent }) => isSilent)
    .map(({ detection, cause, rows }) => {
      const part = rows?.isPart === true ? ` (of the first ${rows.rows} rows)` : "";
      // Of many detections that are silent for the same reason, once.
      const isNew = cause.help !== null && !helped.has(cause.help);
      if (cause.help !== null) helped.add(cause.help);
      const help = isNew ? `         ${clean(cause.help)}\n` : "";
      return `${paint.warning("silent")}   ${paint.bold(detection)}: ${clean(cause.message)}${part} [${cause.name}]\n${help}`;
    })
    .join("");
}

function detectionText(why: Why, paint: Paint): string {
  const { detection, kind, rows, lines, cause, notices, alerts, blocks, refused } = why;
  const behind = [
    ...(kind === "zeek" ? [plural(notices, "notice")] : []),
    plural(alerts, "alert"),
    plural(blocks, "block"),
    ...(refused > 0 ? [`${refused} refused`] : []),
  ];
  return [
    `${paint.bold(detection)}: ${behind.join(", ")}\n`,
    ...(rows === null ? [] : rowsText(rows)),
    ...(lines === null || lines.lines === 0 ? [] : linesText(lines)),
    `  ${paint.warning("because")}  ${clean(cause.message)} [${cause.name}]\n`,
    ...(cause.help === null ? [] : [`  help     ${clean(cause.help)}\n`]),
  ].join("");
}

const amount = (rows: number): string => String(rows).padStart(10);

function rowsText({ log, rows, event, events, steps, passed, summary, best }: RowFunnel): readonly string[] {
  return [
    `${amount(rows)}  rows of ${log}.log\n`,
    ...(events === rows ? [] : [`${amount(events)}  of ${event}\n`]),
    ...steps.flatMap((step) => {
      const { condition, fell, seen } = step;
      // What the bundle did not write, and every row meets, is of no interest.
      if (fell === 0 && condition?.kind === "presence") return [];
      const example = fell === 0 ? "" : `${place(step)}${seenText(seen)}`;
      return [`${amount(fell)}  fell at ${clean(conditionText(condition))}${clean(example)}\n`];
    }),
    `${amount(passed)}  counted\n`,
    ...(summary.refused === 0 ? [] : [`${amount(summary.refused)}  of new keys at a full table\n`]),
    ...(best === null
      ? []
      : [
          `${amount(best.count)}  of ${best.threshold} is the nearest miss: ${printable(best.source)} at ${shownTime(best.time)}\n`,
        ]),
    ...(summary.hits === 0
      ? []
      : [`${amount(summary.hits)}  hits, ${summary.suppressed} of them suppressed\n`]),
  ];
}

function conditionText(condition: Expression | null): string {
  return condition === null ? "connections that Zeek has turned (flipped)" : expressionText(condition);
}

const mostSteps = 12;

function linesText({ lines, steps, counted, best }: LineFunnel): readonly string[] {
  const shown = steps.slice(0, mostSteps);
  return [
    `${amount(lines)}  lines\n`,
    ...shown.map(({ stop, lines: some, example: { file, lineNumber }, decoder }) => {
      const where = file === null ? "" : ` (${file}:${lineNumber ?? 1})`;
      return `${amount(some)}  ${clean(stopText(stop))}${where}${decoder === null ? "" : `: ${clean(decoder)}`}\n`;
    }),
    ...(steps.length > shown.length
      ? [`${" ".repeat(12)}${steps.length - shown.length} other places\n`]
      : []),
    ...(counted === null ? [] : [`${amount(counted)}  times what it counts fired\n`]),
    ...(best === null
      ? []
      : [
          `${amount(best.count)}  the most within its time${best.source === null ? "" : `, ${printable(best.source)}`} at ${shownTime(best.time)}${best.others > 0 ? `, and ${best.others} more of others` : ""}\n`,
        ]),
  ];
}

/** Where lines stopped, in words (latin1). */
export function stopText(stop: LineStop): string {
  switch (stop.kind) {
    case "alert":
      return "raised its alert";
    case "silenced":
      return `silenced: ${stop.by}`;
    case "child":
      return `matched, and rule ${stop.by} below it was reported`;
    case "taken":
      return `taken by rule ${stop.by} before it`;
    case "elsewhere":
      return `went to rule ${stop.by}, and would not have matched`;
    case "condition": {
      const { condition, wanted, found } = stop.failed;
      return `fell at ${condition} of rule ${stop.rule}: wanted ${wanted}, found ${found === null ? "nothing" : `'${found}'`}`;
    }
    case "decoder":
      return stop.decoder === null ? "taken by no decoder" : `taken by decoder ${stop.decoder}`;
    case "noalert":
      return "matched a rule that is never reported (noalert)";
    case "no-event":
      return "no event: empty lines";
  }
}

const plural = (count: number, word: string): string => `${count} ${word}${count === 1 ? "" : "s"}`;

/** Lines of JSON, one a detection, behind those of the timeline (schemas/replay.schema.json). */
export function whyJson(all: readonly Why[]): string {
  return all.map((why) => jsonOf("replay", whyData(why))).join("");
}

/** What a line of JSON holds; also part of other documents. */
export function whyData({ detection, kind, notices, alerts, blocks, refused, rows, lines, cause }: Why) {
  return {
    time: null,
    kind: "why",
    detection,
    source: null,
    of: kind,
    cause: cause.name,
    message: decoded(cause.message),
    help: cause.help === null ? null : decoded(cause.help),
    notices,
    alerts,
    blocks,
    refused,
    ...(rows === null ? {} : { rows: rowsData(rows) }),
    ...(lines === null || lines.lines === 0 ? {} : { lines: linesData(lines) }),
  };
}

function rowsData({ log, event, rows, events, steps, passed, summary, best, lacking }: RowFunnel) {
  return {
    log,
    event,
    rows,
    events,
    conditions: steps.map(({ condition, fell, example, seen }) => ({
      condition: conditionText(condition),
      fell,
      ...(condition === null ? {} : { at: { line: condition.span.line, column: condition.span.column } }),
      ...(example === null || example.file === null
        ? {}
        : { example: { file: example.file, line: example.lineNumber ?? 1 } }),
      ...(fell === 0
        ? {}
        : {
            seen: seen.map(({ field, values, isPart }) => ({
              field,
              values: values.map(({ value, rows: some }) => ({
                value: value === null ? null : decoded(value),
                rows: some,
              })),
              isPart,
            })),
          }),
    })),
    counted: passed,
    hits: summary.hits,
    suppressed: summary.suppressed,
    tableFull: summary.refused,
    lacking,
    best:
      best === null
        ? null
        : { count: best.count, threshold: best.threshold, source: best.source, time: best.time },
  };
}

function linesData({ lines, steps, counted, best }: LineFunnel) {
  return {
    lines,
    stops: steps.map(({ stop, lines: some, example: { file, lineNumber }, decoder }) => ({
      stop: stop.kind,
      lines: some,
      text: decoded(stopText(stop)),
      ...(decoder === null ? {} : { decoder: decoded(decoder) }),
      ...(file === null ? {} : { example: { file, line: lineNumber ?? 1 } }),
    })),
    counted,
    best,
  };
}
