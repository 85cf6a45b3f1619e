/** Wazuh's stock rule set on the lines of its own test cases: the fast ways say what the plain way says. */
import { test } from "uvu";
import * as assert from "uvu/assert";
import type { JsonObject } from "../../conformance/ossec-oracle.js";
import { objects, text } from "../../conformance/ossec-oracle.js";
import { loadWazuhHome, stockWazuhHome, wazuhEngine } from "../../conformance/wazuh-events.js";
import { wazuhOracleIsHere, wazuhRecords } from "../../conformance/wazuh-oracle.js";
import { saidOf } from "./tree.js";

const locations = [
  "stdin",
  "/var/log/auth.log",
  "[001] (web) any->/var/log/auth.log",
  "[002] (db) 192.0.2.2->WinEvtLog",
];

/** Lines as they come, and cut or joined, with the same events again so that composites fire. */
function linesOf(records: readonly JsonObject[]): readonly string[] {
  const lines = records.flatMap(({ events }) => objects(events).map(({ line }) => text(line)));
  return lines.flatMap((line, at) => [
    line,
    ...(at % 7 === 0 ? Array.from({ length: 9 }, () => line) : []),
    ...(at % 5 === 0 ? [line.slice(0, line.length >> 1), line.slice(at % 40), line.toUpperCase()] : []),
  ]);
}

test("fast, watched and plain say the same of every line", () => {
  if (!wazuhOracleIsHere) return console.log("skipped: ../shared/oracle/wazuh is not here");
  const loaded = loadWazuhHome(stockWazuhHome());
  const plain = wazuhEngine(loaded, { plain: true });
  const { prefilters } = wazuhEngine(loaded);
  const others = [
    wazuhEngine(loaded),
    wazuhEngine(loaded, { transient: true, prefilters }),
    wazuhEngine(loaded, { trace: {} }),
  ];
  const lines = linesOf(wazuhRecords("ini_cases.json"));
  assert.ok(lines.length > 3000);
  for (const [index, line] of lines.entries()) {
    const time = 1_700_000_000 + (index >> 2);
    const location = locations[index % 11] ?? "stdin";
    const expected = saidOf(plain.process(line, time, location));
    for (const other of others)
      assert.equal(saidOf(other.process(line, time, location)), expected, line.slice(0, 200));
  }
});

test.run();
