import { suite } from "uvu";
import * as assert from "uvu/assert";
import { applyResponse, createFirewalls, expireTables, isBlocked } from "../../src/firewall/index.js";
import { perimeter } from "../targets/models.js";

const test = suite("firewall tables");

const make = () => createFirewalls(perimeter().firewalls, perimeter().neverBlock);
const add = (address: string): readonly string[] => [
  "add",
  "-",
  address,
  "1781175887.1",
  "100500",
  "host->log",
  "-",
];
const remove = (address: string): readonly string[] => ["delete", ...add(address).slice(1)];

test("a block, the same again, and its end", () => {
  const state = make();
  const tables = ["ossec_fwtable"];
  const address = "66.132.172.191";
  assert.equal(applyResponse(state, { argv: add(address), time: 10 }), {
    kind: "block",
    time: 10,
    address,
    tables,
    fresh: true,
  });
  assert.ok(isBlocked(state, address));
  assert.equal(applyResponse(state, { argv: add(address), time: 11 }), {
    kind: "block",
    time: 11,
    address,
    tables,
    fresh: false,
  });
  const end = { kind: "unblock", time: 610, address, tables };
  assert.equal(applyResponse(state, { argv: remove(address), time: 610 }), { ...end, fresh: true });
  assert.equal(applyResponse(state, { argv: remove(address), time: 610 }), { ...end, fresh: false });
  assert.not(isBlocked(state, address));
});

test("spellings of one address are one entry", () => {
  const state = make();
  applyResponse(state, { argv: add("2A01:4F8:0:0::1"), time: 0 });
  assert.ok(isBlocked(state, "2a01:4f8::1"));
});

test("what the script refuses is refused, with its words", () => {
  const state = make();
  const reason = (...argv: readonly string[]): string => {
    const event = applyResponse(state, { argv, time: 0 });
    return event.kind === "refused" ? `${event.address} ${event.reason}` : event.kind;
  };
  assert.is(reason(...add("10.1.2.3")), "10.1.2.3 protected by 10.0.0.0/8");
  assert.is(reason(...add("192.0.2.1")), "192.0.2.1 protected by 192.0.2.1/32");
  assert.is(reason(...add("::1")), "::1 protected by ::/96");
  assert.is(reason(...add("example.org")), "example.org no address");
  assert.is(reason(...add("-")), "null no address");
  assert.is(reason("block", "-", "203.0.113.9"), "203.0.113.9 action is neither add nor delete");
  assert.is(reason("add", "a", "203.0.113.9", "203.0.113.10", "1.2"), "203.0.113.9 arguments are shifted");
  assert.is(
    reason("add", "a", "203.0.113.9", "x", "203.0.113.10", "1.2"),
    "203.0.113.9 arguments are shifted",
  );
  assert.is(reason(), "null action is neither add nor delete");
  assert.is(reason(...remove("10.1.2.3")), "unblock");
});

test("forgotten blocks end at the safety net's limit", () => {
  const state = make();
  applyResponse(state, { argv: add("203.0.113.9"), time: 0 });
  applyResponse(state, { argv: add("203.0.113.10"), time: 100 });
  assert.equal(expireTables(state, 150, 100), ["203.0.113.9"]);
  assert.ok(isBlocked(state, "203.0.113.10"));
  assert.equal(expireTables(state, 150, 100), []);
});

test.run();
