// Deploys for kill.test.ts, which kills it: BUNDLE.json ROOT
import { readFileSync } from "node:fs";
import type { CompiledBundle } from "../../src/compiler/compile.js";
import { deployTo } from "./host.js";

const [given = "", root = ""] = process.argv.slice(2);
const bundle: CompiledBundle = JSON.parse(readFileSync(given, "utf8"));
process.stdout.write("begins\n");
await deployTo(root, bundle);
