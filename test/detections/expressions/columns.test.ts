import { test } from "uvu";
import * as assert from "uvu/assert";
import { columnOf, columnsOf } from "../../../src/detections/expressions/columns.js";
import { expression } from "../../compiler/expressions/harness.js";

test("record paths and the columns of conn.log", () => {
  for (const [path, column] of [
    [["id", "orig_h"], "id.orig_h"],
    [["conn", "conn_state"], "conn_state"],
    [["conn", "id", "resp_p"], "id.resp_p"],
    [["conn"], ""],
    [["history"], "history"],
    [["duration"], "duration"],
    [["orig", "size"], "orig_bytes"],
    [["resp", "num_pkts"], "resp_pkts"],
    [["start_time"], "ts"],
  ] as const) {
    assert.is(columnOf("connection", path, "removal")?.column, column, path.join("."));
  }
  assert.is(columnOf("connection", ["service"], "removal"), null);
  assert.is(columnOf("connection", ["history"], "start")?.column, "history");
  assert.is(columnOf("connection", ["history"], "middle"), null);
  assert.is(columnOf("connection", ["id", "resp_p"], "start")?.column, "id.resp_p");
  assert.is(columnOf("connection", ["conn", "conn_state"], "end"), null);
  assert.is(columnOf("SSH::Info", ["client"], "removal")?.log, "ssh");
});

test("the fields of an expression, each once", () => {
  const [made] = expression('c.conn?.conn_state === "S0" && c.vlan === 3').expressions();
  if (made === undefined) throw new Error("nothing");
  assert.equal(
    columnsOf(made, "connection", "removal").map(({ path, column }) => [path.join("."), column?.column]),
    [
      ["conn", ""],
      ["conn.conn_state", "conn_state"],
      ["vlan", undefined],
    ],
  );
});

test.run();
