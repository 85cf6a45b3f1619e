/** The condition in the emitted script, by the tests' own evaluator of Zeek, against the replay's. */
import fc from "fast-check";
import { test } from "uvu";
import * as assert from "uvu/assert";
import { compileEvaluator } from "../../src/detections/expressions/evaluate.js";
import type { ZeekValue } from "../../src/model/expression.js";
import { eventPrototype } from "../../src/targets/zeek/events.js";
import { makePort } from "../../src/zeek/values/port.js";
import { emitExpression } from "../compiler/expressions/harness.js";
import {
  addressBits,
  type Environment,
  evaluateZeek,
  type Value,
} from "../compiler/expressions/zeek-reference.js";
import { everyPreset } from "./catalogue.js";

const detections = await everyPreset();

interface Connection {
  readonly proto: "tcp" | "udp" | "icmp";
  readonly source: string;
  readonly sourcePort: number;
  readonly target: string;
  readonly targetPort: number;
  readonly history: string;
  readonly packets: number | undefined;
  readonly duration: number;
}

const connections: fc.Arbitrary<Connection> = fc.record({
  proto: fc.constantFrom("tcp", "udp", "icmp"),
  source: fc.constantFrom("66.132.172.191", "10.1.2.3", "2a01:4f8:77::1"),
  sourcePort: fc.oneof(fc.constantFrom(8, 13, 17, 128, 1023, 1024, 33_434), fc.nat({ max: 65_535 })),
  target: fc.constantFrom(
    "162.212.157.188",
    "162.212.157.250",
    "162.212.157.255",
    "162.212.158.7",
    "2a02:6b8:77::255",
  ),
  targetPort: fc.oneof(fc.constantFrom(0, 33_433, 33_434, 33_534, 33_535), fc.nat({ max: 65_535 })),
  history: fc.oneof(
    fc.constantFrom(
      "",
      "S",
      "Sr",
      "ShR",
      "ShAR",
      "ShADadFf",
      "F",
      "Fr",
      "r",
      "A",
      "Ar",
      "Q",
      "Qr",
      "I",
      "D",
      "H",
    ),
    fc
      .array(fc.constantFrom(..."ShADadFfRrTtCcWwGgQIH"), { maxLength: 5 })
      .map((letters) => letters.join("")),
  ),
  packets: fc.option(fc.nat({ max: 5_000 }), { nil: undefined }),
  duration: fc.integer({ min: 0, max: 1_000 }),
});

const count = (value: number): Value => ({ t: "count", v: BigInt(value) });
const address = (value: string): Value => ({ t: "addr", v: addressBits(value) });
const record = (v: Readonly<Record<string, Value | undefined>>): Value => ({
  t: "record",
  v,
  fields: new Set(Object.keys(v)),
});
const localNets: Value = { t: "set", v: [{ t: "subnet", v: addressBits("10.0.0.0"), width: 104 }] };

function zeekOf(c: Connection): Environment {
  const port = (v: number): Value => ({ t: "port", v, proto: c.proto });
  return {
    "Site::local_nets": localNets,
    c: record({
      id: record({
        orig_h: address(c.source),
        orig_p: port(c.sourcePort),
        resp_h: address(c.target),
        resp_p: port(c.targetPort),
      }),
      orig: record({ num_pkts: c.packets === undefined ? undefined : count(c.packets) }),
      history: { t: "string", v: c.history },
      duration: { t: "interval", v: c.duration },
    }),
  };
}

const readers: Readonly<Record<string, (c: Connection) => ZeekValue | undefined>> = {
  id$orig_h: (c) => c.source,
  id$orig_p: (c) => makePort(c.proto, c.sourcePort),
  id$resp_h: (c) => c.target,
  id$resp_p: (c) => makePort(c.proto, c.targetPort),
  orig$num_pkts: (c) => c.packets,
  history: (c) => c.history,
  duration: (c) => c.duration,
};

for (const [scan, { where, rows, event }] of detections)
  if (rows === null && event !== "tcp_packet")
    test(`${scan}: Zeek's condition and the replay's`, () => {
      if (where === null) throw new Error("no condition");
      const script = emitExpression(where);
      const evaluate = compileEvaluator<Connection>(
        where,
        (_, path) => readers[path.join("$")] ?? (() => undefined),
        { localNets: { has: (text) => text.startsWith("10.") }, networkTime: () => 0 },
      );
      fc.assert(
        fc.property(connections, (c) => {
          assert.equal(evaluateZeek(script, zeekOf(c)), { t: "bool", v: evaluate(c) });
        }),
        { numRuns: 500 },
      );
    });

/** Rows of any of the logs, with fields set and unset. */
const textOf = (...values: readonly string[]) => fc.option(fc.constantFrom(...values), { nil: undefined });
const rowsOf = fc.record({
  source: fc.constantFrom("66.132.172.191", "10.1.2.3"),
  port: fc.constantFrom(22, 53, 80, 5353),
  hasEnds: fc.boolean(),
  auth_success: fc.option(fc.boolean(), { nil: undefined }),
  command: textOf("PASS", "USER", "RETR"),
  reply_code: fc.option(fc.constantFrom(230, 500, 530, 599, 600), { nil: undefined }),
  method: textOf("GET", "POST"),
  uri: textOf("/login", "/Sign-In?x", "/a?login", "", "?", "/xmlrpcAphp", "/xmlrpc.php"),
  status_code: fc.option(fc.constantFrom(200, 302, 401, 403, 404), { nil: undefined }),
  username: textOf("admin"),
  query: fc.option(
    fc.oneof(
      fc.constantFrom("", "com", "Example.com", "1.2.in-addr.arpa", "a.IP6.arpa", "www.example.com"),
      fc
        .array(fc.constantFrom(..."0123456789abcdef."), { minLength: 20, maxLength: 60 })
        .map((letters) => `${letters.join("")}.example.net`),
    ),
    { nil: undefined },
  ),
  rcode: fc.option(fc.constantFrom(0, 3), { nil: undefined }),
  name: fc.constantFrom("excessively_small_fragment", "data_before_established"),
});
type AnyRow = typeof rowsOf extends fc.Arbitrary<infer R> ? R : never;

const texts = ["command", "method", "uri", "username", "query"] as const;
const counts = ["reply_code", "status_code", "rcode"] as const;

function recordOf(row: AnyRow): Value {
  const v: Record<string, Value> = { name: { t: "string", v: row.name } };
  for (const field of texts) {
    const value = row[field];
    if (value !== undefined) v[field] = { t: "string", v: value };
  }
  for (const field of counts) {
    const value = row[field];
    if (value !== undefined) v[field] = count(value);
  }
  if (row.auth_success !== undefined) v.auth_success = { t: "bool", v: row.auth_success };
  if (row.hasEnds)
    v.id = record({ orig_h: address(row.source), resp_p: { t: "port", v: row.port, proto: "tcp" } });
  const names = [...texts, ...counts, "auth_success", "id", "name"];
  return { t: "record", v, fields: new Set(names) };
}

const fieldOf = (row: AnyRow, path: string): ZeekValue | undefined => {
  if (path.startsWith("id")) {
    if (!row.hasEnds) return undefined;
    return path === "id$orig_h" ? row.source : path === "id$resp_p" ? makePort("tcp", row.port) : true;
  }
  const known: Readonly<Record<string, ZeekValue | undefined>> = { ...row };
  return known[path];
};

for (const [scan, { where, rows, name }] of detections)
  if (rows !== null)
    test(`${scan}: Zeek's condition on a row and the replay's`, () => {
      if (where === null) throw new Error("no condition");
      const script = emitExpression(where, { c: rows.parameter });
      const evaluate = compileEvaluator<AnyRow>(where, (_, path) => (row) => fieldOf(row, path.join("$")), {
        localNets: { has: (text) => text.startsWith("10.") },
        networkTime: () => 0,
      });
      let passed = 0;
      const always = rows.log !== "weird";
      fc.assert(
        fc.property(rowsOf, (any) => {
          const row = always ? { ...any, hasEnds: true } : any;
          const value = evaluateZeek(script, {
            "Site::local_nets": localNets,
            [rows.parameter]: recordOf(row),
          });
          assert.equal(value, { t: "bool", v: evaluate(row) });
          if (evaluate(row) === true) passed++;
        }),
        { numRuns: 3_000 },
      );
      assert.ok(passed > 0, `${name}: no row has passed`);
    });

for (const [scan, flags] of [
  ["fin-packets", "F"],
  ["null-packets", ""],
  ["xmas-packets", "FPU"],
] as const)
  test(`${scan}: packets of the originator with these flags and no others`, () => {
    const detection = detections.get(scan);
    if (detection?.where == null) throw new Error("no condition");
    const script = emitExpression(detection.where, eventPrototype(detection).names);
    for (const sent of ["", "S", "F", "FA", "FPU", "FPAU", "R", "A", "PU"])
      for (const isOrig of [true, false])
        for (const source of ["66.132.172.191", "10.1.2.3"]) {
          const passes = evaluateZeek(script, {
            "Site::local_nets": localNets,
            c: record({ id: record({ orig_h: address(source) }) }),
            flags: { t: "string", v: sent },
            is_orig: { t: "bool", v: isOrig },
          });
          const wanted = sent === flags && isOrig && !source.startsWith("10.");
          assert.equal(passes, { t: "bool", v: wanted }, `${sent} ${isOrig} ${source}`);
        }
  });

test.run();
