import { deserialize, serialize } from "node:v8";
import { test } from "uvu";
import * as assert from "uvu/assert";
import { patternColumns, patternsOf } from "../../../src/logtest/start/pattern-columns.js";
import { compilePattern, knownPatterns } from "../../../src/ossec/patterns/index.js";

test("patterns come back as they were packed, serialized in between", () => {
  const compiled = [
    { language: "osregex", text: "^(\\S+) from (\\d+.\\d+)$" },
    { language: "osmatch", text: "^failed|^error" },
    { language: "osmatch", text: "!~ nothing" },
    { language: "pcre2", text: "(?|(a)|(b))c" },
    { language: "pcre2", text: "(a+)+$" },
    { language: "pcre2", text: "^(?:(x)|(y))\\1?z{2,}" },
  ] as const;
  for (const pattern of compiled) assert.ok(compilePattern(pattern).ok, pattern.text);
  const known = knownPatterns();
  assert.ok(known.length >= compiled.length);
  assert.ok(known.some(({ script }) => script === null));
  assert.ok(known.some(({ firstBytes }) => firstBytes !== null));
  assert.equal(patternsOf(deserialize(serialize(patternColumns(known)))), known);
  assert.equal(patternsOf(patternColumns([])), []);
});

test.run();
