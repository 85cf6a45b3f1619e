import { test } from "uvu";
import * as assert from "uvu/assert";
import { compileOsRegex } from "../../../src/ossec/patterns/index.js";

/** A quantifier is a `+` or `*` two behind a backslash, whatever that backslash is (docs/reference/ossec.md#corner-cases-of-analysis; found.json). */
for (const [pattern, subject, end, captures] of [
  ["(\\\\+)", "\\\\\\b", 1, ["\\"]],
  ["(\\\\*)", "\\\\\\b", 0, [""]],
  ["(\\\\+)b", "\\\\\\b", 4, ["\\\\\\"]],
  ["\\\\b+", "\\bbb x", 4, []],
  ["\\\\b+", "\\b+ x", 2, []],
  ["C:\\\\w+\\\\(\\S+)", "C:\\www\\bob", 10, ["bob"]],
  // The group is what stands before the quantifier.
  ["(a\\\\)+", "a\\a\\a\\", 6, ["a\\"]],
  ["(a\\d)+", "a1a1+", 5, ["a1"]],
] as const) {
  test(`${pattern} on ${subject}`, () => {
    const compiled = compileOsRegex(pattern);
    if (!compiled.ok) assert.unreachable(compiled.reason);
    else {
      const match = compiled.value.exec(subject);
      assert.is(match?.end, end);
      assert.equal(match?.captures, captures);
    }
  });
}

for (const pattern of ["\\\\++", "\\\\**", "\\\\^*", "\\\\|*", "\\\\$+", "\\\\(+)", "\\\\+*"]) {
  test(`${pattern} is refused`, () => {
    const compiled = compileOsRegex(pattern);
    assert.ok(!compiled.ok && compiled.engineMessage === 1450);
  });
}

test.run();
