import { isUtf8 } from "node:buffer";
import { readFileSync, writeFileSync } from "node:fs";
import { join } from "node:path";
import { test } from "uvu";
import * as assert from "uvu/assert";
import { compileFunction, type ParameterType } from "../../src/compiler/expressions/index.js";
import { loadBundle } from "../../src/compiler/load/index.js";
import { compileEvaluator } from "../../src/detections/expressions/evaluate.js";
import type { ZeekType, ZeekValue } from "../../src/model/expression.js";
import { formatPort } from "../../src/zeek/values/port.js";
import { recordOfLog } from "../../src/zeek-records/records.js";
import { emitScript } from "../compiler/expressions/harness.js";
import { scratchFolder } from "../scratch-folder.js";
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

test("expressions give on every row what the real Zeek gave", async () => {
  if (!liveIsHere) return;
  const { records, rows, localNets } = readLive();
  const { bundle, functions } = await loadRecords(records);
  const wrong: string[] = [];
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
  assert.equal(wrong, []);
  assert.ok(compared > 200_000, `${compared} values`);
  assert.ok(deepest < 150, `Zeek's parser holds 200 symbols; ${deepest} are needed`);
});

test.run();
