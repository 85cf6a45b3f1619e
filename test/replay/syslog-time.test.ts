import { test } from "uvu";
import * as assert from "uvu/assert";
import { LineClock, lineTime } from "../../src/replay/syslog-time.js";

const clock = { year: null, newest: Date.UTC(2026, 5, 11, 12) / 1000, utc: false };

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

const utc = { year: 2026, newest: 0, utc: true };

for (const [line, iso] of [
  ['192.0.2.7 - - [28/Nov/2026:10:00:00 +0000] "GET / HTTP/1.1" 404 153', "2026-11-28T10:00:00Z"],
  ['192.0.2.7 - root [28/Nov/2026:12:00:00 +0200] "" 400 47', "2026-11-28T10:00:00Z"],
  ["2026/11/28 10:00:00 [error] 2865#0: *6 user", "2026-11-28T10:00:00Z"],
  ["[Sat Nov 28 10:00:00.500000 2026] [core:info] x", "2026-11-28T10:00:00.5Z"],
  ["Sat Nov  7 10:00:00 2026 [pid 7] FAIL LOGIN", "2026-11-07T10:00:00Z"],
  ["28-Nov-2026 10:00:00.123 client x", "2026-11-28T10:00:00.123Z"],
  ["[28-Nov-2026 12:00:00 +0200]: FAILED login", "2026-11-28T10:00:00Z"],
  ["2026-11-28  8:25:38 13984 [Warning] Access", "2026-11-28T08:25:38Z"],
  ["2026-11-28 10:00:00.008 +08:00 [WRN] Failed", "2026-11-28T02:00:00.008Z"],
  ["2026-11-28 10:00:00 UTC machine x", "2026-11-28T10:00:00Z"],
  ["261128  1:04:47 [Warning] Access denied", "2026-11-28T01:04:47Z"],
  ["20261128-10:00:00] x", "2026-11-28T10:00:00Z"],
  ["Nov 8 10:00:00 host x", "2026-11-08T10:00:00Z"],
  ["Nov 28 2025 10:00:00 host x", "2025-11-28T10:00:00Z"],
  ["type=USER_LOGIN msg=audit(1795860000.415:4063): x", "2026-11-28T10:00:00.415Z"],
  ["1795860000.250      4 192.0.2.7 TCP_DENIED/403", "2026-11-28T10:00:00.25Z"],
  ["1795860000250 x", "2026-11-28T10:00:00.25Z"],
  ['{"level":"info","time":"2026-11-28T10:00:00Z","msg":"x"}', "2026-11-28T10:00:00Z"],
  ['{"timestamp":"2026-11-28T12:00:00.5+0200","x":1}', "2026-11-28T10:00:00.5Z"],
] as const)
  test(`dates of services' logs: ${line.slice(0, 40)}`, () => {
    assert.is(lineTime(line, utc), Date.parse(iso) / 1000);
  });

test("a year that is given goes on after December", () => {
  const dates = new LineClock(utc);
  const at = (line: string): string => new Date((dates.timeOf(line) ?? 0) * 1000).toISOString().slice(0, 10);
  assert.equal(
    ["Dec 30 10:00:00 h x", "Dec 29 10:00:00 h x", "Jan  2 10:00:00 h x", "Mar  1 10:00:00 h x"].map(at),
    ["2026-12-30", "2026-12-29", "2027-01-02", "2027-03-01"],
  );
});

test.run();
