#!/usr/bin/env node
// How long an archive takes to make, and a hunt in it, beside what else would do it:
//
//     node bench/hunt.js [millions of rows, 5] [rounds, 3]
//
// Ratios are of interleaved rounds in one run, of CPU time (user + system, the least of the rounds) and of wall
// time, which says little on a busy machine. The rows are those of a border sensor (bench/conn-log.js, background):
// a file an hour, as Zeek rotates them.
import { spawnSync } from "node:child_process";
import { existsSync, mkdirSync, readdirSync, renameSync, rmSync } from "node:fs";
import { tmpdir } from "node:os";
import { dirname, join } from "node:path";
import { fileURLToPath } from "node:url";

const root = dirname(dirname(fileURLToPath(import.meta.url)));
const zopf = join(root, "bin", "run.js");
const millions = Number(process.argv[2] ?? 5);
const rounds = Number(process.argv[3] ?? 3);
const folder = process.env.HUNT_BENCH ?? join(tmpdir(), `zopf-bench-hunt-${millions}`);
const plain = join(folder, "plain");
const packed = join(folder, "packed");

/** Wall and CPU seconds of a child, by the shell's `times`, since Node tells only of its own. */
function run(command, words, options = {}) {
  const begin = process.hrtime.bigint();
  const done = spawnSync(
    "sh",
    ["-c", '"$@" >/dev/null; code=$?; times; exit $code', "sh", command, ...words],
    { stdio: ["ignore", "pipe", "pipe"], encoding: "utf8", ...options },
  );
  if (done.status !== 0) throw new Error(`${command} ${words.join(" ")}: ${done.stderr}`);
  const wall = Number(process.hrtime.bigint() - begin) / 1e9;
  const [, children = ""] = done.stdout.trim().split("\n").slice(-2);
  const cpu = [...children.matchAll(/(\d+)m([\d.]+)s/g)].reduce(
    (sum, [, minutes, seconds]) => sum + Number(minutes) * 60 + Number(seconds),
    0,
  );
  return { wall, cpu };
}

if (!existsSync(packed)) {
  rmSync(`${folder}.part`, { recursive: true, force: true });
  run(process.execPath, [
    join(root, "bench/conn-log.js"),
    `${millions}`,
    `${folder}.part`,
    "tsv",
    "background",
  ]);
  renameSync(`${folder}.part`, folder);
}

const bundle = join(root, "examples", "zeek-ossec-pf", "perimeter.zopf.ts");
const ten = join(root, "examples", "catalogue", "catalogue.zopf.ts");
const archive = join(folder, "archive");
const [day = ""] = readdirSync(plain);
const first = join(plain, day, readdirSync(join(plain, day))[0] ?? "");
const columns = spawnSync(
  process.execPath,
  [
    "-e",
    `
  const { readFileSync, openSync, readSync, readdirSync } = require("node:fs");
  const b = Buffer.alloc(4000);
  readSync(openSync(${JSON.stringify(first)}), b, 0, 4000, 0);
  const line = (key) => b.toString().split("\\n").find((one) => one.startsWith(key)).split("\\t").slice(1);
  const names = line("#fields");
  const kinds = { time: "DOUBLE", interval: "DOUBLE", count: "UBIGINT", port: "USMALLINT", bool: "BOOLEAN" };
  const list = line("#types").map((type, i) => "'" + names[i] + "': '" + (kinds[type] ?? "VARCHAR") + "'");
  console.log("{" + list.join(", ") + "}");
`,
  ],
  { encoding: "utf8" },
).stdout.trim();

/** DuckDB alone, in a process of its own as zopf is. */
function duckdb(sql) {
  return run(
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
    return duckdb(
      `COPY (SELECT * FROM ${csv(`${packed}/*/*.log.gz`)}) TO '${folder}/copy/all.parquet' (FORMAT parquet, COMPRESSION zstd)`,
    );
  },
  "archive of .gz": () => {
    rmSync(archive, { recursive: true, force: true });
    return run(process.execPath, [zopf, "archive", packed, "--into", archive]);
  },
  "COPY of plain": () =>
    duckdb(
      `COPY (SELECT * FROM ${csv(`${plain}/*/*.log`)}) TO '${folder}/copy/all.parquet' (FORMAT parquet, COMPRESSION zstd)`,
    ),
  "archive of plain": () => {
    rmSync(`${archive}-plain`, { recursive: true, force: true });
    return run(process.execPath, [zopf, "archive", plain, "--into", `${archive}-plain`]);
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
const samples = Object.fromEntries(Object.keys(tasks).map((name) => [name, []]));
for (let round = 0; round < rounds; round++)
  for (const [name, task] of Object.entries(tasks)) samples[name].push(task());
const least = (name, what) => Math.min(...samples[name].map((one) => one[what]));
console.log(`${millions} million rows, ${rounds} rounds`);
for (const name of Object.keys(tasks))
  console.log(
    `${name.padEnd(22)} ${least(name, "cpu").toFixed(2)} s CPU, ${least(name, "wall").toFixed(2)} s`,
  );
const ratio = (text, a, b, bound) => {
  const of = (what) => (least(a, what) / least(b, what)).toFixed(2);
  console.log(`${text.padEnd(26)} ${of("cpu")} CPU, ${of("wall")} wall (${bound})`);
};
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
