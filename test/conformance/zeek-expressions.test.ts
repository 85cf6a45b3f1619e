import { existsSync, readFileSync } from "node:fs";
import { fileURLToPath } from "node:url";
import { test } from "uvu";
import * as assert from "uvu/assert";
import {
  type Environment,
  evaluateZeek,
  print,
  Unknown,
  type Value,
  ZeekError,
} from "../compiler/expressions/zeek-reference.js";
import { patternSaid } from "./zeek-said.js";

interface Recorded {
  readonly category: string;
  readonly zeek: string;
  readonly type?: string;
  readonly result?: string;
  readonly result_hex?: string;
  readonly message?: string;
  readonly stage?: "parse" | "run";
}

const file = fileURLToPath(new URL("../../../shared/oracle/zeek/expressions.json", import.meta.url));
const present = existsSync(file);
if (!present) console.log("zeek-expressions: skipped, ../shared/oracle is not there");
const recorded: { readonly records: readonly Recorded[] } = present
  ? JSON.parse(readFileSync(file, "utf8"))
  : { records: [] };

/** Operators on sets, tables and record literals, which zopf never emits. */
const outside = /^set\(.*\) [|&] |^sp [-&] |^table\(|^\[\$/;

/** The prelude's variables, as far as the evaluator has values for them. */
function prelude(): Environment {
  const of = (source: string): Value => evaluateZeek(source, {});
  const set = (...elements: string[]): Value => ({ t: "set", v: elements.map(of) });
  const fields = new Set(["a", "b", "c", "d", "s"]);
  return {
    o1: { t: "record", fields, v: { a: of("1"), d: of("5") } },
    o2: {
      t: "record",
      fields,
      v: { a: of("2"), b: of('"x"'), c: of("192.0.2.1"), d: of("5"), s: set("22/tcp", "53/udp") },
    },
    sp: set("22/tcp", "23/tcp", "80/tcp", "53/udp"),
    ss: set('"a"', '"bc"', '""'),
    sa: set("192.0.2.1", "[2001:db8::1]"),
    sn: set("10.0.0.0/8", "192.0.2.0/24", "[2001:db8::]/32"),
    vc: { t: "vector", v: ["1", "2", "3"].map(of) },
    ve: { t: "vector", v: [] },
  };
}

test("the tests' own evaluator of Zeek says what Zeek said", () => {
  const environment = prelude();
  let known = 0;
  const wrong: string[] = [];
  for (const record of recorded.records) {
    if (outside.test(record.zeek)) continue;
    // An underflow of counts only warns in Zeek; emitted text must never come to it, so the evaluator fails there.
    let said: string;
    try {
      said = print(evaluateZeek(record.zeek, environment));
    } catch (error) {
      if (error instanceof Unknown) continue;
      if (!(error instanceof ZeekError)) throw error;
      said = "error";
    }
    if (record.message !== undefined) continue;
    const expected =
      record.stage !== undefined
        ? "error"
        : record.result_hex !== undefined
          ? Buffer.from(record.result_hex, "hex").toString("latin1")
          : Buffer.from(record.result ?? "", "utf8").toString("latin1");
    known++;
    if (said !== expected) wrong.push(`${record.zeek}: ${said}, not ${expected}`);
  }
  assert.equal(wrong, []);
  if (present) assert.ok(known > 500, `${known} of ${recorded.records.length} records`);
});

test("the replay's patterns match what Zeek's matched", () => {
  let known = 0;
  const wrong: string[] = [];
  for (const record of recorded.records) {
    const said = record.category === "pattern" ? patternSaid(record.zeek) : undefined;
    if (said === undefined) continue;
    known++;
    const expected = record.stage === undefined ? record.result : "error";
    if (said !== expected) wrong.push(`${record.zeek}: ${said}, not ${expected}`);
  }
  assert.equal(wrong, []);
  if (present) assert.ok(known > 200, `${known} patterns`);
});

test.run();
