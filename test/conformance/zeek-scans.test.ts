/** The two posts' scripts over the recorded scans: notices as multisets of time, note and source. */
import { existsSync, readdirSync } from "node:fs";
import { join } from "node:path";
import { suite } from "uvu";
import * as assert from "uvu/assert";
import { exampleDetections, type SeenNotice } from "../zeek/example-detections.js";
import {
  copied,
  noticeText,
  oracle,
  packetTimes,
  play,
  recordedNotices,
  recordedRemovals,
} from "../zeek/helpers.js";

const test = suite("Zeek scans");

/** Captures in which conn.log alone cannot tell the notices, and why (docs/reference/zeek.md#model-of-ticks). None so far. */
const TICK_EDGE: ReadonlyMap<string, string> = new Map();

const casesIn = (root: string): string[] => (existsSync(root) ? readdirSync(root) : []);
if (!existsSync(oracle))
  console.log("skipped: ../shared/oracle/zeek is not there; only the copied scans run");

const kinds = (notices: readonly SeenNotice[]) =>
  notices.map(({ note, source }) => `${note} ${source}`).sort();

for (const root of [join(copied, "scans"), join(oracle, "scans")]) {
  for (const name of casesIn(root)) {
    const file = (which: string) => join(root, name, which);
    const capture = file("capture.pcap");

    if (existsSync(capture)) {
      test(`${name}: time, note and source of every notice from the recorded removals`, async () => {
        const played = await play(file("conn.log"), exampleDetections, {
          removals: recordedRemovals(file("removal.txt")),
          packets: packetTimes(capture),
        });
        const expected = await recordedNotices(file("notice.log"));
        assert.equal(played.notices.map(noticeText).sort(), expected.map(noticeText).sort());
      });
    }

    for (const log of ["conn.log", "conn.json.log"]) {
      test(`${name}: kinds and sources from ${log} alone`, async () => {
        const expected = await recordedNotices(file("notice.log"));
        const played = await play(file(log), exampleDetections, {});
        if (TICK_EDGE.has(name)) return;
        assert.equal(kinds(played.notices), kinds(expected));
        assert.is(played.problems, 0);
      });
    }
  }
}

test("the recorded scans are all there", () => {
  if (existsSync(oracle)) assert.is(casesIn(join(oracle, "scans")).length, 24);
});

test.run();
