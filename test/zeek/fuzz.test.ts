/** Whatever bytes come in: no throw, no hang, and never a silently empty result. */
import { readFileSync } from "node:fs";
import { join } from "node:path";
import { gzipSync } from "node:zlib";
import * as fc from "fast-check";
import { suite } from "uvu";
import * as assert from "uvu/assert";
import { playEvents } from "../../src/zeek/connections/events.js";
import { createClock } from "../../src/zeek/tables/clock.js";
import { createExpiringTable } from "../../src/zeek/tables/expiring-table.js";
import { copied } from "./helpers.js";
import { put, scratch } from "./scratch.js";

const test = suite("Zeek logs under fire");
const directory = scratch();
const tsv = readFileSync(join(copied, "windows", "w001", "conn.log"));
const json = readFileSync(join(copied, "scans", "traceroute", "conn.json.log"));
const zst = readFileSync(join(copied, "small.log.zst"));

let files = 0;

/** Plays the bytes as conn.log with a table on the clock; how many rows and what was said. */
async function playBytes(bytes: Uint8Array, columns: readonly string[] | undefined) {
  const file = put(directory, `f${files++ % 50}.log`, bytes);
  const clock = createClock();
  const t = createExpiringTable<string, number>(clock, { expiry: "read", timeout: 60 });
  const summary = await playEvents(
    [
      {
        log: "conn",
        files: [file],
        columns: columns ?? ["id.orig_h", "tunnel_parents", "uid"],
        kinds: ["new_connection", "connection_state_remove"],
      },
    ],
    clock,
    {},
    (event) => t.assign(String(event.values[0]), 1),
  );
  return { rows: summary.rows.get("conn") ?? 0, said: summary.diagnostics.length };
}

/** A log that was hurt: bytes changed, a piece cut out, doubled or put elsewhere. */
const wound = (bytes: Buffer) =>
  fc
    .array(
      fc.record({
        at: fc.nat(Math.max(0, bytes.length - 1)),
        length: fc.nat(200),
        how: fc.constantFrom("byte", "cut", "double", "truncate"),
        byte: fc.oneof(fc.nat(255), fc.constantFrom(9, 10, 13, 34, 35, 44, 45, 91, 92, 93, 123, 125)),
      }),
      { minLength: 1, maxLength: 6 },
    )
    .map((wounds) =>
      wounds.reduce<Buffer>((text, { at, length, how, byte }) => {
        const head = text.subarray(0, at);
        if (how === "truncate" && length > 150) return head;
        if (how === "cut") return Buffer.concat([head, text.subarray(at + length)]);
        if (how === "double") return Buffer.concat([head, text.subarray(at, at + length), text.subarray(at)]);
        return Buffer.concat([head, Buffer.from([byte]), text.subarray(at + 1)]);
      }, bytes),
    );

const isOnlyHeader = (bytes: Buffer) =>
  /^#fields\t/m.test(bytes.toString("latin1")) &&
  bytes
    .toString("latin1")
    .split("\n")
    .every((line) => line.startsWith("#") || line.trim() === "");

const neverSilent = async (bytes: Buffer) => {
  const { rows, said } = await playBytes(bytes, undefined);
  if (rows === 0 && bytes.length > 0 && !isOnlyHeader(bytes))
    assert.ok(said > 0, JSON.stringify(bytes.toString("latin1").slice(0, 400)));
};

const runs = { numRuns: 150 };

test("random bytes", () =>
  fc.assert(
    fc.asyncProperty(fc.uint8Array({ minLength: 1, maxLength: 300 }), (b) => neverSilent(Buffer.from(b))),
    runs,
  ));

test("random lines of what logs are made of", () => {
  const piece = fc.constantFrom(
    "#fields\t",
    "#types\t",
    "#separator \\x09",
    "#separator ",
    "ts\t",
    "\n",
    "{",
    "}",
    '"ts":',
    '"',
    ",",
    "1.5",
    "[",
    "]",
    "\\u00",
    "\\x",
    "\t",
    "-",
    "time\t",
    "addr",
    "conn",
    "#",
    "\r",
    "1e999",
    ":",
  );
  return fc.assert(
    fc.asyncProperty(fc.array(piece, { minLength: 1, maxLength: 60 }), async (pieces) => {
      await playBytes(Buffer.from(pieces.join(""), "latin1"), undefined);
    }),
    runs,
  );
});

for (const [name, bytes] of [
  ["TSV", tsv],
  ["JSON", json],
] as const) {
  test(`a wounded ${name} log`, () => fc.assert(fc.asyncProperty(wound(bytes), neverSilent), runs));
}

for (const [name, bytes] of [
  ["gzip", gzipSync(tsv)],
  ["zstd", zst],
] as const) {
  test(`a wounded ${name} file`, () =>
    fc.assert(
      fc.asyncProperty(wound(bytes), async (hurt) => {
        const { rows, said } = await playBytes(hurt, undefined);
        if (rows === 0 && hurt.length > 0) assert.ok(said > 0);
      }),
      runs,
    ));
}

test("times far away and long gaps neither hang nor throw", async () => {
  const head =
    "#fields\tts\tuid\tproto\tduration\tconn_state\thistory\n#types\ttime\tstring\tenum\tinterval\tstring\tstring\n";
  const times = [
    "0.000000",
    "-5.000000",
    "99999999999.000000",
    "1e300",
    "1e18",
    "5.000000",
    "1781175600.000000",
    "9007199254740993",
  ];
  const rows = times.flatMap((ts) =>
    ["-", "1e9", "-7", "1e300", "inf", "nan"].map((d) => `${ts}\tu\ttcp\t${d}\tS0\tS\n`),
  );
  const { rows: read } = await playBytes(Buffer.from(head + rows.join("")), ["uid"]);
  assert.is(read, rows.length);
});

test("deeply nested JSON", async () => {
  const deep = `{"ts":1.5,"tunnel_parents":${"[".repeat(100_000)}${"]".repeat(100_000)}}\n{"ts":2.5,"id":${'{"orig_h":'.repeat(50_000)}1${"}".repeat(50_000)}}\n{"ts":1.5,"uid":"x"}\n`;
  const { rows } = await playBytes(Buffer.from(deep), undefined);
  assert.ok(rows >= 1);
});

test.run();
