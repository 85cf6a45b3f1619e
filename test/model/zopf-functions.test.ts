/** entropy, uri_path and last_labels: the emitted Zeek and the replay give the same. */
import fc from "fast-check";
import { test } from "uvu";
import * as assert from "uvu/assert";
import { compileEvaluator } from "../../src/detections/expressions/evaluate.js";
import type { Span } from "../../src/diagnostics/diagnostic.js";
import type { Expression, ZeekValue } from "../../src/model/expression.js";
import { entropyOf, lastLabels, uriPath, withoutLastLabels } from "../../src/model/zopf-functions.js";
import { emitExpression } from "../compiler/expressions/harness.js";
import { evaluateZeek } from "../compiler/expressions/zeek-reference.js";

const span: Span = { file: "test.zopf.ts", line: 1, column: 1 };
const given: Expression = { kind: "field", parameter: "c", path: [], type: { kind: "string" }, span };

const replayed = (expression: Expression, text: string): ZeekValue =>
  compileEvaluator<string>(expression, () => (row) => row, {
    localNets: { has: () => false },
    networkTime: () => 0,
  })(text);

const scripted = (expression: Expression, text: string): unknown => {
  const value = evaluateZeek(emitExpression(expression), { c: { t: "string", v: text } });
  return "v" in value ? value.v : undefined;
};

const texts = fc
  .array(fc.constantFrom(..."ab.?0\xff\x00Z-/"), { maxLength: 40 })
  .map((parts) => parts.join(""));

for (const [name, expression] of [
  ["entropy", entropyOf(given, span)],
  ["uri_path", uriPath(given, span)],
  ["last_labels", lastLabels(given, 2, span)],
  ["without_last_labels", withoutLastLabels(given, 2, span)],
] as const)
  test(`${name}: the script and the replay agree`, () => {
    fc.assert(
      fc.property(texts, (text) => assert.is(scripted(expression, text), replayed(expression, text))),
      { numRuns: 500 },
    );
  });

test("what they give", () => {
  const entropy = (text: string) => replayed(entropyOf(given, span), text);
  assert.equal(["", "aaaa", "abab", "abcd", "0123456789abcdef"].map(entropy), [0, 0, 1, 2, 4]);
  assert.is(entropy("foo"), 0.918296);
  const path = (text: string) => replayed(uriPath(given, span), text);
  assert.equal(["/a?b?c", "/a", "?", ""].map(path), ["/a", "/a", "", ""]);
  const last = (text: string) => replayed(lastLabels(given, 2, span), text);
  assert.equal(["a.b.example.com", "example.com", "com", "", "a..com"].map(last), [
    "example.com",
    "example.com",
    "com",
    "",
    ".com",
  ]);
  const before = (text: string) => replayed(withoutLastLabels(given, 2, span), text);
  assert.equal(["a.b.example.com", "example.com", "com", ".a.b"].map(before), ["a.b", "", "", ""]);
});

test.run();
