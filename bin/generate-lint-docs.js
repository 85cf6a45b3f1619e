#!/usr/bin/env node
// Writes docs/lint.md from the lint rules and docs/stock-ruleset.md from the stock rule set where it is there.
import { spawnSync } from "node:child_process";
import { dirname, join } from "node:path";
import { fileURLToPath } from "node:url";

const root = dirname(dirname(fileURLToPath(import.meta.url)));
const words = ["--import", "tsx", join("test", "lint", "write-docs.ts")];
const result = spawnSync(process.execPath, words, { cwd: root, stdio: "inherit" });
process.exit(result.status ?? 70);
