import { bindConnections, isReplayedEvent, type Valued } from "../detections/binding.js";
import type { Reader } from "../detections/expressions/evaluate.js";
import { explainRow, type RowExplanation } from "../detections/row-explanation.js";
import { bindRows, isOnRows } from "../detections/rows.js";
import { turnedConnections } from "../detections/turned.js";
import type { Diagnostic } from "../diagnostics/diagnostic.js";
import type { Model, ZeekDetectionModel } from "../model/model.js";
import { openLog, type ReadOptions } from "../zeek/logs/cursor.js";
import { findLogs, logOfColumns } from "../zeek/logs/find.js";
import { effectiveLocalNets } from "../zeek/values/local-nets.js";
import { parseSubnet } from "../zeek/values/subnet.js";
import { codes } from "./codes.js";
import { filesByLog, notReplayable } from "./zeek-source.js";

/** A row and what a detection makes of it. */
export interface ExplainedRow {
  /** Name of the log without `.log`. */
  readonly log: string;
  readonly file: string;
  readonly lineNumber: number;
  /** Epoch seconds. */
  readonly time: number;
  readonly explanation: RowExplanation;
}

export interface ExplainRowsInput {
  readonly model: Model;
  /** Only this detection; null: every one on the row's log. */
  readonly detection: string | null;
  readonly rows:
    | { readonly kind: "text"; readonly text: string }
    | { readonly kind: "uid"; readonly uid: string; readonly zeek: readonly string[] };
}

/** What a row that is given as text is called. */
const given = "<row>";

/** Says what the bundle's Zeek detections make of one row, or of all rows of a connection. */
export async function explainRows(
  { model, detection, rows }: ExplainRowsInput,
  each: (row: ExplainedRow) => void | Promise<void>,
): Promise<readonly Diagnostic[]> {
  const diagnostics: Diagnostic[] = [];
  const chosen = chosenDetections(model, detection, diagnostics);
  if (chosen.length === 0) return diagnostics;
  const found = rows.kind === "text" ? null : await findLogs(rows.zeek);
  diagnostics.push(...(found?.diagnostics ?? []));
  const log = rows.kind === "text" ? await logOfText(rows.text) : null;
  const files = found === null ? new Map<string, readonly string[]>() : filesByLog(found.logs);
  const turned = await turnedConnections(files.get("conn") ?? []);
  const localNets = effectiveLocalNets(
    (model.zeek?.localNets ?? []).flatMap((net) => parseSubnet(net) ?? []),
  );
  let count = 0;
  for (const one of chosen) {
    const own = one.rows?.log ?? "conn";
    if (log !== null && log !== own) continue;
    const { options, read } = bound(one, own, turned);
    const sources =
      rows.kind === "text"
        ? [{ file: given, text: withoutEscapes(rows.text) }]
        : (files.get(own) ?? []).map((file) => ({ file, text: null }));
    for (const { file, text } of sources) {
      const cursor = openLog(file, text === null ? options : { ...options, text });
      do {
        while (cursor.next()) {
          const { row } = cursor;
          if (row.path !== undefined && row.path !== own) continue;
          row.rest();
          if (rows.kind === "uid" && row.values[uidPlace(options)] !== rows.uid) continue;
          count += 1;
          const globals = { localNets, networkTime: () => row.ts };
          const explanation = explainRow<Valued>(one, read, globals, row);
          await each({ log: own, file, lineNumber: row.line, time: row.ts, explanation });
        }
      } while (await cursor.fill());
      await cursor.close();
      if (count === 0 || rows.kind === "text") diagnostics.push(...cursor.diagnostics());
    }
  }
  if (count === 0) diagnostics.push(nothing(rows, log, chosen));
  return diagnostics;
}

function nothing(
  rows: ExplainRowsInput["rows"],
  log: string | null,
  chosen: readonly ZeekDetectionModel[],
): Diagnostic {
  const logs = [...new Set(chosen.map((one) => `${one.rows?.log ?? "conn"}.log`))].join(", ");
  if (rows.kind === "uid")
    return codes.noRow(
      { file: rows.zeek[0] ?? "-", line: 1, column: 1 },
      `no row of ${logs} has the uid ${rows.uid}`,
      "look at the spelling, and whether the log of that hour is among the given ones",
    );
  return codes.noRow(
    { file: given, line: 1, column: 1 },
    log === null ? "the row cannot be read" : `the row is of ${log}.log, and the detections look at ${logs}`,
    "give a JSON object, or the log's #fields line and a row below it: --row \"$(grep -e '^#' -e CUID conn.log)\"",
  );
}

function chosenDetections(
  model: Model,
  wanted: string | null,
  diagnostics: Diagnostic[],
): readonly ZeekDetectionModel[] {
  const here = { file: model.detections[0]?.span.file ?? model.name, line: 1, column: 1 };
  const named = model.detections.filter(({ name }) => wanted === null || name === wanted);
  const zeek = named.filter((one): one is ZeekDetectionModel => one.kind === "zeek");
  if (zeek.length === 0)
    diagnostics.push(
      codes.noRow(
        here,
        wanted === null
          ? "the bundle has no Zeek detection, and rows say nothing to others"
          : named.length === 0
            ? `the bundle has no detection "${wanted}"; it has ${model.detections.map(({ name }) => name).join(", ")}`
            : `"${wanted}" is no Zeek detection, and rows say nothing to it`,
        "zopf explain on a line shows what OSSEC makes of it",
      ),
    );
  return zeek.filter((one) => {
    const why = notReplayable(one);
    if (why !== null && wanted !== null)
      diagnostics.push(codes.notReplayable(one.span, `"${one.name}" cannot be explained: ${why}`));
    return why === null;
  });
}

interface RowReading {
  readonly columns: readonly string[];
  readonly types?: ReadOptions["types"];
  readonly read: Reader<Valued>;
}

function bindingOf(detection: ZeekDetectionModel, log: string, turned: ReadonlySet<string>): RowReading {
  const { event } = detection;
  if (isReplayedEvent(event)) {
    const binding = bindConnections([detection]);
    return { columns: binding.columns, read: binding.reader(event) };
  }
  if (!isOnRows(detection)) return { columns: [], read: () => () => undefined };
  const { columns, types, reader } = bindRows(log, [detection], turned);
  return { columns, types, read: reader };
}

/** How the rows of a detection's log are read for it. */
function bound(
  detection: ZeekDetectionModel,
  log: string,
  turned: ReadonlySet<string>,
): { readonly options: ReadOptions; readonly read: Reader<Valued> } {
  const { columns, types, read } = bindingOf(detection, log, turned);
  const wanted = columns.includes("uid") ? columns : [...columns, "uid"];
  return {
    options: {
      columns: wanted,
      required: ["ts"],
      expected: columns,
      path: log,
      ...(types === undefined ? {} : { types }),
    },
    read,
  };
}

const uidPlace = ({ columns = [] }: ReadOptions): number => columns.indexOf("uid");

/** Which log a row that is given as text is of; null: nothing tells. */
async function logOfText(text: string): Promise<string | null> {
  const cursor = openLog(given, { path: "", text: withoutEscapes(text) });
  let found = cursor.next();
  while (!found && (await cursor.fill())) found = cursor.next();
  const { path } = cursor.row;
  const log = found ? (path === undefined || path === "" ? logOfColumns(cursor) : path) : undefined;
  await cursor.close();
  return log ?? null;
}

/** A row that was copied with `\t` in the place of tabs. */
function withoutEscapes(text: string): string {
  const tabs =
    text.includes("\t") || text.trimStart().startsWith("{")
      ? text
      : text.replaceAll("\\t", "\t").replaceAll("\\n", "\n");
  return tabs.endsWith("\n") ? tabs : `${tabs}\n`;
}
