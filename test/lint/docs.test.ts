import { readFileSync } from "node:fs";
import { suite } from "uvu";
import * as assert from "uvu/assert";
import { lintDocs } from "../../src/lint/docs.js";
import { lintStock, stockIsHere, stockMarkdown } from "./stock.js";

const docs = suite("lint docs");
const read = (name: string): string => readFileSync(new URL(`../../docs/${name}`, import.meta.url), "utf8");

docs("docs/lint.md is what the rules say (node bin/generate-lint-docs.js)", () => {
  assert.ok(read("lint.md") === lintDocs());
});

if (stockIsHere) {
  docs("the stock rule set is not refused, neither as a folder nor in order", () => {
    assert.is(lintStock(false).summary.refused, 0);
    assert.is(lintStock(true).summary.refused, 0);
  });
  docs("docs/stock-ruleset.md lists every dead or dangerous finding with its reason", () => {
    assert.ok(read("stock-ruleset.md") === stockMarkdown());
  });
} else console.log("skipped: shared/ossec-ruleset is not here");

docs.run();
