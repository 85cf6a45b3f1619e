/** The detections of the recorded scripts, written as Models, against what the real Zeek wrote. */
import { existsSync, readdirSync, readFileSync } from "node:fs";
import { join } from "node:path";
import { suite } from "uvu";
import * as assert from "uvu/assert";
import { type DetectionOutput, type ReplayOptions, replayDetections } from "../../src/detections/index.js";
import type { NoticeLog, WindowModel, ZeekDetectionModel } from "../../src/model/model.js";
import { effectiveLocalNets } from "../../src/zeek/values/local-nets.js";
import {
  and,
  hitCount,
  hitKey,
  inS0,
  message,
  outside,
  pairScan,
  portScanS0,
} from "../targets/zeek/models.js";
import {
  copied,
  heartbeatClock,
  noticeText,
  oracle,
  packetTimes,
  recordedNotices,
  recordedRemovals,
} from "../zeek/helpers.js";

const test = suite("replay: recorded detections");

const noticeTsv: NoticeLog = { kind: "notice.log", format: "tsv", file: "/var/log/zeek/current/notice.log" };
const noticeJson: NoticeLog = { ...noticeTsv, format: "json" };

async function replay(
  conn: string,
  detections: readonly ZeekDetectionModel[],
  noticeLog: NoticeLog,
  options: Partial<ReplayOptions>,
): Promise<readonly DetectionOutput[]> {
  const outputs: DetectionOutput[] = [];
  await replayDetections(
    { detections, noticeLog, conn: [conn], localNets: effectiveLocalNets(), ...options },
    (output) => outputs.push(output),
  );
  return outputs;
}

const noticesOf = (outputs: readonly DetectionOutput[]) =>
  outputs.flatMap((o) => (o.kind === "notice" ? [o] : []));

// windows.zeek: three kinds of expiry at once, no suppression.
const expiries = { Write_Expire: "writeExpire", Create_Expire: "fixed", Read_Expire: "readExpire" } as const;
const watched = (name: keyof typeof expiries): ZeekDetectionModel => ({
  ...portScanS0,
  name,
  note: `Windows::${name}`,
  identifier: name.toLowerCase(),
  where: inS0,
  ignoreFlipped: false,
  window: { kind: expiries[name], seconds: 60 } satisfies WindowModel,
  suppress: 0,
  message: message("%s %d", hitKey(), hitCount()),
});
const windowsDetections = [watched("Write_Expire"), watched("Create_Expire"), watched("Read_Expire")];
const pairCreate: ZeekDetectionModel = {
  ...pairScan,
  name: "Pair_Create",
  note: "Windows::Pair_Create",
  identifier: "pair_create",
  ignoreFlipped: false,
  threshold: 5,
  window: { kind: "fixed", seconds: 60 },
  suppress: 0,
  log: null,
};

// The two posts' scripts; the first one's notice has no module.
const seedS0: ZeekDetectionModel = {
  ...portScanS0,
  note: "Port_Scan_S0_Detected",
  where: and(inS0, outside),
  ignoreFlipped: false,
  window: { kind: "writeExpire", seconds: 60 },
  suppress: 3600,
  message: message(
    "IP %s suspected of scanning: 5 distinct ports in S0 state (no response) in less than a minute",
    hitKey(),
  ),
};
const seedPair: ZeekDetectionModel = {
  ...pairScan,
  note: "Scanning::Port_Scan_Detected",
  ignoreFlipped: false,
  suppress: 3600,
};

const casesIn = (root: string, shape: RegExp): readonly string[] =>
  existsSync(root) ? readdirSync(root).filter((name) => shape.test(name)) : [];

if (!existsSync(oracle))
  console.log("skipped: ../shared/oracle/zeek is not there; only the copied cases run");

/** Lines of a log without its header. */
const rowsOf = (file: string): readonly string[] =>
  existsSync(file)
    ? readFileSync(file, "latin1")
        .split("\n")
        .filter((line) => line !== "" && !line.startsWith("#"))
    : [];

for (const root of [copied, oracle]) {
  for (const name of casesIn(join(root, "windows"), /^w[0-9]+$/)) {
    const file = (which: string): string => join(root, "windows", name, which);

    test(`${name}: notices of all three expiries, times, order, lines`, async () => {
      const outputs = await replay(file("conn.log"), windowsDetections, noticeTsv, {
        removals: recordedRemovals(file("removal.txt")),
        packets: await heartbeatClock(file("conn.log")),
      });
      const expected = rowsOf(file("notice.log")).filter((line) => !line.includes("Pair_Create"));
      assert.equal(
        noticesOf(outputs).map(({ line }) => line),
        expected,
      );
    });

    // The recorded one does not delete: only the first notice of a source is the same by definition.
    test(`${name}: first pair notice of each source`, async () => {
      const outputs = await replay(file("conn.log"), [pairCreate], noticeTsv, {
        packets: await heartbeatClock(file("conn.log")),
      });
      const first = (notices: readonly { time: number; note: string; source: string }[]) =>
        [
          ...new Map([...notices].reverse().map((notice) => [notice.source, noticeText(notice)])).values(),
        ].sort();
      const recorded = (await recordedNotices(file("notice.log"))).filter(({ note }) =>
        note.endsWith("Pair_Create"),
      );
      // The clock's own pair has one port only.
      assert.equal(first(noticesOf(outputs)), first(recorded));
    });
  }

  for (const name of casesIn(join(root, "scans"), /^[a-z0-9-]+$/)) {
    const file = (which: string): string => join(root, "scans", name, which);

    test(`${name}: the posts' notices and rows, as lines`, async () => {
      const options = {
        removals: recordedRemovals(file("removal.txt")),
        packets: packetTimes(file("capture.pcap")),
      };
      const outputs = await replay(file("conn.log"), [seedS0, seedPair], noticeTsv, options);
      const lines = noticesOf(outputs).map(({ line }) => line);
      assert.equal([...lines].sort(), [...rowsOf(file("notice.log"))].sort());
      const json = await replay(file("conn.log"), [seedS0, seedPair], noticeJson, options);
      assert.equal(
        noticesOf(json)
          .map(({ line }) => line)
          .sort(),
        [...rowsOf(file("notice.json.log"))].sort(),
      );
      assert.equal(
        outputs.flatMap((o) => (o.kind === "row" ? [o.line] : [])),
        rowsOf(file("port_scan.log")),
      );
    });
  }
}

test.run();
