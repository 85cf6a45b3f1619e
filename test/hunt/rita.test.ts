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
import { compileDetections, everyPreset, zeekDetections } from "../catalogue/catalogue.js";
import { scratchFolder } from "../scratch-folder.js";
import { header, put } from "../zeek/scratch.js";
import { startChdb } from "./chdb.js";
import { hasClickhouse, startShards, statement } from "./clickhouse.js";
import { hasDuckdb, hunted, replayed, writtenAt } from "./helpers.js";
import { connHeader, detectionArbitrary, logArbitrary } from "./random.js";
import { leftOf, type RitaRow, ritaConn, ritaLogs, ritaUid, ritaValues, valuesOf } from "./rita.js";

const test = suite("hunt: RITA's tables");
const folder = scratchFolder("rita");
const { names } = parseNames("rita", "");
const range = { from: null, to: null };
let made = 0;

/** An engine that the table is put into. */
interface Engine {
  readonly name: string;
  /** Makes the table of a log anew; `values` are a row each. */
  fill(log: string, columns: readonly Column[], values: readonly string[]): Promise<Store>;
  readonly dialect: "clickhouse" | "duckdb";
  close(): void;
}

type Column = readonly [name: string, type: string, ...unknown[]];

const declared = (columns: readonly Column[], typeOf: (type: string) => string): string =>
  columns.map(([name, type]) => `${name} ${typeOf(type)}`).join(", ");

async function clickhouseAt(port: number, password: string, log: string): Promise<Store> {
  process.env.CLICKHOUSE_PASSWORD = password;
  const place = parsePlace(`clickhouse://127.0.0.1:${port}/default?log=${log}`);
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
    fill: async (log, columns, values) => {
      chdb.run(`DROP TABLE IF EXISTS ${log}`);
      chdb.run(
        `CREATE TABLE ${log} (${declared(columns, (type) => type)}) ENGINE = MergeTree() ORDER BY (src, dst, ts)`,
      );
      chdb.run(`INSERT INTO ${log} VALUES ${values.join(", ")}`);
      return clickhouseAt(chdb.port, "", log);
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
    fill: async (log, columns, values) => {
      await statement(server, password, `DROP TABLE IF EXISTS ${log}`);
      await statement(server, password, `CREATE TABLE ${log} (${declared(columns, old)}) ENGINE = Log`);
      const ended = values.map((row) => row.replaceAll("'::ffff:", oldIpv6 === "IPv6" ? "'::ffff:" : "'"));
      await statement(server, password, `INSERT INTO ${log} VALUES`, ended.join(", "));
      return clickhouseAt(server.http, password, log);
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
    UInt16: "USMALLINT",
    "Array(String)": "VARCHAR[]",
  };
  engines.push({
    name: "DuckDB",
    dialect: "duckdb",
    fill: async (log, columns, values) => {
      const file = join(folder, `rita-${made++}.duckdb`);
      await duckdb.run(`ATTACH ${duckdbSql.text(file)} AS rita`);
      await duckdb.run(`CREATE TABLE rita.${log} (${declared(columns, (type) => types[type] ?? "VARCHAR")})`);
      await duckdb.run(`INSERT INTO rita.${log} VALUES ${values.join(", ")}`);
      await duckdb.run("DETACH rita");
      const store = await openDuckdbStore({ path: file, log, table: null }, { names, range });
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
          const store = await engine.fill("conn", ritaConn, values);
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

/** What is counted in http.log, dns.log and ssl.log: the presets', and one that reads ssl.log. */
const presets = [...(await everyPreset()).values()].filter(({ rows }) =>
  ["http", "dns"].includes(rows?.log ?? ""),
);
const ofSsl = zeekDetections(
  await compileDetections(`
  { kind: "zeek", name: "Names", event: "ssl.log", where: (c) => c.server_name !== undefined && !c.established,
    per: (c) => c.id.orig_h, count: { distinct: (c) => c.server_name ?? "" }, threshold: 3, window: { sliding: "1 min" },
    notice: { message: (hit) => \`\${hit.key}: \${hit.count}\` }, rule: { level: 5, description: "names" } }`),
);
const rowOf = {
  ts: fc.integer({ min: 1_700_000_000, max: 1_700_000_200 }).map((second) => `${second}.000000`),
  "id.orig_h": fc.constantFrom("10.0.0.9", "8.8.8.8", "2a00:1450::5"),
  "id.orig_p": fc.constantFrom("40000", "40001"),
  "id.resp_h": fc.constantFrom("10.0.0.1", "203.0.113.9"),
};
const unset = fc.constant("-");
const rowsOf: Readonly<Record<"http" | "dns" | "ssl", fc.Arbitrary<RitaRow>>> = {
  http: fc.record({
    ...rowOf,
    "id.resp_p": fc.constant("80"),
    trans_depth: fc.constantFrom("1", "2"),
    method: fc.oneof(unset, fc.constantFrom("GET", "POST")),
    host: fc.oneof(unset, fc.constantFrom("a.example", "b.example")),
    uri: fc.oneof(
      unset,
      fc.nat({ max: 30 }).map((n) => `/p${n}?q='${n % 3}`),
      fc.constant("/login"),
    ),
    version: fc.constantFrom("1.1", "-"),
    user_agent: fc.constantFrom("x\\\\y", "-"),
    status_code: fc.constantFrom("-", "200", "404", "404", "404", "401", "403"),
    status_msg: fc.constantFrom("Not Found", "-"),
  }),
  dns: fc
    .record({
      ...rowOf,
      "id.resp_p": fc.constantFrom("53", "53", "5353"),
      trans_id: fc.constantFrom("0", "7"),
      query: fc.oneof(
        unset,
        fc.nat({ max: 40 }).map((n) => `${"q8xk2vz9mw4".repeat(3)}${n}.T${n % 3}.example`),
        fc.nat({ max: 40 }).map((n) => `n${n}.t1.example`),
      ),
      qtype: fc.constant("1"),
      qtype_name: fc.constantFrom("A", "-"),
      answer: fc.constantFrom("NOERROR", "NOERROR", "NXDOMAIN", "-"),
      AA: fc.constantFrom("T", "F"),
      rejected: fc.constantFrom("T", "F"),
    })
    .map(({ answer, ...row }) => ({
      ...row,
      rcode_name: answer,
      rcode: answer === "-" ? "-" : answer === "NOERROR" ? "0" : "3",
      qtype: row.qtype_name === "-" ? "-" : row.qtype,
    })),
  ssl: fc.record({
    ...rowOf,
    "id.resp_p": fc.constant("443"),
    version: fc.constantFrom("TLSv12", "-"),
    server_name: fc.oneof(
      unset,
      fc.nat({ max: 6 }).map((n) => `s${n}.example`),
    ),
    resumed: fc.constantFrom("T", "F"),
    established: fc.constantFrom("T", "F"),
    ja3: fc.constantFrom("abc", "-"),
  }),
};
const zeekTypes: Readonly<Record<string, string>> = {
  ts: "time",
  "id.orig_h": "addr",
  "id.resp_h": "addr",
  "id.orig_p": "port",
  "id.resp_p": "port",
  trans_depth: "count",
  status_code: "count",
  trans_id: "count",
  qtype: "count",
  qclass: "count",
  rcode: "count",
  rtt: "interval",
  AA: "bool",
  rejected: "bool",
  resumed: "bool",
  established: "bool",
  resp_mime_types: "vector[string]",
  answers: "vector[string]",
  cert_chain_fuids: "vector[string]",
};

for (const engine of engines)
  for (const log of ["http", "dns", "ssl"] as const)
    test(`${engine.name}: ${log}`, async () => {
      const columns = ritaLogs[log];
      const zeek = [...new Set(columns.flatMap(([, , name]) => (name === "" ? [] : name)))];
      // Of dns.log RITA keeps no protocol.
      const names = log === "dns" ? [...zeek, "proto"] : zeek;
      const own = (log === "ssl" ? ofSsl : presets.filter(({ rows }) => rows?.log === log)).map((one) => ({
        ...one,
        threshold: Math.min(one.threshold, 3),
      }));
      let notices = 0;
      await fc.assert(
        fc.asyncProperty(fc.array(rowsOf[log], { minLength: 60, maxLength: 200 }), async (given) => {
          const rows = given
            .map((row, i) => ({
              row: { ...row, uid: ritaUid(`C${i}`), proto: "udp" },
              ts: Number(row.ts),
              i: ritaUid(`C${i}`),
            }))
            .sort((a, b) => a.ts - b.ts || (a.i < b.i ? -1 : 1))
            .map(({ row }) => row);
          const logs = join(folder, `logs-${made++}`);
          const cells = (row: RitaRow): string =>
            names
              .map((name) => row[name] ?? (name.endsWith("s") && name !== "ts" ? "(empty)" : "-"))
              .join("\t");
          put(
            logs,
            `${log}.00:00:00-01:00:00.log`,
            `${header(names.join(" "), names.map((name) => zeekTypes[name] ?? "string").join(" ")).replace("#path\tt", `#path\t${log}`)}${rows.map(cells).join("\n")}\n`,
          );
          const values = given.map((row, i) => ritaValues(columns, { ...row, uid: `C${i}` }, engine.dialect));
          const store = await engine.fill(log, columns, values);
          try {
            const plain = (outputs: readonly object[]) =>
              outputs.map((output) => ({ ...output, file: null, lineNumber: null }));
            for (const detection of own) {
              const expected = await replayed(logs, [detection]);
              assert.equal(
                plain((await hunted(store, [detection])).outputs),
                plain(expected.outputs),
                detection.name,
              );
              notices += expected.outputs.filter(({ kind }) => kind === "notice").length;
            }
          } finally {
            await store.close();
          }
        }),
        { numRuns: 6, endOnFailure: true, includeErrorInReport: true },
      );
      assert.ok(notices > 3, `${notices} notices`);
    });

test.after(() => {
  for (const engine of engines) engine.close();
});

test.run();
