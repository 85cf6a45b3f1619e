/** The condition in the emitted script, by the tests' own evaluator of Zeek, against the replay's. */
import fc from "fast-check";
import { test } from "uvu";
import * as assert from "uvu/assert";
import type { ZeekValue } from "../../src/model/expression.js";
import { compileEvaluator } from "../../src/replay/expressions/evaluate.js";
import { emitExpression } from "../../src/targets/zeek/expression.js";
import { makePort } from "../../src/zeek/values/port.js";
import {
  addressBits,
  type Environment,
  evaluateZeek,
  type Value,
} from "../compiler/expressions/zeek-reference.js";
import { byPreset, compile, example } from "./catalogue.js";

const detections = byPreset(await compile(example));

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

for (const [scan, { where }] of detections)
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

test.run();
