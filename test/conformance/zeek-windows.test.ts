/** The recorded windows cases, exactly: 20 cases, 239 notices with their times and order. */
import { existsSync, readdirSync } from "node:fs";
import { join } from "node:path";
import { suite } from "uvu";
import * as assert from "uvu/assert";
import { windowsDetection } from "../zeek/example-detections.js";
import {
  copied,
  heartbeatClock,
  noticeText,
  oracle,
  play,
  recordedNotices,
  recordedRemovals,
} from "../zeek/helpers.js";

const test = suite("Zeek windows");

const casesIn = (root: string): string[] =>
  existsSync(root) ? readdirSync(root).filter((name) => /^w[0-9]+$/.test(name)) : [];
const roots = [join(copied, "windows"), join(oracle, "windows")];
if (!existsSync(oracle))
  console.log("skipped: ../shared/oracle/zeek is not there; only the copied windows cases run");

for (const root of roots) {
  for (const name of casesIn(root)) {
    const file = (which: string) => join(root, name, which);
    test(`${name}: every notice with its time, in order, from the recorded removals`, async () => {
      const expected = (await recordedNotices(file("notice.log"))).map(noticeText);
      const played = await play(file("conn.log"), windowsDetection, {
        removals: recordedRemovals(file("removal.txt")),
        packets: await heartbeatClock(file("conn.log")),
      });
      assert.equal(played.notices.map(noticeText), expected);
    });

    test(`${name}: kinds and sources from conn.log alone`, async () => {
      const kinds = (notices: readonly { note: string; source: string }[]) =>
        notices.map(({ note, source }) => `${note} ${source}`).sort();
      const expected = await recordedNotices(file("notice.log"));
      const played = await play(file("conn.log"), windowsDetection, {});
      assert.equal(kinds(played.notices), kinds(expected));
    });
  }
}

test("the recorded cases are all there", async () => {
  if (!existsSync(oracle)) return;
  const counts = await Promise.all(
    casesIn(join(oracle, "windows")).map(
      async (name) => (await recordedNotices(join(oracle, "windows", name, "notice.log"))).length,
    ),
  );
  assert.is(counts.length, 20);
  assert.is(
    counts.reduce((a, b) => a + b, 0),
    239,
  );
});

test.run();
