#!/usr/bin/env node
// How long an archive takes to make, and a hunt in it, beside what else would do it:
//
//     node bench/hunt.js [millions of rows, 5] [rounds, 3]
//
// Ratios are of the medians of interleaved rounds in one run. The folder holds the rows as eight pieces, as Zeek
// rotates them.
import { spawnSync } from "node:child_process";
import { existsSync, mkdirSync, readdirSync, readFileSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { dirname, join } from "node:path";
import { fileURLToPath } from "node:url";
import { gzipSync } from "node:zlib";

const root = dirname(dirname(fileURLToPath(import.meta.url)));
const zopf = join(root, "bin", "run.js");
const millions = Number(process.argv[2] ?? 5);
const rounds = Number(process.argv[3] ?? 3);
const folder = join(tmpdir(), `zopf-bench-hunt-${millions}`);
const plain = join(folder, "plain");
const packed = join(folder, "packed");
const pieces = 8;

function run(command, args, options = {}) {
  const done = spawnSync(command, args, { encoding: "utf8", maxBuffer: 1 << 28, ...options });
  if (done.status !== 0) throw new Error(`${command} ${args.join(" ")}: ${done.stderr}`);
  return done.stdout;
}

if (!existsSync(packed)) {
  mkdirSync(plain, { recursive: true });
  const whole = join(folder, "conn.log");
  run(process.execPath, [join(root, "bench", "conn-log.js"), String(millions), whole]);
  const lines = readFileSync(whole, "latin1").split("\n");
  const header = lines.filter((line) => line.startsWith("#") && !line.startsWith("#close"));
  const rows = lines.filter((line) => line !== "" && !line.startsWith("#"));
  const size = Math.ceil(rows.length / pieces);
  mkdirSync(`${packed}.part`, { recursive: true });
  for (let i = 0; i < pieces; i++) {
    const text = Buffer.from(
      `${[...header, ...rows.slice(i * size, (i + 1) * size)].join("\n")}\n`,
      "latin1",
    );
    const name = `conn.0${i}:00:00-0${i + 1}:00:00.log`;
    writeFileSync(join(plain, name), text);
    writeFileSync(join(`${packed}.part`, `${name}.gz`), gzipSync(text, { level: 6 }));
  }
  rmSync(whole);
  run("mv", [`${packed}.part`, packed]);
}

const bundle = join(root, "examples", "zeek-ossec-pf", "perimeter.zopf.ts");
const ten = join(root, "examples", "catalogue", "catalogue.zopf.ts");
const archive = join(folder, "archive");
const columns = run(process.execPath, [
  "-e",
  `
  const { readFileSync, openSync, readSync, readdirSync } = require("node:fs");
  const b = Buffer.alloc(4000);
  readSync(openSync(${JSON.stringify(join(plain, readdirSync(plain)[0]))}), b, 0, 4000, 0);
  const line = (key) => b.toString().split("\\n").find((one) => one.startsWith(key)).split("\\t").slice(1);
  const names = line("#fields");
  const kinds = { time: "DOUBLE", interval: "DOUBLE", count: "UBIGINT", port: "USMALLINT", bool: "BOOLEAN" };
  const list = line("#types").map((type, i) => "'" + names[i] + "': '" + (kinds[type] ?? "VARCHAR") + "'");
  console.log("{" + list.join(", ") + "}");
`,
]).trim();

/** DuckDB alone, in a process of its own as zopf is. */
function duckdb(sql) {
  run(
    process.execPath,
    [
      "--input-type=module",
      "-e",
      `import { DuckDBInstance } from "@duckdb/node-api";
     const instance = await DuckDBInstance.create(":memory:", { threads: "2" });
     const connection = await instance.connect();
     await connection.runAndReadAll(${JSON.stringify(sql)});`,
    ],
    { cwd: root },
  );
}
const csv = (glob) =>
  `read_csv('${glob}', delim = '\t', header = false, skip = 8, columns = ${columns}, quote = '', escape = '', nullstr = '-', auto_detect = false, ignore_errors = true)`;
const parquet = `read_parquet('${archive}/conn/**/*.parquet', hive_partitioning = false)`;

const hunted = [
  "Half_Open_Scan",
  "Rejected_Scan",
  "Connect_Scan",
  "Any_State_Scan",
  "Udp_Scan",
  "Fin_Scan",
  "Null_Scan",
  "Ack_Scan",
  "Address_Scan",
  "Syn_Flood",
];
const tasks = {
  "COPY of .gz": () => {
    rmSync(join(folder, "copy"), { recursive: true, force: true });
    mkdirSync(join(folder, "copy"));
    duckdb(
      `COPY (SELECT * FROM ${csv(`${packed}/*.log.gz`)}) TO '${folder}/copy/all.parquet' (FORMAT parquet, COMPRESSION zstd)`,
    );
  },
  "archive of .gz": () => {
    rmSync(archive, { recursive: true, force: true });
    run(process.execPath, [zopf, "archive", packed, "--into", archive]);
  },
  "COPY of plain": () =>
    duckdb(
      `COPY (SELECT * FROM ${csv(`${plain}/*.log`)}) TO '${folder}/copy/all.parquet' (FORMAT parquet, COMPRESSION zstd)`,
    ),
  "archive of plain": () => {
    rmSync(`${archive}-plain`, { recursive: true, force: true });
    run(process.execPath, [zopf, "archive", plain, "--into", `${archive}-plain`]);
  },
  "by hand": () =>
    duckdb(
      `SELECT "id.orig_h", time_bucket(INTERVAL 1 MINUTE, ts) AS b, count(DISTINCT "id.resp_p") AS n FROM ${parquet} WHERE conn_state = 'S0' GROUP BY ALL HAVING n >= 5`,
    ),
  "hunt, one detection": () =>
    run(process.execPath, [zopf, "hunt", bundle, "--on", `duckdb:${archive}`, "--summary"]),
  "hunt, ten detections": () =>
    run(process.execPath, [
      zopf,
      "hunt",
      ten,
      "--on",
      `duckdb:${archive}`,
      "--summary",
      ...hunted.flatMap((name) => ["--detection", name]),
    ]),
  "replay of .gz": () => run(process.execPath, [zopf, "replay", bundle, "--zeek", packed, "--summary"]),
};
const times = Object.fromEntries(Object.keys(tasks).map((name) => [name, []]));
for (let round = 0; round < rounds; round++)
  for (const [name, task] of Object.entries(tasks)) {
    const start = process.hrtime.bigint();
    task();
    times[name].push(Number(process.hrtime.bigint() - start) / 1e9);
  }
const median = (list) => [...list].sort((a, b) => a - b)[Math.floor(list.length / 2)];
console.log(`${millions} million rows, ${rounds} rounds, medians`);
for (const [name, list] of Object.entries(times))
  console.log(`${name.padEnd(22)} ${median(list).toFixed(2)} s`);
const ratio = (text, a, b, bound) =>
  console.log(`${text.padEnd(44)} ${(median(times[a]) / median(times[b])).toFixed(2)} (${bound})`);
ratio("archive / COPY, .gz", "archive of .gz", "COPY of .gz", "at most 1.5");
ratio("archive / COPY, plain", "archive of plain", "COPY of plain", "at most 1.5");
ratio("hunt / GROUP BY by hand", "hunt, one detection", "by hand", "at most 3");
ratio("replay of .gz / hunt", "replay of .gz", "hunt, one detection", "at least 10");
ratio("ten detections / one", "hunt, ten detections", "hunt, one detection", "at most 4");
const peak = spawnSync(
  "/usr/bin/time",
  ["-v", process.execPath, zopf, "hunt", bundle, "--on", `duckdb:${archive}`, "--summary"],
  { encoding: "utf8" },
);
const kilobytes = /Maximum resident set size \(kbytes\): (\d+)/.exec(peak.stderr ?? "")?.[1];
if (kilobytes !== undefined) console.log(`memory of a hunt: ${Math.round(Number(kilobytes) / 1024)} MB`);
