import fc from "fast-check";
import { test } from "uvu";
import * as assert from "uvu/assert";
import { parseDuration, showDuration } from "../../src/model/duration.js";

test("reads Zeek's units, with and without a blank and an s", () => {
  assert.is(parseDuration("1 min"), 60);
  assert.is(parseDuration("90 secs"), 90);
  assert.is(parseDuration("5min"), 300);
  assert.is(parseDuration("1.5 hr"), 5400);
  assert.is(parseDuration("2 days"), 172_800);
  assert.is(parseDuration("0 sec"), 0);
});

test("refuses what Zeek does not know", () => {
  for (const text of [
    "5 minuts",
    "1 week",
    "",
    "min",
    "-5 min",
    "5  min",
    "1e3 sec",
    "5 min ",
    "0x5 sec",
    "9999999999 day",
  ])
    assert.is(parseDuration(text), null, text);
});

test("property: what is shown reads back as the same length", () => {
  fc.assert(
    fc.property(fc.integer({ min: 1, max: 300_000_000 }), (seconds) => {
      assert.is(parseDuration(showDuration(seconds)), seconds);
    }),
  );
});

test.run();
