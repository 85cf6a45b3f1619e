/** The emitted script, run statement by statement, and the replay tell the same, for every count and window. */
import fc from "fast-check";
import { test } from "uvu";
import * as assert from "uvu/assert";
import { createEngine } from "../../src/detections/index.js";
import type { ZeekDetectionModel } from "../../src/model/model.js";
import { emit } from "../../src/targets/zeek/index.js";
import { createClock } from "../../src/zeek/tables/clock.js";
import { formatPort, makePort } from "../../src/zeek/values/port.js";
import { type Fields, runScript } from "../targets/zeek/interpreter.js";
import {
  addr,
  bundle,
  count,
  double,
  field,
  hitCount,
  hitKey,
  hitPart,
  type int,
  message,
  origH,
  outside,
  pairScan,
  port,
  portScanS0,
  respH,
  respP,
  sshRows,
} from "../targets/zeek/models.js";

interface Probe {
  readonly time: number;
  readonly source: string;
  readonly target: string;
  readonly port: number;
  readonly amount: number;
  readonly flipped: boolean;
}

const localNets = { has: (address: string): boolean => address.endsWith(".0") };

const connectionOf = (row: Probe): Fields => ({
  uid: `C${row.time}`,
  id: {
    orig_h: row.source,
    resp_h: row.target,
    resp_p: formatPort(row.port),
    history: row.flipped ? "^d" : "S",
  },
  history: row.flipped ? "^d" : "S",
  conn: { conn_state: "S0", orig_bytes: row.amount },
});

const noticeLog = {
  kind: "dedicated",
  path: "p",
  filter: "f",
  file: "/p.log",
  key: null,
  source: "src",
} as const;

function replayed(detection: ZeekDetectionModel, rows: readonly Probe[]): readonly string[] {
  const told: string[] = [];
  const readers: Readonly<Record<string, (row: Probe) => string | number | boolean>> = {
    id$orig_h: (row) => row.source,
    id$resp_h: (row) => row.target,
    id$resp_p: (row) => row.port,
    conn: () => true,
    conn$conn_state: () => "S0",
    conn$orig_bytes: (row) => row.amount,
    history: (row) => (row.flipped ? "^d" : "S"),
  };
  const engine = createEngine<Probe>({
    detections: [detection],
    noticeLog,
    localNets,
    readerOf: () => (_, path) => readers[path.join("$")] ?? (() => undefined),
    emit: (output) => {
      if (output.kind === "notice")
        told.push(`${output.time} ${output.note} ${output.source} ${output.message}`);
      if (output.kind === "capacity") told.push(`${output.time} ${output.note} ${output.message}`);
      if (output.kind === "row") told.push(`row ${output.values.join(" ")}`);
    },
  });
  for (const row of rows) {
    engine.packet(row.time);
    engine.event(detection.event, row);
  }
  return told;
}

function scripted(detection: ZeekDetectionModel, rows: readonly Probe[]): readonly string[] {
  // With the script of the package that it loads.
  const script = emit(bundle("perimeter", detection))
    .filter(
      ({ path }) => path.endsWith("/zopf-turned.zeek") || path.endsWith(`/${detection.identifier}.zeek`),
    )
    .map(({ content }) => content)
    .reverse()
    .join("\n");
  const clock = createClock();
  const running = runScript(script, clock, localNets);
  for (const row of rows) {
    clock.advance(row.time);
    running.raise(detection.event, connectionOf(row));
  }
  return running.happened.map(({ kind, fields }) =>
    kind === "row"
      ? `row ${Object.values(fields).join(" ")}`
      : [fields.ts, fields.note, fields.src, fields.msg].filter((part) => part !== undefined).join(" "),
  );
}

const rowsOf = fc
  .array(
    fc.record({
      gap: fc.oneof({ arbitrary: fc.nat({ max: 3_000 }), weight: 4 }, fc.nat({ max: 40_000 })),
      source: fc.integer({ min: 0, max: 4 }),
      target: fc.integer({ min: 1, max: 2 }),
      port: fc.integer({ min: 1, max: 6 }),
      flipped: fc.integer({ min: 0, max: 9 }).map((die) => die === 0),
    }),
    { maxLength: 80 },
  )
  .map((steps) => {
    let milliseconds = 0;
    return steps.map(({ gap, source, target, port: number, flipped }): Probe => {
      milliseconds += gap;
      return {
        time: 1_781_175_600.25 + milliseconds / 1000,
        source: `66.132.172.${source}`,
        target: `162.212.157.${target}`,
        port: makePort("tcp", number),
        amount: number,
        flipped,
      };
    });
  });

const bytes = (type: typeof count | typeof int | typeof double) => ({
  kind: "sum" as const,
  of: { type, expression: field(type, "c", "conn", "orig_bytes") },
});
const counts = {
  "different values": { kind: "distinct", of: [{ type: port, expression: respP }] },
  "different pairs": {
    kind: "distinct",
    of: [
      { type: addr, expression: respH },
      { type: port, expression: respP },
    ],
  },
  events: { kind: "events" },
  "a sum of counts": bytes(count),
  "a sum of doubles": bytes(double),
} as const;
const windows = ["sliding", "fixed", "writeExpire", "readExpire"] as const;

for (const [what, counted] of Object.entries(counts)) {
  for (const kind of windows) {
    test(`${what}, ${kind}: the script and the replay agree`, () => {
      const settings = fc.record({
        threshold: fc.integer({ min: 1, max: 6 }),
        seconds: fc.constantFrom(3, 15, 40),
        keys: fc.integer({ min: 1, max: 4 }),
        members: fc.integer({ min: 2, max: 4 }),
        suppress: fc.constantFrom(0, 5, 25),
      });
      fc.assert(
        fc.property(rowsOf, settings, (rows, { threshold, seconds, keys, members, suppress }) => {
          const detection: ZeekDetectionModel = {
            ...portScanS0,
            where: outside,
            key: [{ type: addr, expression: origH }],
            count: counted,
            threshold: what.startsWith("a sum") ? threshold * 3 : threshold,
            window: { kind, seconds },
            caps: { keys, members },
            suppress,
            // The interpreter knows no types, so it cannot print a double as Zeek does.
            message:
              what === "a sum of doubles" ? message("%s", hitKey()) : message("%s: %s", hitKey(), hitCount()),
          };
          assert.equal(scripted(detection, rows), replayed(detection, rows));
        }),
        { numRuns: 60 },
      );
    });
  }
}

test("a pair as key, with a log of its own: the script and the replay agree", () => {
  fc.assert(
    fc.property(rowsOf, fc.constantFrom(0, 20), (rows, suppress) => {
      const detection = {
        ...pairScan,
        threshold: 3,
        suppress,
        message: message("%s on %s", hitPart(0), hitPart(1)),
      };
      assert.equal(scripted(detection, rows), replayed(detection, rows));
    }),
    { numRuns: 100 },
  );
});

test("rows of a log: the script and the replay agree", () => {
  fc.assert(
    fc.property(rowsOf, fc.constantFrom(0, 20), (rows, suppress) => {
      const detection = { ...sshRows, where: null, threshold: 2, suppress };
      assert.equal(scripted(detection, rows), replayed(detection, rows));
    }),
    { numRuns: 100 },
  );
});

test("the comparison compares something", () => {
  const rows = [1, 2, 3, 4, 5].map(
    (number): Probe => ({
      time: 1_781_175_600 + number,
      source: "66.132.172.1",
      target: "162.212.157.1",
      port: makePort("tcp", number),
      amount: 1,
      flipped: false,
    }),
  );
  assert.is(scripted(portScanS0, rows).length, 1);
});

test.run();
