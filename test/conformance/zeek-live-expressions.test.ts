import { isUtf8 } from "node:buffer";
import { readFileSync, writeFileSync } from "node:fs";
import { join } from "node:path";
import { test } from "uvu";
import * as assert from "uvu/assert";
import { compileFunction, type ParameterType } from "../../src/compiler/expressions/index.js";
import { loadBundle } from "../../src/compiler/load/index.js";
import { bindConnections, fieldsWithoutColumn, type Valued } from "../../src/detections/binding.js";
import { compileEvaluator } from "../../src/detections/expressions/evaluate.js";
import type { Expression, ZeekType, ZeekValue } from "../../src/model/expression.js";
import { openLog } from "../../src/zeek/logs/cursor.js";
import { formatPort } from "../../src/zeek/values/port.js";
import { recordOfLog } from "../../src/zeek-records/records.js";
import { emitScript } from "../compiler/expressions/harness.js";
import { scratchFolder } from "../scratch-folder.js";
import { scanDetection } from "../targets/models.js";
import { functionDepth, parserDepth } from "../targets/zeek/parser-depth.js";
import { type LiveRecord, type LiveRow, liveFolder, liveIsHere, readLive } from "./zeek-live-data.js";

if (!liveIsHere) console.log("zeek-live-expressions: skipped, ../shared/oracle is not there");

function parameterOf(event: string): ParameterType {
  const log = recordOfLog(event.replace(/\.log$/, ""));
  return { kind: "record", name: "c", record: event.endsWith(".log") ? (log?.name ?? "") : "connection" };
}

/** A bundle file whose functions are those of the records. */
async function loadRecords(records: readonly LiveRecord[]) {
  const file = join(scratchFolder("live"), "live.zopf.ts");
  const functions = records.map(({ ts }) => `  (c: any) => ${/^\{/.test(ts) ? ts : `(${ts})`},`);
  writeFileSync(
    file,
    [
      readFileSync(join(liveFolder, "prelude.ts"), "utf8"),
      "export const functions: any[] = [",
      ...functions,
      "];",
      "export default defineBundle({ name: 'x', functions } as any);",
    ].join("\n"),
  );
  const loaded = await loadBundle(file, { timeLimit: 60_000 });
  if (!loaded.ok)
    throw new Error(
      loaded.diagnostics
        .slice(0, 5)
        .map((d) => `${d.line}: ${d.message}`)
        .join("\n"),
    );
  const { bundle } = loaded;
  const made: unknown = Reflect.get(Object(bundle.value), "functions");
  if (!Array.isArray(made)) throw new Error("no functions");
  return { bundle, functions: made };
}

function isText({ fields }: LiveRow): boolean {
  return [...fields.values()].every(
    (value) => typeof value !== "string" || isUtf8(Buffer.from(value, "latin1")),
  );
}

function shown(value: ZeekValue, type: ZeekType): string {
  if (type.kind === "port" && typeof value === "number") return formatPort(value);
  if (type.kind === "string" && typeof value === "string")
    return Buffer.from(value, "latin1").toString("utf8");
  return String(value);
}

/** Times and lengths of time have six digits in a TSV log, and all of them in the event. */
const cutTimes = /duration|_time\b|\bts\b|rtt/;

test("expressions give on every row what the real Zeek gave, of its event and of its log", async () => {
  if (!liveIsHere) return;
  const { records, rows, localNets } = readLive();
  const { bundle, functions } = await loadRecords(records);
  const wrong: string[] = [];
  const onConnections: { readonly record: LiveRecord; readonly expression: Expression }[] = [];
  let compared = 0;
  let deepest = 0;
  for (const [index, record] of records.entries()) {
    const source = bundle.sourceOf(functions[index]);
    if (source === null) throw new Error(`no source of ${record.ts}`);
    const compiled = compileFunction(
      source,
      [parameterOf(record.event)],
      record.used_as === "where" ? "bool" : "value",
      { sourceOf: bundle.sourceOf },
    );
    if (!compiled.ok) {
      wrong.push(`${record.ts}: refused, ${compiled.diagnostics[0]?.message}`);
      continue;
    }
    const [expression] = compiled.expressions;
    if (expression === undefined) throw new Error("no expression");
    if (record.event === "connection_state_remove" && !cutTimes.test(record.ts))
      onConnections.push({ record, expression });
    const { functions: parts, text } = emitScript(expression, {}, "any");
    deepest = Math.max(deepest, parserDepth(text), ...parts.map(functionDepth));
    let now = 0;
    const evaluate = compileEvaluator<ReadonlyMap<string, ZeekValue>>(
      expression,
      (_, path) => (row) => (path.length === 0 ? true : row.get(path.join("."))),
      { localNets, networkTime: () => now },
    );
    for (const [at, row] of (rows.get(record.event) ?? []).entries()) {
      // TypeScript has no text for bytes that are not UTF-8; the recorded value is that of another text.
      if (!isText(row)) continue;
      now = row.now;
      const said = shown(evaluate(row.fields), expression.type);
      compared++;
      if (said !== String(record.values[at])) {
        wrong.push(`${record.ts}: ${row.key}: ${said}, not ${record.values[at]}`);
        break;
      }
    }
  }
  const keys = rows.get("connection_state_remove")?.map(({ key }) => key) ?? [];
  const replayed = await replayConnections(onConnections, keys, localNets);
  assert.equal([...wrong, ...replayed.wrong], []);
  assert.ok(compared > 200_000, `${compared} values`);
  assert.ok(replayed.compared > 100_000, `${replayed.compared} values of conn.log`);
  assert.ok(deepest < 150, `Zeek's parser holds 200 symbols; ${deepest} are needed`);
});

/** The same with what the replay knows: the rows of conn.log. */
async function replayConnections(
  cases: readonly { readonly record: LiveRecord; readonly expression: Expression }[],
  keys: readonly string[],
  localNets: { has(address: string): boolean },
): Promise<{ readonly wrong: readonly string[]; readonly compared: number }> {
  const detections = cases.map(({ expression }) =>
    scanDetection({ key: [{ type: expression.type, expression }], count: { kind: "events" } }),
  );
  const known = detections.flatMap((detection, index) =>
    fieldsWithoutColumn(detection).length === 0 ? { ...cases[index], detection } : [],
  );
  const binding = bindConnections(known.map(({ detection }) => detection));
  const places = new Map(keys.map((key, index) => [key, index]));
  const evaluators = known.map(({ expression, record, detection }) => ({
    record,
    detection,
    evaluate:
      expression === undefined
        ? undefined
        : compileEvaluator<Valued>(expression, binding.reader("connection_state_remove"), {
            localNets,
            networkTime: () => 0,
          }),
  }));
  const wrong = new Set<string>();
  let compared = 0;
  const columns = [...binding.columns, "uid"];
  const log = openLog(join(liveFolder, "logs/conn.log"), { columns, required: ["ts"] });
  do {
    while (log.next()) {
      const { row } = log;
      const at = places.get(String(row.values[columns.length - 1])) ?? -1;
      for (const { record, detection, evaluate } of evaluators) {
        const [part] = detection.key;
        if (record === undefined || part === undefined || evaluate === undefined) continue;
        const said = shown(evaluate(row), part.type);
        compared++;
        if (said !== String(record.values[at]))
          wrong.add(`conn.log: ${record.ts}: ${said}, not ${record.values[at]}`);
      }
    }
  } while (await log.fill());
  await log.close();
  return { wrong: [...wrong], compared };
}

test.run();
