#!/usr/bin/env node
// How long `zopf build` of one example takes beside `tsc --noEmit` on the same file: ratios of interleaved
// runs, one line each. Goals (issue 2): cold at most 2.5, aim 2; nothing changed at most 0.6.
import { spawnSync } from "node:child_process";
import { cpSync, mkdtempSync, rmSync } from "node:fs";
import { createRequire } from "node:module";
import { tmpdir } from "node:os";
import { dirname, join } from "node:path";
import { fileURLToPath } from "node:url";

const root = dirname(dirname(fileURLToPath(import.meta.url)));
const tsc = join(dirname(createRequire(import.meta.url).resolve("typescript/package.json")), "bin", "tsc");
const rounds = Number(process.argv[2] ?? 7);
const folder = mkdtempSync(join(tmpdir(), "zopf-bench-"));
cpSync(join(root, "examples/zeek-ossec-pf/perimeter.zopf.ts"), join(folder, "perimeter.zopf.ts"));
cpSync(join(root, "examples/zeek-ossec-pf/zopf.lock.json"), join(folder, "zopf.lock.json"));
// What `import "zopf"` resolves to for tsc: the package itself.
const paths = join(folder, "tsconfig.json");
const { writeFileSync, mkdirSync, symlinkSync } = await import("node:fs");
mkdirSync(join(folder, "node_modules"));
symlinkSync(root, join(folder, "node_modules", "zopf"));
writeFileSync(
  paths,
  JSON.stringify({
    compilerOptions: {
      noEmit: true,
      strict: true,
      module: "nodenext",
      target: "es2023",
      lib: ["es2023"],
      types: [],
      skipLibCheck: true,
    },
    files: ["perimeter.zopf.ts"],
  }),
);

function time(words, env = {}) {
  const start = process.hrtime.bigint();
  const result = spawnSync(process.execPath, words, {
    cwd: folder,
    env: { ...process.env, ...env },
    stdio: "pipe",
  });
  if (result.status !== 0)
    throw new Error(`${words.join(" ")}: exit ${result.status}\n${result.stdout}${result.stderr}`);
  return Number(process.hrtime.bigint() - start) / 1e6;
}

const cache = join(folder, "cache");
const build = [join(root, "bin/run.js"), "build", "perimeter.zopf.ts"];
const samples = { tsc: [], cold: [], warm: [] };
for (let round = 0; round < rounds; round += 1) {
  samples.tsc.push(time([tsc, "-p", paths]));
  rmSync(cache, { recursive: true, force: true });
  rmSync(join(folder, "generated"), { recursive: true, force: true });
  samples.cold.push(time(build, { ZOPF_CACHE: cache }));
  samples.warm.push(time(build, { ZOPF_CACHE: cache }));
}
const median = (values) => [...values].sort((a, b) => a - b)[values.length >> 1];
const base = median(samples.tsc);
process.stdout.write(
  `build, nothing cached:   ${(median(samples.cold) / base).toFixed(2)} x tsc (goal 2.5, aim 2)\n`,
);
process.stdout.write(
  `build, nothing changed:  ${(median(samples.warm) / base).toFixed(2)} x tsc (goal 0.6)\n`,
);
rmSync(folder, { recursive: true, force: true });
