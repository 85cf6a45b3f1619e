import fc from "fast-check";
import { test } from "uvu";
import * as assert from "uvu/assert";
import { engineNames } from "../../site/playground/core/input.js";
import { fragmentOf, stateOf, viewNames } from "../../site/playground/core/share.js";

const text = fc.string({ unit: "grapheme", maxLength: 60 });
const state = fc.record(
  {
    engine: fc.constantFrom(...engineNames),
    view: fc.constantFrom(...viewNames),
    decoders: text,
    rules: text,
    conf: text,
    lines: text,
    closed: fc.boolean(),
    language: fc.constantFrom("osregex" as const, "osmatch" as const, "pcre2" as const),
    pattern: text,
    texts: text,
  },
  { noNullPrototype: true },
);

test("a link holds the whole state", async () => {
  await fc.assert(
    fc.asyncProperty(state, async (one) => {
      const fragment = await fragmentOf(one);
      assert.match(fragment, /^v1\.[A-Za-z0-9_-]+$/);
      assert.equal(await stateOf(`#${fragment}`), one);
    }),
    { numRuns: 60 },
  );
});

test("what is no link of ours, or damaged, is none", async () => {
  assert.is(await stateOf(""), null);
  assert.is(await stateOf("#lines"), null);
  assert.is(await stateOf("#v1.AAAA"), null);
  await fc.assert(
    fc.asyncProperty(fc.string({ maxLength: 40 }), async (any) => {
      const found = await stateOf(`#v1.${any}`);
      assert.ok(found === null || typeof found.lines === "string");
    }),
    { numRuns: 60 },
  );
});

test("a link that unfolds without end is refused", async () => {
  const bomb = await fragmentOf({
    engine: "4.3",
    view: "rules",
    closed: false,
    decoders: "",
    rules: "",
    conf: "",
    lines: "a".repeat(5 << 20),
    language: "osregex",
    pattern: "",
    texts: "",
  });
  assert.ok(bomb.length < 20_000);
  assert.is(await stateOf(bomb), null);
});

test.run();
