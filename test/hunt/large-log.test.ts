/** A hunt in a large log: how often the log is read, and what is looked at aside. */
import { join } from "node:path";
import { suite } from "uvu";
import * as assert from "uvu/assert";
import type { Store } from "../../src/hunt/store.js";
import type { ZeekDetectionModel } from "../../src/model/model.js";
import { notReplayable } from "../../src/replay/zeek-source.js";
import { compile, example } from "../catalogue/catalogue.js";
import { scratchFolder } from "../scratch-folder.js";
import { put } from "../zeek/scratch.js";
import { archived, hasDuckdb, hunted, replayed } from "./helpers.js";
import { connHeader } from "./random.js";

const test = suite("hunt: large logs");
const directory = scratchFolder("hunt-large");

const histories = ["S", "Sr", "ShADadFf", "F", "A", "D", "ShR", "^d", "Sh", "-"];
const states = ["S0", "REJ", "SF", "OTH", "OTH", "S0", "RSTO", "OTH", "S1", "OTH"];
const line = (time: number, source: string, port: number, history: string, state: string): string =>
  `${time.toFixed(6)}\tC${time.toFixed(3)}\t${source}\t40000\t10.0.0.9\t${port}\t${history === "D" ? "udp" : "tcp"}\t-\t-\t-\t-\t${state}\t-\t-\t${history}\t1\t40\t0\t0`;

/** Sources that scan in every way, in a crowd that knocks once. */
const scans = histories.flatMap((history, kind) =>
  Array.from({ length: 60 }, (_, i) =>
    line(1_700_000_000 + kind * 40 + i / 2, `9.9.9.${kind}`, 20 + i, history, states[kind] ?? "-"),
  ),
);
const crowd = Array.from({ length: 3000 }, (_, i) =>
  line(
    1_700_000_000 + i / 7,
    `8.8.${i >> 8}.${i & 255}`,
    443,
    histories[i % 10] ?? "-",
    states[i % 10] ?? "-",
  ),
);
const inOrder = (rows: readonly string[]): string => [...rows].sort().join("\n");

/** A store that tells of every query. */
function watched(store: Store, seen: string[]): Store {
  const told = (sql: string): string => {
    seen.push(sql);
    return sql;
  };
  return {
    dialect: store.dialect,
    name: store.name,
    found: store.found,
    mayLack: store.mayLack,
    keepsAll: store.keepsAll,
    ticks: store.ticks,
    log: (name) => store.log(name),
    minutes: (name) => store.minutes(name),
    rows: (sql) => store.rows(told(sql)),
    keep: (name, sql) => store.keep(name, told(sql)),
    stream: (sql) => store.stream(told(sql)),
    numbers: (sql) => store.numbers(told(sql)),
    interrupt: () => store.interrupt(),
    close: () => store.close(),
  };
}

const readsLog = (sql: string): boolean => sql.includes("read_parquet");

if (await hasDuckdb()) {
  const { detections } = await compile(example);
  const onConn = detections.filter(
    (one): one is ZeekDetectionModel =>
      one.kind === "zeek" && one.rows === null && notReplayable(one) === null,
  );
  const logs = join(directory, "logs");
  put(logs, "conn.00:00:00-01:00:00.log", `${connHeader}${inOrder([...scans, ...crowd])}\n`);
  const store = await archived(logs, join(directory, "archive"));

  /** Those that one scan can find the keys of. */
  const quick = onConn.filter(({ window, threshold, count }) => {
    const hasEnd =
      window.kind !== "readExpire" && (window.kind !== "writeExpire" || count.kind === "distinct");
    return hasEnd && threshold > 2 && count.kind !== "sum";
  });

  test("the log is read twice for all detections, and their rows once more by none", async () => {
    assert.ok(quick.length >= 15, `${quick.length} of ${onConn.length} detections`);
    const seen: string[] = [];
    const found = await hunted(watched(store, seen), quick, { largeFrom: 0 });
    assert.equal(found.outputs, (await replayed(logs, quick)).outputs);
    assert.ok(found.outputs.length >= 10, `${found.outputs.length} outputs`);
    const scanned = seen.filter((sql) => readsLog(sql) && sql.includes("GROUP BY k0, b"));
    const aside = seen.filter((sql) => readsLog(sql) && sql.includes("_order0"));
    assert.is(scanned.length, 1, scanned.join("\n"));
    assert.is(aside.length, 1, aside.join("\n"));
    assert.ok(String(scanned[0]).includes("zopf_value"), "terms over the history are worked out by value");
    const others = seen.filter(
      (sql) => readsLog(sql) && !/^SELECT (?:count\(\*\)|max|2 \* max)|GROUP BY m /.test(sql),
    );
    const [values, ...more] = others.filter((sql) => !scanned.includes(sql) && !aside.includes(sql));
    assert.match(String(values), "SELECT DISTINCT");
    assert.equal(
      more.filter((sql) => !/_pkts" *\)|AS c3 /.test(sql)),
      [],
      "ticks alone",
    );
  });

  test("each detection by itself is fetched of what was put aside", async () => {
    let fetched = 0;
    for (const detection of quick) {
      const seen: string[] = [];
      const { outputs } = await hunted(watched(store, seen), [detection], { largeFrom: 0 });
      assert.equal(outputs, (await replayed(logs, [detection])).outputs, detection.name);
      const [rows] = seen.filter((sql) => sql.includes(" AS f,"));
      if (rows === undefined) continue;
      fetched++;
      assert.not(readsLog(rows), detection.name);
    }
    assert.ok(fetched >= 8, `${fetched} detections had rows to fetch`);
  });

  test("too many rows to put aside, and a column of many values: the same answer", async () => {
    const seen: string[] = [];
    const { outputs } = await hunted(watched(store, seen), quick, { largeFrom: 0, mostAside: 100 });
    assert.equal(outputs, (await replayed(logs, quick)).outputs);
    const many = join(directory, "many");
    const letters = (n: number): string =>
      [...n.toString(4)].map((digit) => "ADad"[Number(digit)] ?? "").join("");
    const each = Array.from({ length: 10_500 }, (_, i) =>
      line(1_700_000_000 + i / 50, `7.7.${i >> 8}.${i & 255}`, 80, `Sh${letters(i)}`, "SF"),
    );
    put(many, "conn.00:00:00-01:00:00.log", `${connHeader}${inOrder([...scans, ...each])}\n`);
    const other = await archived(many, join(directory, "many-archive"));
    const asked: string[] = [];
    const found = await hunted(watched(other, asked), quick, { largeFrom: 0 });
    assert.equal(found.outputs, (await replayed(many, quick)).outputs);
    const [scan = ""] = asked.filter((sql) => readsLog(sql) && sql.includes("GROUP BY k0, b"));
    assert.not(scan.includes("zopf_value"));
    await other.close();
  });

  test.after(() => store.close());
}

test.run();
