import { test } from "uvu";
import * as assert from "uvu/assert";
import type { ZeekDetectionModel } from "../../../src/model/model.js";
import { emitDetection } from "../../../src/targets/zeek/detection.js";
import { emit } from "../../../src/targets/zeek/index.js";
import { detectionTest } from "../../../src/targets/zeek/tests.js";
import { createClock } from "../../../src/zeek/tables/clock.js";
import { makePort } from "../../../src/zeek/values/port.js";
import { evaluateZeek, print, type Value as ZeekValue } from "../../compiler/expressions/zeek-reference.js";
import { perimeter, scanDetection } from "../models.js";
import { runScript, type Value } from "./interpreter.js";
import { bundle, portScanS0 } from "./models.js";

/** What the interpreter of the tests says to the same events as the emitted test raises. */
function printed(detection: ZeekDetectionModel, values: (turn: number) => readonly Value[]): string {
  const running = runScript(emitDetection(detection), createClock(), { has: () => false });
  const lines: string[] = [];
  let told = 0;
  const raise = (key: string, turn: number): void => {
    running.raise(`Perimeter::${detection.identifier}_seen`, key, ...values(turn));
    for (const { fields } of running.happened.slice(told))
      lines.push(`Perimeter::${detection.name} ${String(fields.src)} ${String(fields.msg)}`);
    told = running.happened.length;
  };
  for (let turn = 1; turn < detection.threshold; turn++) raise("192.0.2.1", turn);
  lines.push("below the threshold");
  raise("192.0.2.1", detection.threshold);
  lines.push("at the threshold");
  for (let turn = 1; turn < detection.threshold; turn++) raise("192.0.2.2", turn);
  lines.push("another key");
  return `${lines.join("\n")}\n`;
}

test("the baseline is what the emitted script does", () => {
  const distinct = scanDetection();
  assert.is(
    detectionTest(distinct)?.baseline,
    printed(distinct, (turn) => [makePort("tcp", turn)]),
  );
  const events = scanDetection({ count: { kind: "events" }, threshold: 7 });
  assert.is(
    detectionTest(events)?.baseline,
    printed(events, () => []),
  );
});

/** What the tests' own Zeek says to the statements of an emitted test that ask the condition. */
function asked(script: string, detection: string): readonly string[] {
  const name = /^\s*print fmt\("%s: %s", ".*", (\S+)\(event0\)\);$/m.exec(script)?.[1] ?? "";
  const body = detection.slice(detection.indexOf(`function ${name.split("::")[1]}(c: connection): bool`));
  const condition = /return (.*);/.exec(body)?.[1] ?? "";
  const records = new Map<string, { t: "record"; fields: Set<string>; v: Record<string, ZeekValue> }>();
  const printed: string[] = [];
  for (const line of script.split("\n").map((text) => text.trim())) {
    const declared = /^local (event\w+): /.exec(line)?.[1];
    if (declared !== undefined)
      records.set(declared, { t: "record", fields: new Set(["conn", "conn_state"]), v: {} });
    const [, record = "", field = "", value = ""] = /^(event\w+)\$(\w+) = (.*);$/.exec(line) ?? [];
    const target = records.get(record);
    if (target !== undefined) {
      target.fields.add(field);
      target.v[field] = records.get(value) ?? evaluateZeek(value, {});
    }
    const [, what, event = ""] = /^print fmt\("%s: %s", "(.*)", \S+\((\w+)\)\);$/.exec(line) ?? [];
    const c = records.get(event);
    if (what !== undefined && c !== undefined)
      printed.push(`${what}: ${print(evaluateZeek(condition, { c, "Site::local_nets": localNets }))}`);
  }
  return printed;
}

const localNets: ZeekValue = { t: "set", v: [evaluateZeek("192.0.2.0/24", {})] };

test("the condition is asked of an event that counts, and of others that differ in one field", () => {
  const model = bundle("perimeter", portScanS0);
  assert.ok(model.zeek !== null);
  const files = emit({ ...model, zeek: { ...model.zeek, tests: true } });
  const content = (end: string): string => files.find(({ path }) => path.endsWith(end))?.content ?? "";
  const baseline = content("/output").split("\n");
  const said = asked(
    content("tests/detections/port_scan_s0_detected.zeek"),
    content("perimeter/port_scan_s0_detected.zeek"),
  );
  assert.ok(said.length > 2, said.join());
  assert.match(said[0] ?? "", /: T$/);
  assert.equal(baseline.slice(0, said.length), said);
  // Without tests there is no function for them.
  assert.not.match(
    emit(model)
      .map((file) => file.content)
      .join(),
    /_counts/,
  );
});

test("nothing more is emitted unless it is asked for", () => {
  const model = perimeter();
  const without = emit(model).map(({ path }) => path);
  assert.not.ok(without.some((path) => path.includes("/tests/")));
  assert.not.match(emit(model).find(({ path }) => path.endsWith("zkg.meta"))?.content ?? "", /test_command/);
  assert.ok(model.zeek !== null);
  const files = emit({ ...model, zeek: { ...model.zeek, tests: true } });
  assert.equal(
    files.map(({ path }) => path).filter((path) => !without.includes(path)),
    [
      "zeek/perimeter/tests/btest.cfg",
      "zeek/perimeter/tests/detections/port_scan_s0_detected.zeek",
      "zeek/perimeter/tests/Baseline/detections.port_scan_s0_detected/output",
    ],
  );
  assert.match(
    files.find(({ path }) => path.endsWith("zkg.meta"))?.content ?? "",
    /^test_command = cd tests && btest/m,
  );
  const load = files.find(({ path }) => path.endsWith("__load__.zeek"))?.content ?? "";
  assert.not.match(load, /tests/);
});

test("types with few values, and messages that differ with each run", () => {
  const bool = { type: { kind: "bool" }, expression: scanDetection().source } as const;
  assert.is(detectionTest(scanDetection({ count: { kind: "distinct", of: [bool] }, threshold: 3 })), null);
  const time = {
    kind: "call",
    function: "cat",
    arguments: [
      { kind: "field", parameter: "hit", path: ["time"], type: { kind: "time" }, span: scanDetection().span },
    ],
    type: { kind: "string" },
    span: scanDetection().span,
  } as const;
  const made = detectionTest(scanDetection({ message: time }));
  assert.match(made?.baseline ?? "", /^Perimeter::Port_Scan_S0_Detected 192\.0\.2\.1$/m);
  assert.not.match(made?.script ?? "", /n\$msg/);
  const one = detectionTest(scanDetection({ threshold: 1 }));
  assert.not.match(one?.baseline ?? "", /below/);
  const sum = detectionTest(
    scanDetection({
      count: { kind: "sum", of: { type: { kind: "count" }, expression: scanDetection().source } },
      threshold: 1_000_000,
    }),
  );
  assert.match(sum?.script ?? "", /_seen\(192\.0\.2\.1, 999999\);/);
  assert.match(sum?.script ?? "", /_seen\(192\.0\.2\.1, 1\);/);
});

test.run();
