import { test } from "uvu";
import * as assert from "uvu/assert";
import { lineTime } from "../../src/replay/syslog-time.js";

const clock = { year: null, newest: Date.UTC(2026, 5, 11, 12) / 1000 };

test("RFC 3339, with fractions and zones", () => {
  assert.is(lineTime("2026-06-11T11:04:47Z host prog: x", clock), 1_781_175_887);
  assert.is(lineTime("2026-06-11T13:04:47.5+02:00 host prog: x", clock), 1_781_175_887.5);
  assert.is(lineTime("<13>1 2026-06-11T11:04:47Z host prog - - - x", clock), 1_781_175_887);
});

test("epoch, Zeek's logs among them", () => {
  assert.is(lineTime("1781175852.749782\t-\t-", clock), 1_781_175_852.749782);
  assert.is(lineTime('{"ts":1781175601.393801,"note":"x"}', clock), 1_781_175_601.393801);
});

test("RFC 3164: the year given, else the latest not after the file's time", () => {
  const local = (year: number, month: number, day: number): number =>
    new Date(year, month, day, 18, 9, 8).getTime() / 1000;
  assert.is(lineTime("Nov 14 18:09:08 TCP: x", { ...clock, year: 2006 }), local(2006, 10, 14));
  assert.is(lineTime("Nov 14 18:09:08 TCP: x", clock), local(2025, 10, 14));
  assert.is(lineTime("Jun  1 18:09:08 TCP: x", clock), local(2026, 5, 1));
  assert.is(lineTime("Feb 29 18:09:08 TCP: x", clock), local(2024, 1, 29));
});

test("what is no date has no time", () => {
  for (const line of [
    "",
    "hello",
    "Xxx 14 18:09:08 x",
    "Nov 31 18:09:08 x",
    "Nov 14 25:00:00 x",
    "#fields\tts",
    "2026-13-45T99:99:99Z x",
  ])
    assert.is(lineTime(line, clock), null, line);
});

test("Zeek's JSON: every unit of time, ISO 8601, and words about the log before it", () => {
  for (const ts of ["1781175801.5", "1781175801500", "1781175801500000", "1781175801500000000"])
    assert.is(lineTime(`{"ts":${ts},"uid":"C"}`, clock), 1_781_175_801.5, ts);
  assert.is(lineTime('{"ts":"2026-06-11T11:03:21.500000Z","uid":"C"}', clock), 1_781_175_801.5);
  assert.is(lineTime('{"_path":"notice","@stream":"notice","ts":1781175801.5}', clock), 1_781_175_801.5);
  assert.is(lineTime('{"note":"x","ts":1781175801.5}', clock), null);
});

test.run();
