import { join } from "node:path";
import { test } from "uvu";
import * as assert from "uvu/assert";
import { compileDraft } from "../../../src/import/compile-draft.js";
import { runImport } from "../../../src/import/import.js";
import { createEngine, type Engine } from "../../../src/ossec/engine/index.js";
import { loadGenerated } from "../../../src/targets/generated.js";
import {
  answerOf,
  compare,
  latin1,
  objects,
  oracleIsHere,
  readOracle,
  recordedAnswer,
  shared,
  text,
} from "../../conformance/ossec-oracle.js";
import { scratchFolder } from "../../scratch-folder.js";

/** When the oracle's lines were read. */
const clock = 1_700_000_000;

if (!oracleIsHere) console.log("Skipped: ../shared is not here, so that there are no stock rules to import.");
else {
  const rules = join(shared, "ossec-ruleset");
  const { draft, proof, diagnostics } = await runImport({
    paths: [join(rules, "decoder.xml"), join(rules, "rules")],
    from: "ossec",
    into: scratchFolder("import-stock"),
    home: null,
    name: "stock",
    order: join(rules, "rules.txt"),
    fix: false,
    force: false,
    check: false,
    logs: [],
    timeZone: "UTC0",
    show: (path) => path,
  });

  test("the stock rules of OSSEC 4.3 come over, at most a tenth of them as raw XML", () => {
    assert.equal(
      diagnostics.filter(({ severity }) => severity === "error"),
      [],
    );
    const count = (kind: "detections" | "raw"): number =>
      (draft?.modules ?? []).flatMap((module) => module[kind].flatMap(({ origin }) => origin.rules)).length;
    const [raw, others] = [count("raw"), count("detections")];
    assert.ok(raw + others > 1100, `${raw} + ${others}`);
    assert.ok(raw <= (raw + others) / 10, `${raw} of ${raw + others}`);
    assert.equal(draft?.refused, []);
  });

  test("lines are made for more than nine of ten rules that are ever reported, and all are answered alike", () => {
    assert.ok(proof !== null);
    assert.equal(proof?.differences, []);
    assert.is(proof?.same, proof?.lines);
    const { answered = 0, unproven = [] } = proof ?? {};
    assert.ok(answered > 9 * unproven.length, `${answered} and ${unproven.length}`);
  });

  const compiled = draft === null ? null : compileDraft(draft);
  assert.ok(compiled?.ok);
  if (compiled?.ok === true) {
    const loaded = loadGenerated(compiled.entry.model, compiled.entry.files);
    let { prefilters } = createEngine(loaded, { ownHostname: "vm", timeZone: "UTC", mode: "logtest" });
    const engine = (): Engine => {
      const made = createEngine(loaded, { ownHostname: "vm", timeZone: "UTC", mode: "logtest", prefilters });
      ({ prefilters } = made);
      return made;
    };

    test("the emitted files answer every recorded stock line as the engine answered the stock rules", () => {
      const records = objects(readOracle("stock_stateless.json"));
      assert.ok(records.length > 40);
      for (const record of records) {
        const event = engine().process(latin1(text(record.line)), clock);
        assert.is(compare(answerOf(event), recordedAnswer(record)), null, text(record.line));
      }
    });

    test("and every recorded burst", () => {
      const records = objects(readOracle("stock_burst15.json"));
      assert.ok(records.length > 10);
      for (const record of records) {
        const own = engine();
        const seen = { rules: [] as unknown[], levels: [] as unknown[], alerts: [] as unknown[] };
        for (let second = 0; second < 15; second += 1) {
          const event = own.process(latin1(text(record.line)), clock + second);
          if (event.kind !== "event") continue;
          seen.rules.push(event.rule?.id ?? null);
          seen.levels.push(event.rule?.level ?? null);
          seen.alerts.push(event.alert);
        }
        const { rules: ids, levels, alerts } = record;
        assert.is(compare(seen, { rules: ids, levels, alerts }), null, text(record.line));
      }
    });

    test("and every case of upstream", () => {
      const records = objects(readOracle("upstream-cases.json"));
      assert.ok(records.length > 100);
      for (const record of records) {
        const event = engine().process(latin1(text(record.line)), clock);
        assert.is(event.kind, "event");
        if (event.kind !== "event") continue;
        const { rule, level, decoder } = record;
        const seen = {
          rule: event.rule?.id ?? null,
          level: event.rule?.level ?? null,
          decoder: event.decoder,
        };
        assert.is(compare(seen, { rule, level, decoder }), null, text(record.line));
      }
    });
  }
}

test.run();
