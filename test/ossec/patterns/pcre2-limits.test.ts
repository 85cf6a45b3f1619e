import { readFileSync } from "node:fs";
import path from "node:path";
import { test } from "uvu";
import * as assert from "uvu/assert";
import { Backtracker } from "../../../src/ossec/patterns/backtracker.js";
import { compilePcre2 } from "../../../src/ossec/patterns/index.js";
import { parsePcre2 } from "../../../src/ossec/patterns/pcre2/parse.js";

/**
 * Measured on PCRE2 10.42 with its JIT (x86_64): the smallest match limit with which the pattern matches 17 times `unit`
 * and `tail`, and how many times at most it matches with the JIT's own stack of 32 KB (null: on every line).
 */
interface Measurement {
  readonly pattern: string;
  readonly unit: string;
  readonly tail: string;
  readonly steps: number;
  readonly most: number | null;
}

const file = path.join(import.meta.dirname, "..", "..", "data", "ossec-patterns", "pcre2-limits.json");
const measurements = JSON.parse(readFileSync(file, "utf8")) as readonly Measurement[];

for (const { pattern, unit, tail, steps, most } of measurements) {
  test(`${pattern} counts and gives up as PCRE2 does`, () => {
    const tree = parsePcre2(pattern);
    assert.ok(tree.ok);
    if (!tree.ok) return;
    const matcher = new Backtracker(tree.value);
    assert.is(matcher.measure(unit.repeat(17) + tail).steps, steps, "steps");
    const result = compilePcre2(pattern);
    assert.ok(result.ok);
    if (!result.ok) return;
    const longest = most ?? Math.floor(6135 / unit.length);
    for (const run of [
      (text: string) => matcher.exec(text) !== null,
      (text: string) => result.value.test(text),
    ]) {
      assert.ok(run(unit.repeat(longest) + tail), `matches ${longest} rounds`);
      if (most !== null) assert.not(run(unit.repeat(most + 1) + tail), `does not match ${most + 1} rounds`);
    }
  });
}

test.run();
