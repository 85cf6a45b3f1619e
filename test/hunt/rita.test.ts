/** Hunts in a table as RITA creates it give what the replay gives of what RITA keeps of the log. */
import "../seed.js";
import { join } from "node:path";
import fc from "fast-check";
import { suite } from "uvu";
import * as assert from "uvu/assert";
import { openDuckdb } from "../../src/archive/duckdb.js";
import { openClickhouseStore } from "../../src/hunt/clickhouse-store.js";
import { openDuckdbStore } from "../../src/hunt/duckdb-store.js";
import { parseNames } from "../../src/hunt/names.js";
import { parsePlace } from "../../src/hunt/place.js";
import type { Store } from "../../src/hunt/store.js";
import { duckdb as duckdbSql } from "../../src/targets/sql/dialect.js";
import { scratchFolder } from "../scratch-folder.js";
import { put } from "../zeek/scratch.js";
import { startChdb } from "./chdb.js";
import { hasClickhouse, startShards, statement } from "./clickhouse.js";
import { hasDuckdb, hunted, replayed, writtenAt } from "./helpers.js";
import { connHeader, detectionArbitrary, logArbitrary } from "./random.js";
import { leftOf, ritaConn, valuesOf } from "./rita.js";

const test = suite("hunt: RITA's tables");
const folder = scratchFolder("rita");
const { names } = parseNames("rita", "");
const range = { from: null, to: null };
let made = 0;

/** An engine that the table is put into. */
interface Engine {
  readonly name: string;
  /** Makes the table anew; `values` are a row each. */
  fill(values: readonly string[]): Promise<Store>;
  readonly dialect: "clickhouse" | "duckdb";
  close(): void;
}

const declared = (typeOf: (type: string, name: string) => string): string =>
  ritaConn.map(([name, type]) => `${name} ${typeOf(type, name)}`).join(", ");

async function clickhouseAt(port: number, password: string): Promise<Store> {
  process.env.CLICKHOUSE_PASSWORD = password;
  const place = parsePlace(`clickhouse://127.0.0.1:${port}/default`);
  if ("severity" in place || place.kind !== "clickhouse") throw new Error("no place");
  const opened = await openClickhouseStore(place, { names, range });
  if (!opened.ok) throw new Error(JSON.stringify(opened.diagnostics));
  return opened.store;
}

const engines: Engine[] = [];

const chdb = await startChdb(join(folder, "chdb"));
if (chdb !== null)
  engines.push({
    name: "ClickHouse of today (chdb)",
    dialect: "clickhouse",
    fill: async (values) => {
      chdb.run("DROP TABLE IF EXISTS conn");
      chdb.run(
        `CREATE TABLE conn (${declared((type) => type)}) ENGINE = MergeTree() PRIMARY KEY (import_id, missing_host_header, dst_nuid, src_nuid, src, dst, hash) ORDER BY (import_id, missing_host_header, dst_nuid, src_nuid, src, dst, hash, ts)`,
      );
      chdb.run(`INSERT INTO conn VALUES ${values.join(", ")}`);
      return clickhouseAt(chdb.port, "");
    },
    close: () => chdb.close(),
  });

if (!hasClickhouse()) console.log("skipped: clickhouse-server is not installed");
else {
  const password = "secret";
  const [server] = await startShards(join(folder, "server"), 1, password);
  if (server === undefined) throw new Error("no server");
  process.on("exit", () => server.process.kill("SIGKILL"));
  // Of 2018: it has neither Bool nor LowCardinality.
  const old = (type: string): string =>
    type === "Bool"
      ? "UInt8"
      : type.startsWith("LowCardinality")
        ? "String"
        : type === "IPv6"
          ? oldIpv6
          : type;
  const oldIpv6 = await statement(server, password, "SELECT toIPv6('::1')").then(
    () => "IPv6",
    () => "String",
  );
  engines.push({
    name: "ClickHouse 18.16",
    dialect: "clickhouse",
    fill: async (values) => {
      await statement(server, password, "DROP TABLE IF EXISTS conn");
      await statement(server, password, `CREATE TABLE conn (${declared(old)}) ENGINE = Log`);
      const ended = values.map((row) => row.replaceAll("'::ffff:", oldIpv6 === "IPv6" ? "'::ffff:" : "'"));
      await statement(server, password, "INSERT INTO conn VALUES", ended.join(", "));
      return clickhouseAt(server.http, password);
    },
    close: () => void server.process.kill("SIGKILL"),
  });
}

if (await hasDuckdb()) {
  const opened = await openDuckdb(2);
  if (!opened.ok) throw new Error("no DuckDB");
  const { duckdb } = opened;
  const types: Readonly<Record<string, string>> = {
    DateTime: "TIMESTAMP_S",
    IPv6: "VARCHAR",
    UUID: "UUID",
    UInt32: "UINTEGER",
    Bool: "BOOLEAN",
    Float64: "DOUBLE",
    Int64: "BIGINT",
    UInt64: "UBIGINT",
  };
  engines.push({
    name: "DuckDB",
    dialect: "duckdb",
    fill: async (values) => {
      const file = join(folder, `rita-${made++}.duckdb`);
      await duckdb.run(`ATTACH ${duckdbSql.text(file)} AS rita`);
      await duckdb.run(`CREATE TABLE rita.conn (${declared((type) => types[type] ?? "VARCHAR")})`);
      await duckdb.run(`INSERT INTO rita.conn VALUES ${values.join(", ")}`);
      await duckdb.run("DETACH rita");
      const store = await openDuckdbStore({ path: file, log: "conn", table: null }, { names, range });
      if (!store.ok) throw new Error(JSON.stringify(store.diagnostics));
      return store.store;
    },
    close: () => duckdb.close(),
  });
}

for (const engine of engines)
  test(`${engine.name}: random detections on random logs`, async () => {
    let notices = 0;
    await fc.assert(
      fc.asyncProperty(
        logArbitrary,
        fc.array(detectionArbitrary, { minLength: 6, maxLength: 6 }),
        async (given, several) => {
          const rows = given.map(leftOf);
          const sorted = rows
            .map((row) => ({ row, time: writtenAt(row), cells: row.split("\t") }))
            .sort(
              (a, b) =>
                a.time - b.time ||
                Number(a.cells[0]) - Number(b.cells[0]) ||
                ((a.cells[1] ?? "") < (b.cells[1] ?? "") ? -1 : 1),
            )
            .map(({ row }) => row);
          const logs = join(folder, `logs-${made++}`);
          put(logs, "conn.00:00:00-01:00:00.log", `${connHeader}${sorted.join("\n")}\n`);
          // RITA has HTTP connections without a host a second time.
          const values = rows.flatMap((row, i) => [
            valuesOf(row, false, engine.dialect),
            ...(i % 5 === 0 ? [valuesOf(row, true, engine.dialect)] : []),
          ]);
          const store = await engine.fill(values);
          try {
            const plain = (outputs: readonly object[]) =>
              outputs.map((output) => ({ ...output, file: null, lineNumber: null }));
            for (const detection of several) {
              const expected = await replayed(logs, [detection]);
              assert.equal(plain((await hunted(store, [detection])).outputs), plain(expected.outputs));
              notices += expected.outputs.length;
            }
          } finally {
            await store.close();
          }
        },
      ),
      { numRuns: 8, endOnFailure: true, includeErrorInReport: true },
    );
    assert.ok(notices > 50, `${notices} outputs`);
  });

test.after(() => {
  for (const engine of engines) engine.close();
});

test.run();
