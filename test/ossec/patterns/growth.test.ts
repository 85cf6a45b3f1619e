import { test } from "uvu";
import * as assert from "uvu/assert";
import { type Backtracking, compileOsRegex, compilePcre2 } from "../../../src/ossec/patterns/index.js";

/** The growth of a pattern in short: linear, the degree, or exponential. */
function growth(backtracking: Backtracking): string {
  return backtracking.kind === "polynomial" ? `degree ${backtracking.degree}` : backtracking.kind;
}

for (const [pattern, expected] of [
  ["abc", "linear"],
  ["\\S+ \\S+ x", "linear"],
  ["(?:\\S+ )+x", "linear"],
  ["(\\S+)@(\\S+)", "linear"],
  ["\\d+\\.\\d+ ", "linear"],
  ["a*b*c*", "linear"],
  ["(?:\\w+-)*\\w+ ", "linear"],
  ['^(?:[^"\\\\]|\\\\.)*"', "linear"],
  ["(?>a+)+b", "linear"],
  ["(?:a++)+b", "linear"],
  ["(?:a|b)*c", "linear"],
  [".*foo", "linear"],
  ["\\S+\\S+ x", "degree 2"],
  [".*foo.*bar", "degree 2"],
  [".*foo.*bar.*baz", "degree 3"],
  ["\\w+\\d+\\w+ ", "degree 3"],
  ["x(?=.*a.*b)", "degree 2"],
  ["(a+)+$", "exponential"],
  ["^(\\w+\\s?)*$", "exponential"],
  ["(?:a|a)*b", "exponential"],
  ["(?:a?b?)*c", "exponential"],
  ["(?:aa?)+b", "exponential"],
  ["(a*)*$", "exponential"],
  ["(?:(?:a*b*)*c)*d", "exponential"],
  ["(?:\\d{1,3}\\.?)+x", "exponential"],
  ["(?:\\d{1,3}\\.){3}x", "linear"],
  ["(?:ab?)+c", "linear"],
  ["(?:\\w+-?)*x", "exponential"],
  ["(?:(?:ab)+c?)+d", "exponential"],
  ["(a|aa)+$", "exponential"],
  ['"(?:\\\\.|[^"])*"', "exponential"],
  ["(?:union|select|sel|ect)+\\(", "exponential"],
  ["(?:ab|a|b)*c", "exponential"],
  ["(?:a|b|ab)*+c", "linear"],
  ["(?:select|sel)+x", "linear"],
  ["x(?:a*b|a*c)", "linear"],
  ["(?:a{1,3}b)*c", "linear"],
] as const) {
  test(`PCRE2 ${pattern} is ${expected}`, () => {
    const result = compilePcre2(pattern);
    assert.ok(result.ok);
    if (result.ok) assert.is(growth(result.value.backtracking), expected);
  });
}

for (const [pattern, expected] of [
  ["^\\S+ (\\S+) from (\\S+)$", "linear"],
  ["\\.+foo \\.+bar", "degree 2"],
  ["\\.+a".repeat(3), "degree 3"],
] as const) {
  test(`OS_Regex ${pattern} is ${expected}`, () => {
    const result = compileOsRegex(pattern);
    assert.ok(result.ok);
    if (result.ok) assert.is(growth(result.value.backtracking), expected);
  });
}

test("the place is told", () => {
  const result = compilePcre2("x(a+)+$");
  assert.ok(result.ok);
  if (!result.ok || result.value.backtracking.kind !== "exponential")
    throw new Error("expected: exponential");
  assert.is(result.value.backtracking.at, 5);
  assert.match(result.value.backtracking.place, "byte 3");
});

// PCRE2 gives up on all of them within its limits, and zopf has to end, too.
for (const [pattern, text] of [
  ['"(?:\\\\.|[^"])*"', `"${"\\".repeat(60)}`],
  ["(?:union|select|sel|ect)+\\(", "select".repeat(30)],
  ["(a|aa)+$", `${"a".repeat(3000)}!`],
  ["(?:.{1,60}){1,60}x", "a".repeat(6000)],
  [".*.*.*.*=.*x", "a=".repeat(3000)],
  ["(.+)+\\1x", "ab".repeat(3000)],
  // What could end without them fails in the middle of a round.
  ["^x(?:(?:a|aa)+b)*", `x${"a".repeat(60)}`],
  ["^x(?:a*a*a*a*b)?", `x${"a".repeat(600)}`],
  ["(?:(?>.*)x|.)*y", "a".repeat(6000)],
] as const) {
  test(`${pattern} ends on ${text.length} bytes`, () => {
    const result = compilePcre2(pattern);
    assert.ok(result.ok);
    if (result.ok) assert.is(result.value.exec(text), null);
  });
}

test.run();
