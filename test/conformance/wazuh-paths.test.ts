import { test } from "uvu";
import * as assert from "uvu/assert";
import type { EngineEvent } from "../../src/ossec/engine/index.js";
import { AlertJson } from "../../src/wazuh/output/alert-json.js";
import { objects } from "./ossec-oracle.js";
import { loadWazuhHome, stockWazuhHome, wazuhEngine } from "./wazuh-events.js";
import { wazuhOracleIsHere, wazuhRecords } from "./wazuh-oracle.js";

/** Lines of Wazuh's own cases, and damaged ones. */
function sampleLines(): readonly string[] {
  const own = new Set<string>();
  for (const { events } of wazuhRecords("ini_cases.json"))
    for (const { line } of objects(events)) if (typeof line === "string") own.add(line);
  const lines = [...own].filter((_, at) => at % 3 === 0);
  const damaged = lines.map((line, at) => {
    const place = (at * 7919) % (line.length + 1);
    switch (at % 4) {
      case 0:
        return line.slice(0, place);
      case 1:
        return line.toUpperCase();
      case 2:
        return `${line.slice(0, place)}\xff${line.slice(place)}`;
      default:
        return line.slice(0, place) + line.slice(place + 3);
    }
  });
  return [...lines, ...damaged];
}

if (!wazuhOracleIsHere) console.log("Skipped: ../shared/oracle/wazuh is not here.");
else
  test("the stock rule set answers the same with prefilters and without", () => {
    const loaded = loadWazuhHome(stockWazuhHome());
    const fast = wazuhEngine(loaded);
    const plain = wazuhEngine(loaded, { plain: true });
    const json = new AlertJson({ ownHostname: "vm", clock: fast.clock, showsLevelZero: true });
    const shown = (event: EngineEvent): string =>
      event.kind === "event" ? json.write(event, 0) + event.alert : event.kind;
    for (const [at, line] of sampleLines().entries())
      assert.is(shown(fast.process(line, at)), shown(plain.process(line, at)), line);
  });

test.run();
