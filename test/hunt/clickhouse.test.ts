/** Hunts in a real ClickHouse of two shards give what the replay gives. */
import "../seed.js";
import { spawn, spawnSync } from "node:child_process";
import { readFileSync } from "node:fs";
import { request as httpRequest } from "node:http";
import { createServer } from "node:https";
import { join } from "node:path";
import fc from "fast-check";
import { suite } from "uvu";
import * as assert from "uvu/assert";
import { openClickhouseStore } from "../../src/hunt/clickhouse-store.js";
import { HuntedLines } from "../../src/hunt/lines.js";
import { parseNames, zeekNames } from "../../src/hunt/names.js";
import { parsePlace } from "../../src/hunt/place.js";
import { StoreError } from "../../src/hunt/store.js";
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

const { names } = parseNames(
  {
    columns: {
      lines: { time: { column: "us", unit: "us" } },
      conn: { ts: { column: "ts_us", unit: "us" }, duration: { column: "duration_us", unit: "us" } },
    },
  },
  "",
);

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
  const open = async (table: string, own = names) => {
    process.env.CLICKHOUSE_PASSWORD = password;
    const place = parsePlace(`clickhouse://127.0.0.1:${first.http}/default?table=${table}`);
    if ("severity" in place || place.kind !== "clickhouse") throw new Error("no place");
    return openClickhouseStore(place, { names: own, range: { from: null, to: null } });
  };
  let made = 0;

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

  test("random rules on random lines of any bytes, split over two shards", async () => {
    let events = 0;
    let spared = 0;
    // ClickHouse's own escapes: a backslash, and what ends a cell or a row.
    const cell = (text: string): string =>
      text.replaceAll("\\", "\\\\").replaceAll("\t", "\\t").replaceAll("\n", "\\n").replaceAll("\0", "\\0");
    await fc.assert(
      fc.asyncProperty(fc.oneof(rules, lively, lively), rows, versions, async (xml, given, engine) => {
        const ruleset = loadedOf({ rules: xml, decoders: livelyDecoders, engine });
        if (ruleset === null) return;
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
