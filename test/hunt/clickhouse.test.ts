/** Hunts in a real ClickHouse of two shards give what the replay gives. */
import "../seed.js";
import { spawn, spawnSync } from "node:child_process";
import { readFileSync, writeFileSync } from "node:fs";
import { request as httpRequest } from "node:http";
import { createServer } from "node:https";
import { join } from "node:path";
import fc from "fast-check";
import { suite } from "uvu";
import * as assert from "uvu/assert";
import { logtestOn } from "../../src/cli/logtest-on.js";
import { TerminalReading } from "../../src/cli/reading.js";
import type { Diagnostic } from "../../src/diagnostics/diagnostic.js";
import { openClickhouseStore } from "../../src/hunt/clickhouse-store.js";
import { HuntedLines, type TableRow } from "../../src/hunt/lines.js";
import { parseNames, zeekNames } from "../../src/hunt/names.js";
import { parsePlace } from "../../src/hunt/place.js";
import { StoreError } from "../../src/hunt/store.js";
import type { LogtestRequest } from "../../src/logtest/arguments.js";
import { runLogtest } from "../../src/logtest/main.js";
import { loadedOf, rules, versions } from "../ossec/engine/random.js";
import { scratchFolder } from "../scratch-folder.js";
import { repository } from "../zeek/helpers.js";
import { put } from "../zeek/scratch.js";
import { hasClickhouse, type Shard, startShards, statement } from "./clickhouse.js";
import { hunted, replayed, writtenAt } from "./helpers.js";
import { connHeader, detectionArbitrary, logArbitrary } from "./random.js";
import { lively, livelyDecoders, reported, rows, sorted } from "./random-lines.js";

const test = suite("hunt: ClickHouse");
const password = "p'a\\ss";

const lineColumns = "us Int64, host String, program Nullable(String), message String";

const mapping = {
  columns: {
    lines: { time: { column: "us", unit: "us" } },
    conn: { ts: { column: "ts_us", unit: "us" }, duration: { column: "duration_us", unit: "us" } },
  },
};
const { names } = parseNames(mapping, "");

const columns = [
  // Its reader of doubles is not exact; whole microseconds are.
  "ts_us Int64",
  "uid String",
  "id_orig_h String",
  "id_orig_p UInt16",
  "id_resp_h String",
  "id_resp_p UInt16",
  "proto String",
  "service Nullable(String)",
  "duration_us Nullable(Int64)",
  "orig_bytes Nullable(UInt64)",
  "resp_bytes Nullable(UInt64)",
  "conn_state Nullable(String)",
  "local_orig Nullable(UInt8)",
  "local_resp Nullable(UInt8)",
  "history Nullable(String)",
  "orig_pkts Nullable(UInt64)",
  "orig_ip_bytes Nullable(UInt64)",
  "resp_pkts Nullable(UInt64)",
  "resp_ip_bytes Nullable(UInt64)",
];

/** A row of the log as ClickHouse reads it; text stays as Zeek has escaped it. */
const cells = (row: string): string =>
  row
    .split("\t")
    .map((cell, i) =>
      cell === "-"
        ? "\\N"
        : i === 0 || i === 8
          ? String(Math.round(Number(cell) * 1e6))
          : cell === "(empty)"
            ? ""
            : i === 12 || i === 13
              ? cell === "T"
                ? "1"
                : "0"
              : cell.replaceAll("\\", "\\\\"),
    )
    .join("\t");

if (!hasClickhouse()) console.log("skipped: clickhouse-server is not installed");
else {
  const folder = scratchFolder("clickhouse");
  const shards = await startShards(join(folder, "servers"), 2, password);
  const [first, second] = shards;
  if (first === undefined || second === undefined) throw new Error("no shards");
  process.on("exit", () => {
    for (const shard of shards) shard.process.kill("SIGKILL");
  });
  const on = (shard: Shard, sql: string, data: string | Uint8Array = "") =>
    statement(shard, password, sql, data);
  for (const shard of shards) {
    await on(shard, `CREATE TABLE conn_local (${columns.join(", ")}) ENGINE = Log`);
    await on(
      shard,
      `CREATE TABLE conn (${columns.join(", ")}) ENGINE = Distributed(shards, default, conn_local)`,
    );
  }
  const open = async (table: string, own = names, silence = 60) => {
    process.env.CLICKHOUSE_PASSWORD = password;
    const place = parsePlace(`clickhouse://127.0.0.1:${first.http}/default?table=${table}`);
    if ("severity" in place || place.kind !== "clickhouse") throw new Error("no place");
    return openClickhouseStore(place, { names: own, range: { from: null, to: null }, silence });
  };
  let made = 0;
  /** Where zopf runs with that mapping. */
  const settings = join(folder, "settings");
  put(settings, "zopf.config.json", JSON.stringify({ hunt: { names: mapping } }));

  test("random detections on random logs, split over two shards", async () => {
    let notices = 0;
    await fc.assert(
      fc.asyncProperty(
        logArbitrary,
        fc.array(detectionArbitrary, { minLength: 6, maxLength: 6 }),
        async (rows, several) => {
          const sorted = rows
            .map((row) => ({
              row,
              time: writtenAt(row),
              ts: Number(row.split("\t")[0]),
              uid: row.split("\t")[1] ?? "",
            }))
            .sort((a, b) => a.time - b.time || a.ts - b.ts || (a.uid < b.uid ? -1 : 1))
            .map(({ row }) => row);
          const logs = join(folder, `${made++}`);
          // A running Zeek's: a table says nothing about an end.
          put(logs, "conn.00:00:00-01:00:00.log", `${connHeader}${sorted.join("\n")}\n`);
          for (const [i, shard] of shards.entries()) {
            await on(shard, "DROP TABLE conn_local");
            await on(shard, `CREATE TABLE conn_local (${columns.join(", ")}) ENGINE = Log`);
            const own = rows.filter((_, n) => n % shards.length === i).map(cells);
            await on(shard, "INSERT INTO conn_local FORMAT TabSeparated", `${own.join("\n")}\n`);
          }
          const opened = await open("conn");
          if (!opened.ok) throw new Error(JSON.stringify(opened.diagnostics));
          const told = (outputs: readonly object[]) =>
            outputs.map((output) => ({ ...output, file: null, lineNumber: null }));
          for (const detection of several) {
            const expected = await replayed(logs, [detection]);
            assert.equal(told((await hunted(opened.store, [detection])).outputs), told(expected.outputs));
            notices += expected.outputs.length;
          }
        },
      ),
      { numRuns: 15, endOnFailure: true, includeErrorInReport: true },
    );
    assert.ok(notices > 100, `${notices} outputs`);
  });

  // ClickHouse's own escapes: a backslash, and what ends a cell or a row.
  const cell = (text: string): string =>
    text.replaceAll("\\", "\\\\").replaceAll("\t", "\\t").replaceAll("\n", "\\n").replaceAll("\0", "\\0");
  /** Makes the table of lines anew, split over both shards. */
  const fill = async (given: readonly TableRow[]): Promise<void> => {
    for (const [i, shard] of shards.entries()) {
      await on(shard, "DROP TABLE IF EXISTS lines_local");
      await on(shard, "DROP TABLE IF EXISTS syslog");
      await on(shard, `CREATE TABLE lines_local (${lineColumns}) ENGINE = Log`);
      await on(
        shard,
        `CREATE TABLE syslog (${lineColumns}) ENGINE = Distributed(shards, default, lines_local)`,
      );
      const own = given.filter((_, n) => n % shards.length === i);
      const text = own.map(({ time, host, program, message }) =>
        [Math.round(time * 1e6), host, program, message].map(String).map(cell).join("\t"),
      );
      const data = Buffer.from(text.map((line) => `${line}\n`).join(""), "latin1");
      if (own.length > 0) await on(shard, "INSERT INTO lines_local FORMAT TabSeparated", data);
    }
  };

  test("random rules on random lines of any bytes, split over two shards", async () => {
    let events = 0;
    let spared = 0;
    await fc.assert(
      fc.asyncProperty(fc.oneof(rules, lively, lively), rows, versions, async (xml, given, engine) => {
        const ruleset = loadedOf({ rules: xml, decoders: livelyDecoders, engine });
        if (ruleset === null) return;
        await fill(given);
        const opened = await open("syslog&log=lines");
        if (!opened.ok) throw new Error(JSON.stringify(opened.diagnostics));
        const lines = new HuntedLines({
          store: opened.store,
          whole: false,
          maxRows: Number.POSITIVE_INFINITY,
        });
        const prepared = await lines.prepare(ruleset);
        if (!prepared.ok) throw new Error(JSON.stringify(prepared.diagnostics));
        const fetched = [];
        for await (const line of prepared.lines) fetched.push(line);
        const expected = reported(ruleset, sorted(given));
        assert.equal(reported(ruleset, fetched), expected);
        events += expected.length;
        spared += given.length - fetched.length;
      }),
      { numRuns: 12, endOnFailure: true, includeErrorInReport: true },
    );
    assert.ok(events > 30 && spared > 30, `${events} events, ${spared} lines not fetched`);
  });

  /** The command, from its beginning to its end. */
  const command = (words: readonly string[], env: Readonly<Record<string, string>> = {}) => {
    const child = spawn(process.execPath, [join(repository, "bin", "run.js"), ...words], {
      env: { ...process.env, CLICKHOUSE_PASSWORD: password, ...env },
      stdio: ["ignore", "pipe", "pipe"],
    });
    let printed = "";
    for (const stream of [child.stdout, child.stderr]) stream.on("data", (data) => (printed += String(data)));
    const ended = new Promise<number | null>((resolve) => child.once("close", resolve));
    return { child, ended, printed: () => printed };
  };
  const bundle = join(repository, "examples", "zeek-ossec-pf", "perimeter.zopf.ts");
  const running = async (): Promise<string> => {
    const answer = await fetch(`http://127.0.0.1:${first.http}/`, {
      method: "POST",
      body: "SELECT query FROM system.processes WHERE query LIKE '%slow%' AND query NOT LIKE '%processes%'",
      headers: { "X-ClickHouse-User": "default", "X-ClickHouse-Key": password },
    });
    return answer.text();
  };
  const within = async (seconds: number, isSo: () => Promise<boolean>): Promise<boolean> => {
    for (let tries = 0; tries < 10 * seconds; tries++) {
      if (await isSo()) return true;
      await new Promise((resolve) => setTimeout(resolve, 100));
    }
    return false;
  };

  test("Ctrl-C ends the query on the server", async () => {
    // Its numbers never end.
    await on(
      first,
      "CREATE VIEW slow AS SELECT toFloat64(number) AS ts, toString(number) AS uid, '9.9.9.9' AS id_orig_h, toUInt16(1) AS id_orig_p, '1.1.1.1' AS id_resp_h, toUInt16(1) AS id_resp_p, 'tcp' AS proto, toFloat64(1) AS duration, 'S0' AS conn_state, 'S' AS history FROM system.numbers",
    );
    const place = `clickhouse://127.0.0.1:${first.http}/default?table=slow`;
    const { child, ended, printed } = command(["hunt", bundle, "--on", place]);
    assert.ok(await within(60, async () => (await running()) !== ""), printed());
    child.kill("SIGINT");
    assert.is(await ended, 130);
    assert.match(printed(), "stopped before the end");
    assert.ok(await within(20, async () => (await running()) === ""), "the query still runs");
  });

  test("TLS, and an account that may only read", async () => {
    const rows =
      "SELECT toFloat64(1700000000 + number) AS ts, toString(number) AS uid, '9.9.9.9' AS id_orig_h, toUInt16(1) AS id_orig_p, '162.212.157.188' AS id_resp_h, toUInt16(number) AS id_resp_p, 'tcp' AS proto, toNullable(toFloat64(1)) AS duration, 'S0' AS conn_state, 'S' AS history FROM system.numbers LIMIT 20";
    await on(first, `CREATE TABLE few ENGINE = Log AS ${rows}`);
    const reading = command([
      "hunt",
      bundle,
      "--on",
      `clickhouse://reader@127.0.0.1:${first.http}/default?table=few`,
    ]);
    assert.is(await reading.ended, 0, reading.printed());
    assert.match(reading.printed(), "1 notice, 1 alert, 1 block");
    const key = join(folder, "key.pem");
    const certificate = join(folder, "certificate.pem");
    const words = `req -x509 -newkey rsa:2048 -nodes -keyout ${key} -out ${certificate} -days 2 -subj /CN=localhost -addext subjectAltName=DNS:localhost`;
    if (spawnSync("openssl", words.split(" "), { stdio: "ignore" }).status !== 0)
      return void console.log("skipped: openssl makes no certificate");
    const front = createServer(
      { key: readFileSync(key), cert: readFileSync(certificate) },
      (request, response) => {
        const { method, url, headers } = request;
        const inner = httpRequest(
          { port: first.http, host: "127.0.0.1", method, path: url, headers },
          (answer) => {
            response.writeHead(answer.statusCode ?? 500, answer.headers);
            answer.pipe(response);
          },
        );
        request.pipe(inner);
      },
    );
    await new Promise<void>((resolve) => front.listen(0, "127.0.0.1", resolve));
    const address = front.address();
    const port = typeof address === "object" && address !== null ? address.port : 0;
    const place = `clickhouses://localhost:${port}/default?table=few`;
    const trusted = command(["hunt", bundle, "--on", place], { NODE_EXTRA_CA_CERTS: certificate });
    assert.is(await trusted.ended, 0, trusted.printed());
    assert.match(trusted.printed(), "1 notice, 1 alert, 1 block");
    const untrusted = command(["hunt", bundle, "--on", place]);
    assert.is(await untrusted.ended, 2);
    assert.match(untrusted.printed(), "its certificate is not trusted");
    front.closeAllConnections();
    front.close();
  });

  test("an error in the middle of an answer is one, whatever came before it", async () => {
    await on(
      first,
      "CREATE VIEW broken AS SELECT toFloat64(1700000000 + number) AS ts, toString(number) AS uid, '9.9.9.9' AS id_orig_h, toUInt16(1) AS id_orig_p, '1.1.1.1' AS id_resp_h, toUInt16(1) AS id_resp_p, 'tcp' AS proto, toFloat64(throwIf(number = 300000)) AS duration, 'S0' AS conn_state, 'S' AS history FROM system.numbers LIMIT 400000",
    );
    const opened = await open("broken", zeekNames);
    if (!opened.ok) throw new Error(JSON.stringify(opened.diagnostics));
    let rows = 0;
    try {
      for await (const some of opened.store.stream("SELECT ts, duration FROM default.broken"))
        rows += some.length;
      assert.unreachable(`${rows} rows are no answer`);
    } catch (error) {
      assert.instance(error, StoreError);
      assert.match(error instanceof Error ? error.message : "", "throwIf");
    }
    assert.ok(rows > 0, "the error came before the first row");
  });

  test("the command says what is wrong with the account, the address and the table, and exits with 2", async () => {
    await on(first, "CREATE DATABASE IF NOT EXISTS elsewhere");
    await on(
      first,
      "CREATE TABLE IF NOT EXISTS elsewhere.odd (ts Float64, id_orig_h UInt32, conn_state String) ENGINE = Log",
    );
    const host = `127.0.0.1:${first.http}`;
    for (const [place, env, said] of [
      [`${host}/default?table=few`, { CLICKHOUSE_PASSWORD: "wrong" }, "CLICKHOUSE_PASSWORD"],
      [`nobody@${host}/default?table=few`, {}, "CLICKHOUSE_PASSWORD"],
      [`${host}/default?table=few`, { CLICKHOUSE_PASSWORD_FILE: "/nowhere" }, null],
      [`${host}/nowhere?table=few`, {}, "path of the address"],
      [`${host}/default?table=nothing`, {}, "table=NAME"],
      [`${host}/elsewhere?table=odd`, {}, '"id_orig_h" of conn is UInt32'],
      [`127.0.0.1:${first.tcp}/default?table=few`, {}, "8123"],
    ] as const) {
      const { ended, printed } = command(["hunt", bundle, "--on", `clickhouse://${place}`], env);
      assert.is(await ended, said === null ? 0 : 2, printed());
      if (said !== null) assert.ok(printed().includes(said), printed());
    }
  });

  test("logtest --on prints what it prints of the lines and their times", async () => {
    const decoders = join(folder, "decoders.xml");
    const rulesFile = join(folder, "rules.xml");
    const output = join(folder, "printed");
    writeFileSync(decoders, livelyDecoders, "latin1");
    await fc.assert(
      fc.asyncProperty(lively, rows, fc.boolean(), async (xml, all, alerts) => {
        const given = all.filter((one) => one.message.length < 5000);
        if (loadedOf({ rules: xml, decoders: livelyDecoders }) === null || given.length === 0) return;
        writeFileSync(
          rulesFile,
          `<group name="t,"><rule id="1" level="0" noalert="1"><category>syslog</category></rule>${xml}</group>`,
          "latin1",
        );
        await fill(given);
        const request: LogtestRequest = {
          decoders: [decoders],
          rules: [rulesFile],
          engine: "4.3",
          control: false,
          verbose: false,
          alerts,
          hostname: "here",
          format: "json",
          output,
          files: [],
        };
        const errors: string[] = [];
        const report = async (found: readonly Diagnostic[]) =>
          void errors.push(
            ...found.filter(({ severity }) => severity === "error").map(({ message }) => message),
          );
        const timed = join(folder, "timed.log");
        writeFileSync(
          timed,
          sorted(given)
            .map(({ text, time }) => `@time ${Math.floor(time)}\n${text}\n`)
            .join(""),
          "latin1",
        );
        assert.is(await runLogtest({ ...request, control: true, files: [timed] }, report), 0);
        const expected = readFileSync(output, "latin1");
        process.env.CLICKHOUSE_PASSWORD = password;
        const place = `clickhouse://127.0.0.1:${first.http}/default?table=syslog`;
        const own = process.cwd();
        process.chdir(settings);
        try {
          const range = { from: null, to: null };
          assert.is(await logtestOn(place, range, request, report, new TerminalReading()), 0, errors.join());
        } finally {
          process.chdir(own);
        }
        assert.is(readFileSync(output, "latin1"), expected);
      }),
      { numRuns: 8, endOnFailure: true, includeErrorInReport: true },
    );
  });

  test("a server that stands still: --time-limit ends it, and so does the silence", async () => {
    const opened = await open("few", zeekNames);
    if (!opened.ok) throw new Error(JSON.stringify(opened.diagnostics));
    first.process.kill("SIGSTOP");
    try {
      const place = `clickhouse://127.0.0.1:${first.http}/default?table=few`;
      const limited = command(["hunt", bundle, "--on", place, "--time-limit", "2sec"]);
      assert.is(await limited.ended, 2, limited.printed());
      assert.match(limited.printed(), "stopped before the end");
      const waited = await open("few", zeekNames, 0.5);
      assert.match(waited.diagnostics[0]?.message ?? "", "does not answer");
    } finally {
      first.process.kill("SIGCONT");
    }
    assert.is((await opened.store.rows("SELECT count(*) AS n FROM default.few")).length, 1);
  });

  test("no such table, no permission, a shard that is gone", async () => {
    const gone = await open("nothing");
    assert.equal(
      gone.diagnostics.map(({ code }) => code),
      ["hunt/engine"],
    );
    const opened = await open("conn");
    if (!opened.ok) throw new Error("conn is not there");
    process.env.CLICKHOUSE_PASSWORD = "wrong";
    const place = parsePlace(`clickhouse://127.0.0.1:${first.http}/default?table=conn`);
    if ("severity" in place || place.kind !== "clickhouse") throw new Error("no place");
    const refused = await openClickhouseStore(place, { names, range: { from: null, to: null } });
    assert.equal(
      refused.diagnostics.map(({ code }) => code),
      ["hunt/engine"],
    );
    second.process.kill("SIGKILL");
    await new Promise((resolve) => second.process.once("exit", resolve));
    const [detection] = fc.sample(detectionArbitrary, { numRuns: 1, seed: 1 });
    if (detection === undefined) throw new Error("no detection");
    try {
      await hunted(opened.store, [detection]);
      assert.unreachable("half of the table is no answer");
    } catch (error) {
      assert.instance(error, StoreError);
    }
  });

  test.after(() => {
    for (const shard of shards) shard.process.kill("SIGKILL");
  });
}

test.run();
