/** What came with the system is told from what is the reader's own. */
import { readFileSync } from "node:fs";
import { suite } from "uvu";
import * as assert from "uvu/assert";
import { normalised, stockHash } from "../../src/lint/stock.js";
import { stockHashesSource } from "./stock-hashes.js";

const test = suite("stock rules");

test("comments, line ends and indentation are of no account, everything else is", () => {
  const rule = '<rule id="1" level="5">\n  <match>a b</match>\n</rule>';
  const same = '<rule id="1" level="5">\r\n\t<!-- why --><match>a b</match></rule>';
  assert.is(stockHash(normalised(rule)), stockHash(normalised(same)));
  assert.is.not(stockHash(normalised(rule)), stockHash(normalised(rule.replace('"5"', '"6"'))));
  assert.is.not(stockHash(normalised(rule)), stockHash(normalised(rule.replace("a b", "ab"))));
});

const source = stockHashesSource();
if (source === null) console.log("skipped: shared/ossec-ruleset or shared/wazuh-ruleset is not here");
else {
  test("the hashes are those of the rule sets (node bin/generate-stock-hashes.js)", () => {
    assert.ok(source === readFileSync(new URL("../../src/lint/stock-hashes.ts", import.meta.url), "utf8"));
  });
}

test.run();
