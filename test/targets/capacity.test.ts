/** OSSEC hears of full tables: the notice of each format, in each version, by the bundle's own decoders and rules. */
import { suite } from "uvu";
import * as assert from "uvu/assert";
import { noticeLine } from "../../src/detections/lines.js";
import type { Model, NoticeLog, RuleModel } from "../../src/model/model.js";
import { capacityMessage, capacityNotice } from "../../src/model/zeek-names.js";
import { createEngine } from "../../src/ossec/engine/index.js";
import { loadGenerated } from "../../src/targets/generated.js";
import { dialectOf } from "../../src/targets/ossec/dialect.js";
import { emitOssec } from "../../src/targets/ossec/emit.js";
import { emit } from "../../src/targets/zeek/index.js";
import { dedicatedLog, jsonLog, perimeter, scanDetection, tsvLog, wazuh } from "./models.js";

const test = suite("capacity notices");

const capacity: RuleModel = { id: 100599, level: 5, groups: ["zopf_capacity"], description: "full" };
const hearing = (model: Model): Model => ({ ...model, zeek: model.zeek && { ...model.zeek, capacity } });
const logs = { dedicated: dedicatedLog, tsv: tsvLog, json: jsonLog, keyed: { ...dedicatedLog, key: "k" } };

function lineOf(log: NoticeLog, note: string, message: string, source?: string): string {
  return noticeLine(log, { time: 1_781_175_852.7, note, message, source, suppressFor: 0 });
}

function ruleAndSource(model: Model, version: "3.7" | "3.8" | "4.3", line: string): string {
  const loaded = loadGenerated(model, emitOssec(model), dialectOf(model.ossec, version));
  const engine = createEngine(loaded, { ownHostname: "vm", timeZone: "UTC", mode: "daemon" });
  const event = engine.process(line, 1_781_175_852, model.zeek?.noticeLog.file ?? "");
  return event.kind === "event" ? `${event.rule?.id ?? "no rule"} ${event.srcip ?? "-"}` : event.kind;
}

const detection = scanDetection();
const full = `Perimeter::${capacityNotice(detection.name)}`;

for (const version of ["3.7", "3.8", "4.3"] as const)
  for (const [name, log] of Object.entries(logs))
    test(`${name}, OSSEC ${version}: a rule of its own, no source; other notices as before`, () => {
      const model = hearing(perimeter(log));
      const heard = (note: string, message: string, source?: string): string =>
        ruleAndSource(model, version, lineOf(log, note, message, source));
      assert.is(heard(full, capacityMessage(detection, 100_000)), "100599 -");
      assert.is(heard(detection.note, "a scan", "66.132.172.191"), "100500 66.132.172.191");
      // A message that continues the name as if it were the capacity notice's.
      const forged = "_CapacityPort_Scan_S0_Detected follows 10 keys, as many as it may";
      assert.is(heard(detection.note, forged, "66.132.172.191"), "100500 66.132.172.191");
    });

test("Wazuh's own JSON decoder and our rule", () => {
  const model = hearing(wazuh());
  const log = model.zeek?.noticeLog;
  if (log === undefined) throw new Error("no log");
  assert.is(ruleAndSource(model, "4.3", lineOf(log, full, "full")), "100599 -");
  assert.is(
    ruleAndSource(model, "4.3", lineOf(log, detection.note, "x", "66.132.172.191")),
    "100500 66.132.172.191",
  );
});

test("Zeek writes them to the bundle's log", () => {
  const script =
    emit(hearing(perimeter())).find(({ path }) => path.endsWith("notice-log.zeek"))?.content ?? "";
  assert.match(script, "\tPort_Scan_S0_Detected,\n\tPort_Scan_S0_Detected_Capacity\n");
});

test.run();
