#!/usr/bin/env node
// Writes docs/services.md from src/catalogue/logs. `--check` writes nothing and fails where it is stale.
import { spawnSync } from "node:child_process";
import { dirname, join } from "node:path";
import { fileURLToPath } from "node:url";

const root = dirname(dirname(fileURLToPath(import.meta.url)));
const check = process.argv.includes("--check");
const result = spawnSync(
  process.execPath,
  ["--import", "tsx", join("test", "catalogue", "service-logs.test.ts")],
  {
    cwd: root,
    stdio: "inherit",
    env: { ...process.env, ZOPF_WRITE: check ? "0" : "1" },
  },
);
process.exit(result.status ?? 70);
