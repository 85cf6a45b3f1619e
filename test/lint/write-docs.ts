/** Writes docs/lint.md and docs/stock-ruleset.md (bin/generate-lint-docs.js). */
import { writeFileSync } from "node:fs";
import { lintDocs } from "../../src/lint/docs.js";
import { stockIsHere, stockMarkdown } from "./stock.js";

writeFileSync("docs/lint.md", lintDocs());
if (stockIsHere) writeFileSync("docs/stock-ruleset.md", stockMarkdown());
else console.log("skipped: shared/ossec-ruleset is not here, docs/stock-ruleset.md stays");
