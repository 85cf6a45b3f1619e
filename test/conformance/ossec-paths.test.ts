import { test } from "uvu";
import * as assert from "uvu/assert";
import type { Engine } from "../../src/ossec/engine/index.js";
import { freshEngine, latin1, objects, oracleIsHere, readOracle, stockHome, text } from "./ossec-oracle.js";

if (!oracleIsHere)
  console.log("Skipped: ../shared/oracle/ossec is not here; the two ways are compared on small trees only.");
else {
  const lines = [
    "stock_stateless.json",
    "stock_burst15.json",
    "upstream-cases.json",
    "predecode.json",
  ].flatMap((file) => objects(readOracle(file)).map((record) => latin1(text(record.line))));
  // Three rounds within seconds, so that composites fire, and one long after.
  const times = [0, 40, 80, 100_000].flatMap((start) =>
    lines.map((_, index) => 1700000000 + start + (index >> 4)),
  );

  const answers = (engine: Engine): unknown[] =>
    times.map((time, index) => {
      const event = engine.process(lines[index % lines.length] ?? "", time);
      if (event.kind !== "event") return event.kind;
      const { decoder, fields, rule, alert, silencedBy, lastEvents, counted } = event;
      return { decoder, fields, rule: rule?.id, alert, silencedBy, lastEvents, counted };
    });

  test("stock rule set: the fast way, the plain way and the watched way say the same on every sample line", () => {
    const plain = answers(freshEngine(stockHome(), "4.3", { plain: true }));
    assert.equal(answers(freshEngine(stockHome())), plain);
    assert.equal(answers(freshEngine(stockHome(), "4.3", { transient: true })), plain);
    assert.equal(answers(freshEngine(stockHome(), "4.3", { trace: {} })), plain);
    assert.ok(plain.length > 1000);
  });
}

test.run();
