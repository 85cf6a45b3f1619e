#!/usr/bin/env node
// `npm start`: the main job on a recorded scan, for a person to read.
import { spawnSync } from "node:child_process";
import { dirname, join } from "node:path";
import { fileURLToPath } from "node:url";

const root = dirname(dirname(fileURLToPath(import.meta.url)));
const example = "examples/zeek-ossec-pf";

function zopf(title, ...words) {
  process.stdout.write(`\n${title}\n$ zopf ${words.join(" ")}\n\n`);
  const result = spawnSync(process.execPath, [join("bin", "run.js"), ...words], {
    cwd: root,
    stdio: "inherit",
  });
  if (result.status !== 0) process.exit(result.status ?? 70);
}

zopf(
  "1. One typed file becomes everything that Zeek, OSSEC and pf need:",
  "build",
  `${example}/perimeter.zopf.ts`,
);
zopf(
  "2. A recorded nmap scan goes through the chain: notice, decoder and rule, active response, pf's table, and out again:",
  "replay",
  `${example}/perimeter.zopf.ts`,
  "--zeek",
  `${example}/cases/port-scan/conn.log`,
);
zopf("3. What must and must not happen, as cases for CI:", "test", `${example}/perimeter.zopf.ts`);
process.stdout.write("\nThe emitted files are in generated/perimeter; README.md tells the rest.\n");
