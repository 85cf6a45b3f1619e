import type { Diagnostic } from "../diagnostics/diagnostic.js";
import { jsonOf } from "../diagnostics/schema-version.js";
import { showDuration } from "../model/duration.js";
import type { TunedDetection, TunedSetting, TuneOutcome } from "../tune/tune.js";
import { type Paint, printable, sortDiagnostics } from "./diagnostics-text.js";
import { whyData } from "./why.js";

/** One document (schemas/tune.schema.json). */
export function tuneJson(
  { detections, why }: Pick<TuneOutcome, "detections" | "why">,
  diagnostics: readonly Diagnostic[],
): string {
  return jsonOf("tune", {
    detections,
    ...(why.length === 0 ? {} : { why: why.map(whyData) }),
    diagnostics: sortDiagnostics(diagnostics),
  });
}

/** A row of the table: neighbouring thresholds with the same outcome share one. */
interface Row {
  readonly first: TunedSetting;
  readonly last: TunedSetting;
}

const chartWidth = 40;

/** A table with a small chart for each detection, and what becomes of the known addresses. */
export function tuneText({ detections }: Pick<TuneOutcome, "detections">, paint: Paint): string {
  return detections.map((one) => detectionText(one, paint)).join("\n");
}

function detectionText({ detection, blocks, own, counted, settings }: TunedDetection, paint: Paint): string {
  const rows = rowsOf(settings);
  const numberOf = ({ blocked, noticed }: TunedSetting): number => (blocks ? blocked : noticed);
  const done = blocks ? "blocked" : "noticed";
  const most = Math.max(1, ...settings.map(numberOf));
  const heads = [
    "window",
    "threshold",
    done,
    ...(settings[0]?.knownGood ? ["good"] : []),
    ...(settings[0]?.knownBad ? ["bad"] : []),
  ];
  const cells = rows.map(({ first, last }) => [
    showDuration(first.window),
    first.threshold === last.threshold ? `${first.threshold}` : `${first.threshold}..${last.threshold}`,
    `${numberOf(first)}`,
    ...(first.knownGood === null ? [] : [`${first.knownGood.length}`]),
    ...(first.knownBad === null ? [] : [`${first.knownBad.length}`]),
  ]);
  const widths = heads.map((head, column) =>
    Math.max(head.length, ...cells.map((line) => (line[column] ?? "").length)),
  );
  const line = (words: readonly string[]): string =>
    words.map((word, column) => word.padStart(widths[column] ?? 0)).join("  ");
  const isOwn = ({ first, last }: Row): boolean =>
    first.window === own.window && first.threshold <= own.threshold && own.threshold <= last.threshold;
  const body = rows.map((row, index) => {
    const bar = "#".repeat(Math.ceil((numberOf(row.first) / most) * chartWidth));
    const good = (row.first.knownGood?.length ?? 0) > 0;
    const mark = isOwn(row) ? "  <- the bundle's" : "";
    return `${line(cells[index] ?? [])}  ${(good ? paint.warning : paint.info)(bar)}${mark}\n`;
  });
  return [
    `${paint.bold(detection)}: sources that would ${blocks ? "be blocked" : "raise a notice"}, of ${counted} counted events\n`,
    ...(blocks ? [] : ["no response of the bundle blocks on it, so nobody would be blocked\n"]),
    `${paint.dim(line(heads))}\n`,
    ...body,
    ...(blocks ? unblockedNotes(settings) : []),
    ...knownText(`known good, ${done}`, settings, (one) => one.knownGood),
    ...knownText(`known bad, ${done}`, settings, (one) => one.knownBad),
  ].join("");
}

function rowsOf(settings: readonly TunedSetting[]): readonly Row[] {
  const rows: Row[] = [];
  for (const setting of settings) {
    const row = rows.at(-1);
    if (row !== undefined && isSame(row.first, setting)) rows[rows.length - 1] = { ...row, last: setting };
    else rows.push({ first: setting, last: setting });
  }
  return rows;
}

function isSame(a: TunedSetting, b: TunedSetting): boolean {
  return a.window === b.window && outcomeOf(a) === outcomeOf(b);
}

function outcomeOf({ noticed, blocked, knownGood, knownBad }: TunedSetting): string {
  return JSON.stringify({ noticed, blocked, knownGood, knownBad });
}

/** Where notices do not lead to blocks, the table alone would look like silence. */
function unblockedNotes(settings: readonly TunedSetting[]): readonly string[] {
  const most = settings.reduce((sum, { noticed, blocked }) => Math.max(sum, noticed - blocked), 0);
  return most === 0
    ? []
    : [
        `up to ${most} more would raise a notice and not be blocked: a list protects them, or OSSEC runs no response for them\n`,
      ];
}

const mostListed = 20;

/** Each known address and up to which threshold it is blocked. */
function knownText(
  title: string,
  settings: readonly TunedSetting[],
  of: (setting: TunedSetting) => readonly string[] | null,
): readonly string[] {
  const highest = new Map<string, TunedSetting>();
  for (const setting of settings)
    for (const source of of(setting) ?? []) {
      const before = highest.get(source);
      if (before === undefined || setting.threshold >= before.threshold) highest.set(source, setting);
    }
  const lines = [...highest]
    .sort(([, a], [, b]) => b.threshold - a.threshold)
    .map(
      ([source, { threshold, window }]) =>
        `${title}: ${printable(source)} up to threshold ${threshold} (window ${showDuration(window)})\n`,
    );
  return lines.length <= mostListed
    ? lines
    : [
        ...lines.slice(0, mostListed),
        `${title}: ${lines.length - mostListed} more (--format json lists all)\n`,
      ];
}
