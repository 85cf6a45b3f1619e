import { mkdirSync, writeFileSync } from "node:fs";
import { basename, dirname, join } from "node:path";
import { test } from "uvu";
import * as assert from "uvu/assert";
import { compileDraft } from "../../../src/import/compile-draft.js";
import { surroundingsOf } from "../../../src/import/proof/surroundings.js";
import { loadSource } from "../../../src/import/sources.js";
import { createEngine, type Engine } from "../../../src/ossec/engine/index.js";
import { isObject, type JsonObject, objects, oracleIsHere, text } from "../../conformance/ossec-oracle.js";
import { eventDifference, stockWazuhHome } from "../../conformance/wazuh-events.js";
import { wazuhOracleIsHere, wazuhRecords } from "../../conformance/wazuh-oracle.js";
import { scratchFolder } from "../../scratch-folder.js";

const clock = 1_700_000_000;

/** Longer than any composite looks back. */
const gap = 1_000_000;

/** The stock rule set and what Wazuh's own tests add, as files; those that Wazuh's ossec.conf leaves out are left out. */
function filesOf(folder: string): readonly string[] {
  for (const [path, content] of stockWazuhHome()) {
    const name = basename(path);
    if (name === "0215-policy_rules.xml" || path.endsWith(".conf")) continue;
    const place = path.includes("lists/")
      ? path
      : path.endsWith(".xml")
        ? join(path.includes("decoders") ? "decoders" : "rules", name)
        : null;
    if (place === null) continue;
    mkdirSync(dirname(join(folder, place)), { recursive: true });
    writeFileSync(join(folder, place), content);
  }
  return ["rules", "decoders", "etc"].map((name) => join(folder, name));
}

/** What the records say of the answer that a person acts on. */
function answered(record: JsonObject): string {
  const out = isObject(record.out) ? record.out : {};
  const rule = isObject(out.rule) ? out.rule : {};
  return `${rule.id ?? null} ${rule.level ?? null} ${record.alert}`;
}

/** The record as it would be with the level from which mails are sent where no ossec.conf says another. */
function mailed(record: JsonObject): JsonObject {
  const { out } = record;
  if (!isObject(out) || !isObject(out.rule) || out.rule.mail === undefined) return record;
  const { mail, level } = out.rule;
  const sent = mail === true || (typeof level === "number" && level >= 7);
  return { ...record, out: { ...out, rule: { ...out.rule, mail: sent } } };
}

if (!oracleIsHere || !wazuhOracleIsHere)
  console.log("Skipped: ../shared is not here, so that there are no stock rules of Wazuh to import.");
else {
  const paths = filesOf(scratchFolder("import-wazuh"));
  const read = await loadSource("wazuh");
  const imported = await read({
    paths,
    home: null,
    name: "stock",
    order: null,
    fix: false,
    show: (path) => path,
  });
  const { draft, old } = imported;
  const compiled = imported.compiled ?? (draft === null ? null : compileDraft(draft));

  test("the stock rules of Wazuh 4.14 come over, at most a tenth of them as raw XML", () => {
    assert.equal(
      imported.diagnostics.filter(({ severity }) => severity === "error"),
      [],
    );
    const count = (kind: "detections" | "raw"): number =>
      (draft?.modules ?? []).flatMap((module) => module[kind].flatMap(({ origin }) => origin.rules)).length;
    const [raw, others] = [count("raw"), count("detections")];
    assert.ok(raw + others > 4500, `${raw} + ${others}`);
    assert.ok(raw <= (raw + others) / 10, `${raw} of ${raw + others}`);
    for (const { reason } of draft?.refused ?? []) assert.match(reason, /^Wazuh leaves it out/);
  });

  test("the emitted files answer Wazuh's own test cases as the real engine answered them", () => {
    assert.ok(compiled?.ok && draft !== null && old !== undefined);
    if (compiled?.ok !== true || draft === null || old === undefined) return;
    const around = surroundingsOf(draft, compiled.entry, old, null, (path) => path);
    assert.ok(around !== null);
    if (around === null) return;
    const options = { ownHostname: "vm", timeZone: "UTC", mode: "logtest" } as const;
    // As in Wazuh's own ossec.conf, which is not imported here.
    const after = { ...around.after, conf: { ...around.after.conf, logAlertLevel: 3 } };
    const shared = createEngine(after, options);
    const run = (engine: Engine, record: JsonObject, from: number): readonly string[] => {
      let location = "stdin";
      return objects(record.events).map((event) => {
        if (typeof event.location === "string") location = event.location;
        const time = typeof event.t === "number" ? event.t : clock;
        const found = engine.process(text(event.line), from + time, location);
        if (found.kind !== "event") return found.kind;
        // Where the record has the whole answer, the rest of it counts too: but in a session of its own.
        if (from === 0) assert.is(eventDifference(found, mailed(event)), null, text(event.line));
        return `${found.rule?.id ?? null} ${found.rule?.level ?? null} ${found.alert}`;
      });
    };
    const records = wazuhRecords("ini_cases.json");
    assert.ok(records.length > 500);
    let alone = 0;
    for (const [index, record] of records.entries()) {
      const wanted = objects(record.events).map(answered);
      const seen = run(shared, record, (index + 1) * gap * 7);
      if (wanted.join() === seen.join() && index % 20 !== 0) continue;
      // What was seen before may matter, and the time of the day: the engine of each record was a fresh one.
      alone += 1;
      run(createEngine(after, { ...options, prefilters: shared.prefilters }), record, 0);
    }
    assert.ok(alone < records.length);
  });
}

test.run();
