#!/usr/bin/env node
// Writes src/lint/stock-hashes.ts from the stock rule sets of ../shared where they are there.
import { spawnSync } from "node:child_process";
import { dirname, join } from "node:path";
import { fileURLToPath } from "node:url";

const root = dirname(dirname(fileURLToPath(import.meta.url)));
const words = ["--import", "tsx", join("test", "lint", "write-stock.ts")];
const result = spawnSync(process.execPath, words, { cwd: root, stdio: "inherit" });
process.exit(result.status ?? 70);
