import { existsSync, readFileSync } from "node:fs";
import { join } from "node:path";
import { test } from "uvu";
import * as assert from "uvu/assert";
import { recordOfLog, zeekEvents, zeekRecord } from "../../src/zeek-records/records.js";
import { unsetAt } from "../../src/zeek-records/unset.js";
import { oracle } from "../zeek/helpers.js";

test("what is unset at an event", () => {
  assert.is(unsetAt("start", ["conn", "conn_state"]), "removal");
  assert.is(unsetAt("middle", ["conn", "history"]), "removal");
  assert.is(unsetAt("end", ["conn", "duration"]), "removal");
  assert.is(unsetAt("removal", ["conn", "conn_state"]), null);
  assert.is(unsetAt("start", ["conn", "id", "orig_h"]), null);
  assert.is(unsetAt("start", ["conn", "missed_bytes"]), null);
  assert.is(unsetAt("start", ["http", "uri"]), "analysis");
  assert.is(unsetAt("middle", ["http", "uri"]), null);
  assert.is(unsetAt("start", ["vlan"]), null);
  assert.is(unsetAt("start", ["history"]), null);
});

const recorded = join(oracle, "live", "events", "events-fields.json");
if (!existsSync(recorded)) console.log("skipped: ../shared/oracle/zeek/live/events is not there");
else
  test("as the real Zeek had them, in 12,816 connections", () => {
    const data: Record<string, Record<string, Record<string, number>>> = JSON.parse(
      readFileSync(recorded, "utf8"),
    );
    const fields = [
      ...(zeekRecord("connection")?.fields ?? []).map(({ name }) => [name]),
      ...(recordOfLog("conn")?.fields ?? []).map(({ name }) => ["conn", name]),
    ];
    let unset = 0;
    for (const { name, moment } of zeekEvents()) {
      const byProtocol = data[name];
      if (byProtocol === undefined) continue;
      for (const path of fields) {
        const key = path.length === 1 ? `c$${path[0]}` : `conn$${path[1]}`;
        const times = Object.values(byProtocol).reduce((sum, counters) => sum + (counters[key] ?? 0), 0);
        if (unsetAt(moment, path) !== null) {
          unset++;
          assert.is(times, 0, `${key} at ${name}`);
        } else if (path.length === 2 && path[1] !== "tunnel_parents" && path[1] !== "service")
          assert.ok(times > 0, `${key} at ${name}`);
      }
    }
    assert.ok(unset > 80, String(unset));
  });

test.run();
