/** A time of the day as people write it, and what the engines make of what is written for it. */
import fc from "fast-check";
import { test } from "uvu";
import * as assert from "uvu/assert";
import { readMinutes } from "../../../src/compiler/decode/day-time.js";
import { linkMoments } from "../../../src/compiler/link/moments.js";
import { parseTime } from "../../../src/ossec/load/time.js";

/** The minutes of a day that the engine lets pass. */
function minutesOf(written: string): readonly number[] {
  const range = parseTime(written);
  if (range === null) throw new Error(`the engine refuses ${written}`);
  return Array.from({ length: 1440 }, (_, minute) => minute).filter(
    (minute) => (minute >= range.from && minute <= range.to) !== range.negated,
  );
}

test("the engine lets exactly the minutes pass from the first up to the second, over midnight too", () => {
  const minute = fc.nat({ max: 1439 });
  fc.assert(
    fc.property(minute, minute, (from, end) => {
      fc.pre(from !== end && !(from === 0 && end === 0));
      const until = end === 0 ? 1440 : end;
      const [condition] = linkMoments({ time: { from, until } });
      const inside = (at: number): boolean =>
        from < until ? at >= from && at < until : at >= from || at < until;
      assert.equal(
        minutesOf(condition?.value ?? ""),
        Array.from({ length: 1440 }, (_, at) => at).filter(inside),
      );
    }),
    { seed: 18 },
  );
});

for (const [written, from, until] of [
  ["22:00-06:00", 1320, 360],
  ["08:00 - 17:30", 480, 1050],
  ["10 pm - 6 am", 1320, 360],
  ["12 am-12 pm", 0, 720],
  ["12pm-12am", 720, 1440],
  ["12:30 am-1:05 AM", 30, 65],
  ["18:00-24:00", 1080, 1440],
  ["18:00-00:00", 1080, 1440],
] as const)
  test(`${written} is understood`, () => assert.equal(readMinutes(written), { from, until }));

for (const written of [
  "22-6",
  "8:00",
  "8:00-25:00",
  "8:60-9:00",
  "13 pm-2 pm",
  "0 am-1 am",
  "9:00-9:00",
  "00:00-24:00",
  "1:00-2:00-3:00",
  "",
])
  test(`${JSON.stringify(written)} is no time, and it says why`, () =>
    assert.type(readMinutes(written), "string"));

test.run();
