import { suite } from "uvu";
import * as assert from "uvu/assert";
import { type EventInput, type EventOptions, playEvents } from "../../src/zeek/connections/events.js";
import { initialHistory, isFlipped, naturalRemoval } from "../../src/zeek/connections/removal.js";
import { createClock } from "../../src/zeek/tables/clock.js";
import { header, put, scratch } from "./scratch.js";

const test = suite("Zeek events");
const directory = scratch();
const START = 1_781_175_600;
const HEAD = header(
  "ts uid proto duration conn_state history",
  "time string enum interval string string",
).replace("#path\tt", "#path\tconn");

type Row = readonly [
  ts: number,
  uid: string,
  proto: string,
  duration: number | undefined,
  state: string,
  history: string,
];
const S0 = (ts: number, uid: string): Row => [ts, uid, "tcp", undefined, "S0", "S"];

let made = 0;
function conn(rows: readonly Row[]): string {
  const text = rows.map(([ts, uid, proto, duration, state, history]) =>
    [(START + ts).toFixed(6), uid, proto, duration?.toFixed(6) ?? "-", state, history || "-"].join("\t"),
  );
  return put(directory, `conn${made++}.log`, `${HEAD}${text.map((line) => `${line}\n`).join("")}`);
}

async function eventsOf(
  files: readonly string[],
  options: EventOptions = {},
  more: Partial<EventInput> = {},
) {
  const clock = createClock();
  const seen: string[] = [];
  const kinds = ["new_connection", "connection_state_remove"] as const;
  const summary = await playEvents(
    [{ log: "conn", files, columns: ["uid"], kinds, ...more }],
    clock,
    options,
    (event, late) => {
      const what = event.kind === "new_connection" ? "new" : event.kind === "record" ? "row" : "gone";
      seen.push(
        `${Math.round((clock.now() - START) * 1000) / 1000} ${what} ${String(event.values[0])}${late ? " late" : ""}`,
      );
    },
  );
  return { seen, summary };
}

test("new connections by ts, removals by estimate; at one time removals first", async () => {
  const { seen } = await eventsOf([
    conn([
      S0(0, "a"),
      [5, "b", "tcp", 1, "SF", "ShADadfF"],
      [2, "c", "udp", undefined, "S0", "D"],
      S0(100, "z"),
    ]),
  ]);
  assert.equal(seen, [
    "0 new a",
    "2 new c",
    "5 gone a",
    "5 new b",
    "11 gone b",
    "62 gone c",
    "100 new z",
    "100 gone z",
  ]);
});

test("the order of the log is the order of removal; estimates never go back", async () => {
  const { seen } = await eventsOf([conn([[0, "u", "udp", undefined, "S0", "D"], S0(1, "s"), S0(200, "z")])]);
  assert.equal(
    seen.filter((s) => s.includes("gone")),
    ["60 gone u", "60 gone s", "200 gone z"],
  );
});

test("the end of a trace removes what is left, a live log's end does not", async () => {
  const file = conn([S0(0, "a"), S0(10, "b")]);
  assert.equal((await eventsOf([file])).seen.slice(-2), ["10 new b", "10 gone b"]);
  assert.equal((await eventsOf([file], { trace: "live" })).seen.slice(-1), ["15 gone b"]);
});

test("recorded removal times, where there are any", async () => {
  const file = conn([S0(0, "a"), S0(1, "b"), S0(50, "z")]);
  const { seen } = await eventsOf([file], {
    removals: new Map([
      ["a", START + 5.5],
      ["b", START + 7],
    ]),
  });
  assert.equal(
    seen.filter((s) => s.includes("gone")),
    ["5.5 gone a", "7 gone b", "50 gone z"],
  );
});

test("rows later than the window take place when met and are counted", async () => {
  const rows: Row[] = [
    ...Array.from({ length: 30 }, (_, i) => S0(i * 60, `r${i}`)),
    S0(900, "late"),
    S0(1900, "z"),
  ];
  const { seen, summary } = await eventsOf([conn(rows)], {}, { kinds: ["new_connection"] });
  assert.is(summary.late, 1);
  assert.is(seen.length, 32);
  const at = seen.findIndex((s) => s.endsWith("late"));
  assert.is(seen[at], "1145 new late late");
  assert.equal(
    summary.diagnostics.map((d) => [d.code, d.line]),
    [["ZEEK-OUT-OF-ORDER", 38]],
  );
  const wide = await eventsOf(
    [conn(rows)],
    { window: { seconds: 3600, events: 1000 } },
    { kinds: ["new_connection"] },
  );
  assert.is(wide.summary.late, 0);
  assert.ok(wide.seen.includes("900 new late"));
});

test("no more events wait than the window holds", async () => {
  const rows: Row[] = Array.from({ length: 500 }, (_, i) => S0(i, `r${i}`));
  const { seen, summary } = await eventsOf([conn(rows)], { window: { seconds: 600, events: 10 } });
  assert.is(seen.length, 1000);
  assert.is(summary.late, 0);
});

test("files of several sensors come in the order of removal", async () => {
  const one = conn([S0(0, "a"), S0(20, "c")]);
  const two = conn([S0(10, "b"), S0(30, "d")]);
  const { seen } = await eventsOf([one, two], { trace: "live" }, { kinds: ["connection_state_remove"] });
  assert.equal(seen, ["5 gone a", "15 gone b", "25 gone c", "35 gone d"]);
});

test("other logs beside conn, in one order; rows of another log in a file are left out", async () => {
  const http = put(
    directory,
    "http.log",
    `${header("ts uid", "time string").replace("#path\tt", "#path\thttp")}${START + 3}.000000\th1\n`,
  );
  const clock = createClock();
  const seen: string[] = [];
  await playEvents(
    [
      {
        log: "conn",
        files: [conn([S0(0, "a"), S0(4, "b")]), http],
        columns: ["uid"],
        kinds: ["new_connection"],
      },
      { log: "http", files: [http], columns: ["uid", "method"] },
    ],
    clock,
    {},
    (event) => seen.push(`${event.log} ${String(event.values[0])} ${event.kind}`),
  );
  assert.equal(seen, ["conn a new_connection", "http h1 record", "conn b new_connection"]);
});

test("events that nobody wants do not wait, but their packets drive the clock", async () => {
  const { seen } = await eventsOf(
    [conn([S0(0, "a"), S0(7, "b"), S0(9, "c")])],
    {},
    {
      kinds: ["new_connection"],
      wants: (row) => (row.values[0] === "b" ? 0 : 1),
    },
  );
  assert.equal(seen, ["0 new a", "9 new c"]);
});

test("delays by state and history", () => {
  const after = (proto: string, state: string, history: string, duration?: number) =>
    naturalRemoval(0, duration ?? 0, proto, state, () => history);
  assert.is(after("tcp", "S0", "S", 3), 5);
  assert.is(after("tcp", "REJ", "Sr", 3), 8);
  assert.is(after("tcp", "S1", "Sh", 3), 303);
  assert.is(after("tcp", "OTH", ""), 300);
  assert.is(after("tcp", "OTH", "A"), 300);
  assert.is(after("tcp", "OTH", "H"), 5);
  assert.is(after("udp", "SF", "Dd", 3), 63);
  assert.is(after("icmp", "OTH", ""), 60);
});

test("flipped connections", () => {
  assert.is(isFlipped("^d"), true);
  assert.is(isFlipped("D^"), true);
  assert.is(isFlipped("Dd"), false);
  assert.is(initialHistory("^dA"), "^d");
  assert.is(initialHistory("ShADadfF"), "S");
  assert.is(initialHistory(undefined), "");
  // NULL, answered by a RST: when the connection was new it had no letter.
  assert.is(initialHistory("r"), "");
  assert.is(initialHistory("^"), "^");
  assert.is(initialHistory("D^d"), "D^");
  assert.is(initialHistory("X"), "");
  assert.is(initialHistory("STr", 1), "ST");
  assert.is(initialHistory("STr", 3), "S");
  assert.is(initialHistory("ShADadfF", 1), "S");
});

test.run();
