import fc from "fast-check";
import { test } from "uvu";
import * as assert from "uvu/assert";
import { constructsOf } from "../../site/playground/core/constructs.js";

const piece = fc.constantFrom(
  "\\w",
  "\\d+",
  "(",
  ")",
  "|",
  "^",
  "$",
  "a",
  ".*",
  "[",
  "]",
  "{2,3}",
  "(?:",
  "\\",
  "?",
  "*",
  " ",
  "!",
);
const pattern = fc.array(piece, { maxLength: 12 }).map((pieces) => pieces.join(""));

test("the parts joined are the pattern, in every language", () => {
  fc.assert(
    fc.property(fc.oneof(pattern, fc.string({ maxLength: 20 })), fc.boolean(), (text, wazuh) => {
      for (const language of ["osregex", "osmatch", "pcre2"] as const)
        assert.is(
          constructsOf(language, text, wazuh)
            .map((part) => part.text)
            .join(""),
          text,
        );
    }),
    { numRuns: 500 },
  );
});

test("what people take from other languages is marked", () => {
  const trapped = (language: "osregex" | "osmatch", text: string): readonly string[] =>
    constructsOf(language, text, false)
      .filter(({ trap }) => trap)
      .map((part) => part.text);
  assert.equal(trapped("osregex", "a.b[c]"), [".", "[", "]"]);
  assert.equal(trapped("osregex", "\\d+\\.a+"), ["+"]);
  assert.equal(trapped("osregex", "\\q"), ["\\q"]);
  assert.equal(trapped("osmatch", "a|b.*c"), ["b.*c"]);
  assert.equal(trapped("osmatch", "a^b"), ["^"]);
});

test.run();
