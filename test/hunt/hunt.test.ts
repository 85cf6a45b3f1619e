/** `zopf hunt` as a whole: places, names, limits, and what is said of bad input. */
import { mkdirSync, readFileSync, rmSync, writeFileSync } from "node:fs";
import { join } from "node:path";
import { suite } from "uvu";
import * as assert from "uvu/assert";
import { archive } from "../../src/archive/archive.js";
import { openDuckdb } from "../../src/archive/duckdb.js";
import { compileBundles } from "../../src/compiler/compile.js";
import { type HuntInput, type HuntOutcome, hunt } from "../../src/hunt/hunt.js";
import { parseNames } from "../../src/hunt/names.js";
import { parsePlace } from "../../src/hunt/place.js";
import { noticeLogPath } from "../../src/replay/notice-log.js";
import { replay } from "../../src/replay/replay.js";
import type { TimelineEvent } from "../../src/replay/timeline.js";
import { example } from "../catalogue/catalogue.js";
import { scratchFolder } from "../scratch-folder.js";
import { put } from "../zeek/scratch.js";
import { hasDuckdb } from "./helpers.js";
import { connHeader } from "./random.js";

const test = suite("hunt");
const directory = scratchFolder("hunt-command");

const row = (time: number, source: string, port: number, state = "S0", history = "S"): string =>
  [
    time.toFixed(6),
    `C${time}`,
    source,
    40_000,
    "162.212.157.188",
    port,
    "tcp",
    "-",
    "-",
    "-",
    "-",
    state,
    "-",
    "-",
    history,
    1,
    40,
    0,
    0,
  ].join("\t");

const rows = [
  ...Array.from({ length: 12 }, (_, i) => row(1_700_000_000 + i, "9.9.9.9", 20 + i)),
  ...Array.from({ length: 200 }, (_, i) => row(1_700_000_000 + i, `8.8.8.${i}`, 443, "SF", "ShADadFf")),
].sort();

if (await hasDuckdb()) {
  const logs = join(directory, "logs");
  put(logs, "conn.00:00:00-01:00:00.log", `${connHeader}${rows.join("\n")}\n`);
  const into = join(directory, "archive");
  await archive({ paths: [logs], into });
  const compiled = await compileBundles([example], { show: (path) => path, cache: true });
  const [bundle] = compiled.bundles;
  if (bundle === undefined) throw new Error("the example does not compile");
  const replayInput = {
    model: bundle.model,
    files: bundle.files,
    ossec: null,
    engine: null,
    year: null,
    reorder: null,
    timeZone: "UTC",
    show: (path: string) => path,
  };
  const run = (on: string, more: Partial<HuntInput> = {}): Promise<HuntOutcome> => {
    const place = parsePlace(on);
    if ("severity" in place) throw new Error(place.message);
    return hunt({
      places: [place],
      names: parseNames(undefined, "").names,
      range: { from: null, to: null },
      replay: replayInput,
      detections: [],
      exactCaps: false,
      maxRows: 1_000_000,
      timeLimit: null,
      vary: [],
      ...more,
    });
  };
  const expected: TimelineEvent[] = [];
  await replay({ ...replayInput, zeek: [logs], syslog: [] }, (event) => void expected.push(event));

  test("the timeline of replay: notices, alerts, blocks, with the rows behind them", async () => {
    const outcome = await run(`duckdb:${into}`);
    assert.ok(outcome.ok);
    assert.equal(outcome.events, expected);
    assert.ok(expected.some(({ kind }) => kind === "block"));
    const half = outcome.counts?.detections.find(({ detection }) => detection === "Half_Open_Scan");
    assert.is(half?.candidates, 1);
    assert.is(half?.rows, 12);
  });

  test("a folder of logs is a place, too", async () => {
    assert.equal((await run(`duckdb:${logs}`)).events, expected);
  });

  test("a log of notices in the archive: as the replay takes it, where the detections cannot be evaluated", async () => {
    const { zeek } = bundle.model;
    if (zeek === null) throw new Error("the example is about Zeek");
    const name = noticeLogPath(zeek);
    const lines = expected.flatMap((event) => (event.kind === "notice" ? [event.line] : []));
    for (const [folder, withConn] of [
      ["notices", false],
      ["notices-and-rows", true],
    ] as const) {
      const at = join(directory, folder);
      put(at, `${name}.log`, `${lines.map((line) => line.replace("1700000", "1700001")).join("\n")}\n`);
      put(at, `old/${name}.00:00:00-01:00:00.log`, `${lines.join("\n")}\n`);
      if (withConn) put(at, "conn.00:00:00-01:00:00.log", `${connHeader}${rows.join("\n")}\n`);
      const replayed: TimelineEvent[] = [];
      await replay({ ...replayInput, zeek: [at], syslog: [] }, (event) => void replayed.push(event));
      assert.ok(replayed.some(({ kind }) => kind === "block"));
      await archive({ paths: [at], into: `${at}-archive` });
      const outcome = await run(`duckdb:${at}-archive`);
      assert.ok(outcome.ok, JSON.stringify(outcome.diagnostics));
      assert.equal(outcome.events, replayed);
      assert.is(
        outcome.diagnostics.some(({ code }) => code === "replay/notice-log"),
        !withConn,
      );
    }
  });

  test("with --why, and with --exact-caps, all rows are read", async () => {
    const why = await run(`duckdb:${into}`, { replay: { ...replayInput, why: true } });
    assert.equal(why.events, expected);
    assert.ok(why.why.length > 0);
    assert.equal((await run(`duckdb:${into}`, { exactCaps: true })).events, expected);
  });

  test("--detection, --from, --to", async () => {
    const one = await run(`duckdb:${into}`, { detections: ["Half_Open_Scan"] });
    assert.equal(
      [...new Set(one.events.flatMap((event) => (event.kind === "notice" ? event.detection : [])))],
      ["Half_Open_Scan"],
    );
    assert.equal(
      one.counts?.detections.map(({ detection }) => detection),
      ["Half_Open_Scan"],
    );
    const none = await run(`duckdb:${into}`, { detections: ["No_Such"] });
    assert.equal(
      none.diagnostics.map(({ code }) => code),
      ["hunt/place"],
    );
    assert.is((await run(`duckdb:${into}`, { range: { from: 1_700_000_009, to: null } })).events.length, 0);
    assert.is((await run(`duckdb:${into}`, { range: { from: null, to: 1_700_000_003 } })).events.length, 0);
  });

  test("--vary: each threshold as a replay with it would have it", async () => {
    const { varied, ok } = await run(`duckdb:${into}`, {
      detections: ["Half_Open_Scan"],
      vary: [2, 5, 12, 13],
    });
    assert.ok(ok);
    assert.equal(
      varied.map(({ threshold, notices, sources }) => [threshold, notices > 0, sources]),
      [
        [2, true, 1],
        [5, true, 1],
        [12, true, 1],
        [13, false, 0],
      ],
    );
    for (const { threshold, notices, alerts, blocks } of varied) {
      const detections = bundle.model.detections.flatMap((one) =>
        one.kind === "zeek" && one.name === "Half_Open_Scan" ? [{ ...one, threshold }] : [],
      );
      const kinds: string[] = [];
      const model = { ...bundle.model, detections };
      await replay({ ...replayInput, model, zeek: [logs], syslog: [] }, ({ kind }) => void kinds.push(kind));
      const count = (wanted: string): number => kinds.filter((kind) => kind === wanted).length;
      assert.equal([notices, alerts, blocks], ["notice", "alert", "block"].map(count), `${threshold}`);
    }
    assert.ok(varied.some(({ alerts }) => alerts > 0) && varied.some(({ blocks }) => blocks > 0));
  });

  test("more rows than --max-rows, and no time", async () => {
    const many = await run(`duckdb:${into}`, { maxRows: 5 });
    assert.equal(many.events, []);
    assert.ok(many.diagnostics.some(({ code }) => code === "hunt/too-many-rows"));
    let stop = (): void => undefined;
    const stopped = await run(`duckdb:${into}`, {
      onStart: (ends) => {
        stop = ends;
      },
      onQuery: () => stop(),
      exactCaps: true,
    });
    // An engine that was faster than the stop has the whole answer.
    if (!stopped.ok)
      assert.equal(
        stopped.diagnostics.map(({ code }) => code),
        ["hunt/stopped"],
      );
    else assert.equal(stopped.events, expected);
  });

  /** A Parquet file that zopf did not write, made by a query over the archive's connections. */
  const foreign = async (name: string, columns: string, where = ""): Promise<string> => {
    const opened = await openDuckdb(1);
    if (!opened.ok) throw new Error("no DuckDB");
    const file = join(directory, `${name}.parquet`);
    await opened.duckdb.run(
      `COPY (SELECT ${columns} FROM read_parquet('${into}/conn/**/*.parquet', hive_partitioning = false) ${where}) TO '${file}' (FORMAT parquet)`,
    );
    opened.duckdb.close();
    return file;
  };
  const notices = (events: readonly TimelineEvent[]): readonly unknown[] =>
    events.flatMap((event) =>
      event.kind === "notice" ? [[event.time, event.detection, event.source, event.line]] : [],
    );
  // Which presets a conn.log without bytes and services can do.
  const some = ["Half_Open_Scan", "Any_State_Scan"];
  const ofSome = notices(
    expected.filter((event) => event.kind === "notice" && some.includes(event.detection ?? "")),
  );

  test("Parquet that zopf did not write: underscores, ECS, milliseconds", async () => {
    assert.ok(ofSome.length > 0);
    const underscores = await foreign(
      "underscores",
      'epoch_us(ts) / 1e6 AS ts, uid, "id.orig_h" AS id_orig_h, "id.orig_p" AS id_orig_p, "id.resp_h" AS id_resp_h, "id.resp_p" AS id_resp_p, proto, duration, conn_state, history, orig_pkts, resp_pkts, local_orig, local_resp',
    );
    const plain = await run(`duckdb:${underscores}`, { detections: some });
    assert.equal(
      plain.diagnostics.filter(({ severity }) => severity === "error"),
      [],
    );
    assert.equal(notices(plain.events), ofSome);
    const ecs = await foreign(
      "ecs",
      'ts AS "@timestamp", uid AS "zeek.session_id", "id.orig_h" AS "source.ip", "id.orig_p" AS "source.port", "id.resp_h" AS "destination.ip", "id.resp_p" AS "destination.port", proto AS "network.transport", CAST(duration * 1e9 AS BIGINT) AS "event.duration", conn_state AS "zeek.connection.state", history AS "zeek.connection.history", orig_pkts AS "source.packets", resp_pkts AS "destination.packets"',
    );
    assert.equal(
      notices((await run(`duckdb:${ecs}`, { detections: some, names: parseNames("ecs", "").names })).events),
      ofSome,
    );
    const millis = await foreign("millis", "* EXCLUDE (ts, _written, _file, _line), epoch_ms(ts) AS ts");
    const refused = await run(`duckdb:${millis}`, { detections: some });
    assert.equal(
      refused.diagnostics.map(({ code }) => code),
      ["hunt/column-type"],
    );
    assert.match(refused.diagnostics[0]?.help ?? "", /"unit": "ms"/);
    const names = parseNames({ columns: { conn: { ts: { column: "ts", unit: "ms" } } } }, "").names;
    const told = await run(`duckdb:${millis}`, { detections: some, names });
    assert.is(notices(told.events).length, ofSome.length);
  });

  test("a column that is missing, or of another type, is an error with the mapping to write", async () => {
    const lacking = await foreign(
      "lacking",
      'ts, uid, "id.orig_h", "id.resp_h", "id.resp_p", proto, duration, history',
    );
    const missing = await run(`duckdb:${lacking}`, { detections: ["Half_Open_Scan"] });
    assert.ok(
      missing.diagnostics.some(
        ({ code, message }) => code === "hunt/no-column" && message.includes("conn_state"),
      ),
    );
    assert.ok(
      missing.diagnostics.every(({ help }) => help === undefined || help.includes("zopf.config.json")),
    );
    assert.equal(missing.events, []);
    const typed = await foreign("typed", "* EXCLUDE (_written, _file, _line) REPLACE ('x' AS \"id.resp_p\")");
    const wrong = await run(`duckdb:${typed}`, { detections: ["Half_Open_Scan"] });
    assert.equal(
      wrong.diagnostics.map(({ code }) => code),
      ["hunt/column-type"],
    );
  });

  test("hostile names in a mapping and in a table stay names", async () => {
    const evil = `x"); DROP TABLE conn; --`;
    const quoted = `"${evil.replaceAll('"', '""')}"`;
    const file = await foreign("evil", `* EXCLUDE (history, _written, _file, _line), history AS ${quoted}`);
    const names = parseNames({ columns: { conn: { history: evil } } }, "").names;
    const outcome = await run(`duckdb:${file}`, { detections: some, names });
    assert.equal(
      outcome.diagnostics.filter(({ severity }) => severity === "error"),
      [],
    );
    assert.equal(notices(outcome.events), ofSome);
  });

  const own = "* EXCLUDE (ts, _written, _file, _line)";
  const said = (outcome: HuntOutcome): string =>
    outcome.diagnostics
      .filter(({ severity }) => severity === "error")
      .map(({ code, message, help = "" }) => `${code}: ${message} (${help})`)
      .join("\n");

  test("times in every form that columns have", async () => {
    for (const [name, column, unit] of [
      ["seconds", "epoch_us(ts) / 1e6", null],
      ["decimal", "CAST(epoch_us(ts) / 1e6 AS DECIMAL(18, 6))", null],
      ["timestamptz", "CAST(ts AS TIMESTAMPTZ)", null],
      ["timestamp-ns", "CAST(ts AS TIMESTAMP_NS)", null],
      ["ms", "epoch_ms(ts)", "ms"],
      ["us", "epoch_us(ts)", "us"],
      ["ns", "epoch_ns(ts)", "ns"],
    ] as const) {
      const on = `duckdb:${await foreign(`time-${name}`, `${own}, ${column} AS ts`)}`;
      if (unit !== null) assert.match(said(await run(on, { detections: some })), `"unit": "${unit}"`, name);
      const names = parseNames({ columns: { conn: { ts: { column: "ts", unit: unit ?? "s" } } } }, "").names;
      const outcome = await run(on, { detections: some, names });
      assert.is(said(outcome), "", name);
      assert.is(notices(outcome.events).length, ofSome.length, name);
    }
    for (const column of ["CAST(ts AS VARCHAR)", "CAST(ts AS DATE)", "true"]) {
      const on = `duckdb:${await foreign("time-wrong", `${own}, ${column} AS ts`)}`;
      assert.match(said(await run(on, { detections: some })), "hunt/column-type", column);
    }
  });

  test("no rows, NULL everywhere, times that are none, a row decades before the others", async () => {
    const none = await run(`duckdb:${await foreign("none", `${own}, ts`, "WHERE false")}`, {
      detections: some,
    });
    assert.ok(none.ok);
    assert.equal(none.events, []);
    const nulls = await foreign(
      "nulls",
      "* EXCLUDE (_written, _file, _line) REPLACE (NULL::TIMESTAMP AS ts)",
    );
    const left = await run(`duckdb:${nulls}`, { detections: some });
    assert.ok(left.ok);
    assert.equal(left.events, []);
    assert.ok(
      left.diagnostics.some(({ code, message }) => code === "hunt/timeless" && message.includes("212 rows")),
    );
    const unset = ["uid", "id.orig_h", "id.resp_h", "proto", "conn_state", "history"]
      .map((column) => `NULL::VARCHAR AS "${column}"`)
      .join(", ");
    const most = await foreign(
      "most",
      `* EXCLUDE (_written, _file, _line) REPLACE (${unset}, NULL::USMALLINT AS "id.orig_p", NULL::USMALLINT AS "id.resp_p", NULL::DOUBLE AS duration)`,
    );
    const empty = await run(`duckdb:${most}`, { detections: some });
    assert.is(said(empty), "");
    assert.equal(empty.events, []);
    for (const [name, time] of [
      ["nan", "'NaN'::DOUBLE"],
      ["zero", "0.0::DOUBLE"],
      ["negative", "-5.0::DOUBLE"],
      ["infinite", "'-Infinity'::DOUBLE"],
    ] as const) {
      const file = await foreign(
        name,
        `${own}, CASE WHEN "id.orig_h" = '8.8.8.1' THEN ${time} ELSE epoch_us(ts) / 1e6 END AS ts`,
      );
      const outcome = await run(`duckdb:${file}`, { detections: some });
      assert.is(said(outcome), "", name);
      assert.equal(notices(outcome.events), ofSome, name);
    }
  });

  test("Parquet that is cut off or damaged, alone and in an archive", async () => {
    const whole = readFileSync(await foreign("whole", "* EXCLUDE (_written, _file, _line)"));
    const file = join(directory, "cut.parquet");
    for (const bytes of [
      whole.subarray(0, whole.length >> 1),
      whole.subarray(0, whole.length - 10),
      whole.subarray(100),
      Buffer.alloc(0),
      Buffer.concat([whole.subarray(0, 200), Buffer.alloc(300), whole.subarray(500)]),
    ]) {
      writeFileSync(file, bytes);
      const outcome = await run(`duckdb:${file}`, { detections: some });
      assert.ok(said(outcome).includes("damaged, cut off or gone"), said(outcome));
      assert.equal(outcome.events, []);
    }
    const damaged = join(directory, "damaged-archive");
    const made = await archive({ paths: [logs], into: damaged });
    const part = join(damaged, made.added[0]?.parts[0] ?? "");
    writeFileSync(part, readFileSync(part).subarray(0, 50));
    assert.match(said(await run(`duckdb:${damaged}`)), "damaged, cut off or gone");
    rmSync(part);
    assert.match(said(await run(`duckdb:${damaged}`)), "damaged, cut off or gone");
  });

  test("columns of other types, and hostile values in mappings", async () => {
    for (const [column, value] of [
      ["id.resp_p", 'CAST("id.resp_p" AS VARCHAR)'],
      ["id.resp_p", "{a: 1}"],
      ["id.resp_p", "[1]"],
      ["conn_state", "1"],
      ["conn_state", "'S0'::BLOB"],
      ["id.orig_h", "16909060"],
      ["duration", "'1.5'"],
    ] as const) {
      const file = await foreign(
        "other",
        `* EXCLUDE (_written, _file, _line) REPLACE (${value} AS "${column}")`,
      );
      assert.match(said(await run(`duckdb:${file}`, { detections: some })), "hunt/column-type", value);
    }
    const file = await foreign("hostile", "* EXCLUDE (_written, _file, _line)");
    const evil = "x\"'`); DROP TABLE conn; --\\";
    const mapped = async (column: unknown) =>
      said(
        await run(`duckdb:${file}`, {
          detections: some,
          names: parseNames({ columns: { conn: { service: column } } }, "").names,
        }),
      );
    assert.is(await mapped({ constant: evil }), "");
    assert.is(await mapped({ column: "service", unset: { service: evil } }), "");
    assert.match(await mapped({ column: "service", unset: { [evil]: 0 } }), "hunt/no-column");
    // A column that is not there is none.
    assert.is(await mapped(evil), "");
  });

  test("a database of DuckDB's own", async () => {
    const file = join(directory, "own.duckdb");
    const opened = await openDuckdb(1);
    if (!opened.ok) throw new Error("no DuckDB");
    await opened.duckdb.run(`ATTACH '${file}' AS own`);
    await opened.duckdb.run(
      `CREATE TABLE own.connections AS SELECT * EXCLUDE (_written, _file, _line) FROM read_parquet('${into}/conn/**/*.parquet', hive_partitioning = false)`,
    );
    await opened.duckdb.run("DETACH own");
    opened.duckdb.close();
    assert.equal(
      notices((await run(`duckdb:${file}?table=connections`, { detections: some })).events),
      ofSome,
    );
    const gone = await run(`duckdb:${file}?table=nothing`, { detections: some });
    assert.equal(
      gone.diagnostics.map(({ code }) => code),
      ["hunt/place"],
    );
  });

  test("places that are none, damaged Parquet, servers that are gone", async () => {
    const damaged = join(directory, "damaged.parquet");
    writeFileSync(damaged, "PAR1 and nothing more");
    mkdirSync(join(directory, "empty"));
    for (const on of [`duckdb:${directory}/gone`, `duckdb:${damaged}`, `duckdb:${directory}/empty`])
      assert.ok(
        (await run(on)).diagnostics.some(({ severity }) => severity === "error"),
        on,
      );
    const nobody = await run("clickhouse://127.0.0.1:65531/x");
    assert.equal(
      nobody.diagnostics.map(({ code, message }) => [code, message]),
      [["hunt/engine", "nothing listens there"]],
    );
  });
}

test("places", () => {
  const code = (on: string): string | null => {
    const place = parsePlace(on);
    return "severity" in place ? place.code : null;
  };
  assert.is(code("postgres://x"), "hunt/place");
  assert.is(code("duckdb:"), "hunt/place");
  assert.is(code("clickhouse://user:secret@host/db"), "hunt/place");
  assert.not.match(JSON.stringify(parsePlace("clickhouse://user:secret@host/db")), /secret/);
  assert.equal(parsePlace("duckdb:a?b/*.parquet?log=dns"), {
    kind: "duckdb",
    path: "a?b/*.parquet",
    log: "dns",
    table: null,
  });
  assert.equal(parsePlace("clickhouses://me@db.example/rita?table=conn"), {
    kind: "clickhouse",
    url: "https://db.example:8443/",
    user: "me",
    database: "rita",
    log: "conn",
    table: "conn",
  });
});

test("mappings that cannot be used are errors", () => {
  for (const value of [
    "splunk",
    5,
    null,
    { base: "x" },
    { tables: { conn: 1 } },
    { columns: { conn: { ts: { column: "t", unit: "h" } } } },
  ])
    assert.is(parseNames(value, "zopf.config.json").diagnostics.length, 1, JSON.stringify(value));
  assert.is(parseNames({ base: "rita", columns: { conn: { ts: "time" } } }, "").diagnostics.length, 0);
});

test.run();
