import { test } from "uvu";
import * as assert from "uvu/assert";
import type { ZeekDetectionModel } from "../../../src/model/model.js";
import { emitDetection } from "../../../src/targets/zeek/detection.js";
import { emit } from "../../../src/targets/zeek/index.js";
import { detectionTest } from "../../../src/targets/zeek/tests.js";
import { createClock } from "../../../src/zeek/tables/clock.js";
import { makePort } from "../../../src/zeek/values/port.js";
import { perimeter, scanDetection } from "../models.js";
import { runScript, type Value } from "./interpreter.js";

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
