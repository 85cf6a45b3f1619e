import fc from "fast-check";
import { test } from "uvu";
import * as assert from "uvu/assert";
import { Backtracker } from "../../../src/ossec/patterns/backtracker.js";
import { leadingPart } from "../../../src/ossec/patterns/leading-part.js";
import { parsePcre2 } from "../../../src/ossec/patterns/pcre2/parse.js";
import { pcre2Patterns, pcre2Texts } from "./pcre2-generator.js";

test("the leading part of a pattern is in every text that the pattern matches", () => {
  let parts = 0;
  fc.assert(
    fc.property(pcre2Patterns, (pattern) => {
      const tree = parsePcre2(pattern);
      if (!tree.ok) return;
      const part = leadingPart(tree.value);
      if (part === null) return;
      parts += 1;
      const backtracker = new Backtracker(tree.value);
      for (const text of pcre2Texts)
        if (backtracker.measure(text).match !== null)
          assert.ok(part.expression.test(text), `${pattern} on ${text}`);
    }),
    { numRuns: 1500 },
  );
  assert.ok(parts > 100, `${parts} patterns with a leading part`);
});

test("the part ends where the pattern gets ambiguous, or where JavaScript cannot run it", () => {
  const partOf = (pattern: string): string | undefined => {
    const tree = parsePcre2(pattern);
    return tree.ok ? leadingPart(tree.value)?.expression.source : undefined;
  };
  assert.is(partOf("x\\d+:\\d+.\\d+.\\d+.\\d+"), "[xX][0-9]+:[0-9]+[^\\x0a][0-9]+");
  assert.is(partOf("(a)b\\1c"), "([aA])[bB]");
  assert.is(partOf("a|b"), undefined);
  assert.is(partOf("(?|(a)|(b))c"), undefined);
});

test.run();
