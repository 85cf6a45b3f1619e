import { test } from "uvu";
import * as assert from "uvu/assert";
import { shownTime } from "../../src/model/shown-time.js";
import { createClock } from "../../src/ossec/engine/local-time.js";
import { timelineText } from "../../src/report/timeline.js";

const word = (text: string): string => text;
const paint = { error: word, warning: word, info: word, dim: word, bold: word };

test("a time is shown as ISO 8601", () => {
  assert.is(shownTime(1_781_175_601.393), "2026-06-11T11:00:01.393Z");
  assert.is(shownTime(8.64e12), "+275760-09-13T00:00:00.000Z");
});

test("a number of seconds that no calendar has is shown, and nothing fails", () => {
  for (const seconds of [1e15, -1e15, 1e300, Number.MAX_VALUE, Number.NaN])
    assert.is(shownTime(seconds), `${seconds} s`);
  const event = {
    kind: "refused",
    time: 1e15,
    source: "192.0.2.1",
    detection: null,
    rule: 1,
    reason: "x",
    file: "f",
    lineNumber: 1,
  } as const;
  assert.match(timelineText(event, paint), /^1000000000000000 s /);
});

test("clocks of named zones take such a number", () => {
  for (const zone of ["Europe/Berlin", "UTC", "EST5", undefined])
    for (const seconds of [1e15, -1e15, Number.NaN]) assert.type(createClock(zone)(seconds).year, "number");
});

test.run();
