#!/usr/bin/env node
// How long `zopf replay` and `zopf tune` take beside mawk, as ratios of interleaved runs (issue 4):
//
//     node bench/replay.js [millions of lines, 5] [rounds, 3]
//
// Goals: one detection at most 1.5 x mawk on the same TSV file, JSON at most 4 x TSV, ten detections at most
// 2 x one, tune with 50 settings at most 3 x one replay. CPU time (user + system) stands beside wall time,
// which says little on a busy machine; zopf's counts two threads where there are two processors. mawk's two
// programs: distinct.awk counts within windows and leaves local sources out, as the detection does;
// distinct-total.awk is the shortest that one could call the same count.
import { spawnSync } from "node:child_process";
import { existsSync, mkdirSync, readFileSync, rmSync, symlinkSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { dirname, join } from "node:path";
import { fileURLToPath } from "node:url";

const root = dirname(dirname(fileURLToPath(import.meta.url)));
const millions = Number(process.argv[2] ?? 5);
const rounds = Number(process.argv[3] ?? 3);
const folder = join(tmpdir(), "zopf-bench-replay");
mkdirSync(join(folder, "node_modules"), { recursive: true });
// The bundles are this clone's, also where another one's bench has run before.
rmSync(join(folder, "node_modules", "zopf"), { force: true });
symlinkSync(root, join(folder, "node_modules", "zopf"));

function made(format, size = millions) {
  const file = join(folder, `conn-${size}.${format}`);
  if (!existsSync(file)) run(process.execPath, [join(root, "bench/conn-log.js"), `${size}`, file, format]);
  return file;
}

/** Wall and CPU seconds of a child, by the shell's `times`, since Node tells only of its own. */
function run(command, words) {
  const start = process.hrtime.bigint();
  const result = spawnSync(
    "sh",
    ["-c", '"$@" >/dev/null; code=$?; times; exit $code', "sh", command, ...words],
    {
      cwd: folder,
      stdio: ["ignore", "pipe", "pipe"],
      encoding: "utf8",
    },
  );
  if (result.status !== 0)
    throw new Error(`${command} ${words.join(" ")}: exit ${result.status}\n${result.stderr}`);
  const wall = Number(process.hrtime.bigint() - start) / 1e9;
  const [, children = ""] = result.stdout.trim().split("\n").slice(-2);
  const cpu = [...children.matchAll(/(\d+)m([\d.]+)s/g)].reduce(
    (sum, [, m, s]) => sum + Number(m) * 60 + Number(s),
    0,
  );
  return { wall, cpu };
}

const example = readFileSync(join(root, "examples/zeek-ossec-pf/perimeter.zopf.ts"), "utf8");
writeFileSync(join(folder, "one.zopf.ts"), example);
// Nine more of the kind: other windows, thresholds, keys and states.
const [, detection = ""] = /detections: \[\n([\s\S]*?)\n {2}\],/.exec(example) ?? [];
const more = Array.from({ length: 9 }, (_, i) =>
  detection
    .replace("Port_Scan_S0_Detected", `Variant_${i}`)
    .replace('"S0"', i % 3 === 2 ? '"REJ"' : '"S0"')
    .replace("threshold: 5", `threshold: ${5 + i}`)
    .replace('"1 min"', `"${1 + (i % 4)} min"`)
    .replace("sliding", i % 2 === 0 ? "sliding" : "fixed")
    .replace("(c) => c.id.resp_p", i % 3 === 1 ? "(c) => c.id.resp_h" : "(c) => c.id.resp_p"),
);
writeFileSync(
  join(folder, "ten.zopf.ts"),
  example.replace('name: "perimeter"', 'name: "ten"').replace(detection, [detection, ...more].join("\n")),
);

const tsv = made("tsv");
const json = made("json");
const short = made("tsv", 0.001);
const zopf = (...words) => [process.execPath, [join(root, "bin/run.js"), ...words]];
const work = {
  "mawk, windows": ["mawk", ["-F\t", "-f", join(root, "bench/distinct.awk"), tsv]],
  "mawk, total": ["mawk", ["-F\t", "-f", join(root, "bench/distinct-total.awk"), tsv]],
  one: zopf("replay", "one.zopf.ts", "--zeek", tsv),
  json: zopf("replay", "one.zopf.ts", "--zeek", json),
  ten: zopf("replay", "ten.zopf.ts", "--zeek", tsv),
  tune: zopf("tune", "one.zopf.ts", "--zeek", tsv, "--vary", "threshold=3..27", "--vary", "window=30s,1min"),
};
// Compiled once and kept, as on a host where the bundle has been used before.
for (const name of ["one", "ten"]) run(...zopf("replay", `${name}.zopf.ts`, "--zeek", short));
const samples = Object.fromEntries(Object.keys(work).map((name) => [name, []]));
for (let round = 0; round < rounds; round++)
  for (const [name, [command, words]] of Object.entries(work)) samples[name].push(run(command, words));
const least = (name, what) => Math.min(...samples[name].map((one) => one[what]));
for (const name of Object.keys(work))
  process.stdout.write(
    `${name.padEnd(14)} ${least(name, "cpu").toFixed(2)} s CPU, ${least(name, "wall").toFixed(2)} s\n`,
  );
const ratio = (a, b, goal) =>
  process.stdout.write(
    `${a} / ${b}: ${(least(a, "cpu") / least(b, "cpu")).toFixed(2)} CPU, ${(least(a, "wall") / least(b, "wall")).toFixed(2)} wall (goal ${goal})\n`,
  );
ratio("one", "mawk, windows", 1.5);
ratio("one", "mawk, total", 1.5);
ratio("json", "one", 4);
ratio("ten", "one", 2);
ratio("tune", "one", 3);
