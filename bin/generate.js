#!/usr/bin/env node
// generated/ is the output of examples/, committed. With --check: fails when it is stale.
import { spawnSync } from "node:child_process";
import { readdirSync } from "node:fs";
import { dirname, join } from "node:path";
import { fileURLToPath } from "node:url";

const root = dirname(dirname(fileURLToPath(import.meta.url)));
const bundles = readdirSync(join(root, "examples"), { recursive: true, encoding: "utf8" })
  .filter((name) => name.endsWith(".zopf.ts"))
  .sort()
  .map((name) => join("examples", name));
const words = ["build", ...bundles, "--no-cache", ...process.argv.slice(2)];
const result = spawnSync(process.execPath, [join("bin", "run.js"), ...words], {
  cwd: root,
  stdio: "inherit",
});
process.exit(result.status ?? 70);
