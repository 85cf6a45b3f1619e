/** Writes src/lint/stock-hashes.ts from the stock rule sets of ../shared (bin/generate-stock-hashes.js). */
import { writeFileSync } from "node:fs";
import { stockHashesSource } from "./stock-hashes.js";

const source = stockHashesSource();
if (source === null) console.log("skipped: shared/ossec-ruleset or shared/wazuh-ruleset is not here");
else writeFileSync("src/lint/stock-hashes.ts", source);
