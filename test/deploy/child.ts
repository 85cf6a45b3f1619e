// Deploys for kill.test.ts, and kills itself before its STEP-th change: BUNDLE.json ROOT STEP
import { readFileSync } from "node:fs";
import type { CompiledBundle } from "../../src/compiler/compile.js";
import { opsUntil } from "./counted-ops.js";
import { deployTo } from "./host.js";

const [given = "", root = "", step = ""] = process.argv.slice(2);
const bundle: CompiledBundle = JSON.parse(readFileSync(given, "utf8"));
await deployTo(root, bundle, opsUntil(Number(step), "kill-process"));
