/**
 * The recorded answers that a clone has (test/data/recorded/, copied from the oracle): at least one a section of
 * docs/reference/ossec.md and docs/reference/zeek.md, through the same comparisons as the whole oracle.
 */
import { readFileSync } from "node:fs";
import { join } from "node:path";
import { suite } from "uvu";
import * as assert from "uvu/assert";
import { forEachRecord } from "../../src/zeek/logs/cursor.js";
import type { LogColumn } from "../../src/zeek/logs/types.js";
import { formatTsvFooter, formatTsvHeader, formatTsvRow } from "../../src/zeek/logs/write.js";
import { exampleDetections, type SeenNotice, windowsDetection } from "../zeek/example-detections.js";
import {
  copied,
  heartbeatClock,
  noticeText,
  packetTimes,
  play,
  recordedNotices,
  recordedRemovals,
  repository,
} from "../zeek/helpers.js";
import { isObject, type JsonObject, objects, text } from "./ossec-oracle.js";
import { recordedVerdicts } from "./recorded-verdicts.js";
import { patternSaid, valueSaid } from "./zeek-said.js";

const test = suite("recorded answers");

/** Sections without a case of their own, and why. */
const without: Readonly<Record<string, string>> = {
  "ossec.md#daemon-and-logtest": "read in the sources, not run",
  "zeek.md#inner-sets": "about scripts that zopf does not emit",
  "zeek.md#expire-functions": "test/zeek/tables.test.ts has what was seen",
  "zeek.md#history-letters": "read in the sources",
  "zeek.md#local-networks": "test/zeek/values.test.ts has the list",
  "zeek.md#turned-connections": "the recorded connections are in ../shared/oracle/zeek/live",
  "zeek.md#dedicated-notice-log": "needs a running Zeek",
  "zeek.md#cluster": "needs a running Zeek",
  "zeek.md#zeek-versions": "read in the change log",
  "zeek.md#text-and-names": "needs a running Zeek",
  "zeek.md#syntax-check": "needs a running Zeek",
  "zeek.md#harmless-warnings": "needs a running Zeek",
  "zeek.md#run-time-errors": "needs a running Zeek",
  "zeek.md#what-is-known-at-each-event": "the recorded connections are in ../shared/oracle/zeek/live",
};

/** Headings that have a text of their own, as anchors. */
function sectionsOf(page: string): readonly string[] {
  const parts = readFileSync(join(repository, "docs", "reference", page), "utf8").split(/^#+ /m);
  return parts.slice(2).flatMap((part) => {
    const [heading = "", ...lines] = part.split("\n");
    const anchor = heading
      .toLowerCase()
      .replaceAll(/[^a-z0-9 _-]/g, "")
      .replaceAll(" ", "-");
    return lines.join("").trim() === "" ? [] : [anchor];
  });
}

function casesOf(page: string): ReadonlyMap<string, readonly JsonObject[]> {
  const file = join(repository, "test", "data", "recorded", page.replace(".md", ".json"));
  const parsed: unknown = JSON.parse(readFileSync(file, "utf8"));
  return new Map(
    Object.entries(isObject(parsed) ? parsed : {}).map(([section, cases]) => [section, objects(cases)]),
  );
}

const kinds = (notices: readonly SeenNotice[]): readonly string[] =>
  notices.map(({ note, source }) => `${note} ${source}`).sort();

/** A recorded run of Zeek, compared as far as its recording goes. */
async function compareZeek(record: JsonObject): Promise<void> {
  const folder = text(record.folder);
  const inCase = (kind: string) => (name: string) => join(copied, kind, folder, name);
  switch (text(record.family)) {
    case "windows": {
      const file = inCase("windows");
      const played = await play(file("conn.log"), windowsDetection, {
        removals: recordedRemovals(file("removal.txt")),
        packets: await heartbeatClock(file("conn.log")),
      });
      const expected = await recordedNotices(file("notice.log"));
      assert.ok(expected.length > 0);
      assert.equal(played.notices.map(noticeText), expected.map(noticeText));
      return;
    }
    case "scans": {
      const file = inCase("scans");
      const played = await play(file("conn.log"), exampleDetections, {
        removals: recordedRemovals(file("removal.txt")),
        packets: packetTimes(file("capture.pcap")),
      });
      const expected = await recordedNotices(file("notice.log"));
      assert.equal(played.notices.map(noticeText).sort(), expected.map(noticeText).sort());
      return;
    }
    case "connlog": {
      const detection = folder.startsWith("windows/") ? windowsDetection : exampleDetections;
      const played = await play(join(copied, folder, "conn.log"), detection, {});
      assert.equal(kinds(played.notices), kinds(await recordedNotices(join(copied, folder, "notice.log"))));
      return;
    }
    case "log": {
      const file = join(copied, text(record.file));
      const recorded = readFileSync(file, "latin1");
      const header = (word: string): string => new RegExp(`^#${word}\t(.*)$`, "m").exec(recorded)?.[1] ?? "";
      let columns: readonly LogColumn[] = [];
      let rows = "";
      await forEachRecord(file, {}, (row, cursor) => {
        columns = cursor.columns();
        rows += `${formatTsvRow(columns, row.values)}\n`;
      });
      const written = `${formatTsvHeader(header("path"), columns, header("open"))}${rows}`;
      assert.is(written + formatTsvFooter(header("close")), recorded);
      return;
    }
    default: {
      const { zeek, result, stage } = isObject(record.record) ? record.record : {};
      const said = record.family === "pattern" ? patternSaid(text(zeek)) : valueSaid(text(zeek));
      assert.is(said, stage === undefined ? result : "error", text(zeek));
    }
  }
}

for (const page of ["ossec.md", "zeek.md"]) {
  const cases = casesOf(page);
  test(`${page}: every section has a case, or says why not`, () => {
    const sections = sectionsOf(page);
    assert.equal(
      sections.filter((section) => !cases.has(section) && without[`${page}#${section}`] === undefined),
      [],
    );
    assert.equal(
      [...cases.keys()].filter((section) => !sections.includes(section)),
      [],
    );
  });

  for (const [section, records] of cases) {
    test(`docs/reference/${page}#${section}, ${records.length} cases`, async () => {
      assert.ok(records.length > 0);
      if (page === "zeek.md") {
        for (const record of records) await compareZeek(record);
        return;
      }
      const verdicts = records.flatMap(({ family, record }) =>
        recordedVerdicts(text(family), isObject(record) ? record : {}),
      );
      assert.ok(verdicts.length >= records.length, "a case was not compared");
      assert.equal(
        verdicts.flatMap(({ family, name, difference }) =>
          difference === null ? [] : [`${family} ${name}: ${difference}`],
        ),
        [],
      );
    });
  }
}

test.run();
