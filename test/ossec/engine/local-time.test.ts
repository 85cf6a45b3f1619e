import { test } from "uvu";
import * as assert from "uvu/assert";
import { alertDate, createClock } from "../../../src/ossec/engine/index.js";

const at = (zone: string | undefined, seconds: number): string => alertDate(createClock(zone)(seconds));

test("the date of an alert in UTC", () => {
  assert.is(at("UTC", 1700000000), "2023 Nov 14 22:13:20");
  assert.is(at("", 0), "1970 Jan 01 00:00:00");
});

test("named zones follow their summer time", () => {
  assert.is(at("Europe/Berlin", 1700000000), "2023 Nov 14 23:13:20");
  assert.is(at("Europe/Berlin", 1690000000), "2023 Jul 22 06:26:40");
  assert.is(at(":America/New_York", 1700000000), "2023 Nov 14 17:13:20");
  // The change itself: 2023-10-29 01:00:00 UTC.
  const clock = createClock("Europe/Berlin");
  assert.is(alertDate(clock(1698541199)), "2023 Oct 29 02:59:59");
  assert.is(alertDate(clock(1698541200)), "2023 Oct 29 02:00:00");
});

test("POSIX zones count west of UTC; unknown names are UTC", () => {
  assert.is(at("XYZ-2", 1700000000), "2023 Nov 15 00:13:20");
  assert.is(at("XYZ5:30", 1700000000), "2023 Nov 14 16:43:20");
  assert.is(at("Nowhere/AtAll", 1700000000), "2023 Nov 14 22:13:20");
});

test("weekdays begin with Sunday", () => {
  assert.is(createClock("UTC")(1700000000).weekday, 2);
  assert.is(createClock("XYZ-2")(1700000000).weekday, 3);
});

test.run();
