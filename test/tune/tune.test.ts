/** Every number of `zopf tune` is that of a separate replay with the setting in the model. */
import { join } from "node:path";
import fc from "fast-check";
import { suite } from "uvu";
import * as assert from "uvu/assert";
import type { Valued } from "../../src/detections/binding.js";
import { replayDetections } from "../../src/detections/index.js";
import type { NoticeLog, ZeekDetectionModel } from "../../src/model/model.js";
import { createTuning } from "../../src/tune/counting.js";
import { readKnownList } from "../../src/tune/lists.js";
import { readVariation, type Setting, settingsOf } from "../../src/tune/settings.js";
import { effectiveLocalNets } from "../../src/zeek/values/local-nets.js";
import { pairScan, portScanS0 } from "../targets/zeek/models.js";
import { header, put, scratch } from "../zeek/scratch.js";

const test = suite("tune");
const folder = scratch();
const noticeLog: NoticeLog = { kind: "notice.log", format: "json", file: "/n.log" };
const head = header(
  "ts id.orig_h id.orig_p id.resp_h id.resp_p proto duration conn_state history orig_bytes",
  "time addr port addr port enum interval string string count",
).replace("#path\tt\n", "#path\tconn\n");

interface Probe {
  readonly gap: number;
  readonly source: number;
  readonly port: number;
}

function conn(probes: readonly Probe[]): string {
  let ts = 1_781_175_600;
  const rows = probes.map(({ gap, source, port }) => {
    ts += gap;
    return `${ts.toFixed(6)}\t80.0.${source >> 8}.${source & 255}\t4000\t9.9.9.9\t${port}\ttcp\t-\tS0\tS\t-\n`;
  });
  return put(folder, "conn.log", head + rows.join(""));
}

const base = { noticeLog, localNets: effectiveLocalNets([]), trace: "offline" } as const;

async function separately(
  file: string,
  detection: ZeekDetectionModel,
  { threshold, window }: Setting,
): Promise<readonly string[]> {
  const sources = new Set<string>();
  const one = { ...detection, threshold, window: { ...detection.window, seconds: window } };
  await replayDetections({ ...base, detections: [one], conn: [file] }, (output) => {
    if (output.kind === "notice") sources.add(output.source);
  });
  return [...sources].sort();
}

async function tuned(
  file: string,
  detection: ZeekDetectionModel,
  settings: readonly Setting[],
  separate: ReadonlySet<number> = new Set(),
) {
  const { makeDetector, counted } = createTuning<Valued>(settings, separate);
  await replayDetections(
    { ...base, detections: [detection], conn: [file], detectorOf: makeDetector },
    () => undefined,
  );
  return counted;
}

const probes = fc.array(
  fc.record({
    gap: fc.oneof(fc.constant(0), fc.double({ min: 0, max: 30, noNaN: true })),
    source: fc.integer({ min: 0, max: 4 }),
    port: fc.integer({ min: 1, max: 12 }),
  }),
  { maxLength: 150 },
);
const kinds = ["sliding", "fixed", "writeExpire", "readExpire"] as const;
const counts: readonly ZeekDetectionModel["count"][] = [portScanS0.count, { kind: "events" }];
const settings = settingsOf(
  { thresholds: [1, 2, 3, 5, 8], windows: [7, 30, 60.5] },
  { threshold: 5, window: 60 },
);

test("each setting is what a replay of its own gives", async () => {
  await fc.assert(
    fc.asyncProperty(
      probes,
      fc.constantFrom(...kinds),
      fc.constantFrom(...counts),
      fc.boolean(),
      fc.boolean(),
      async (rows, kind, count, ofPairs, inTables) => {
        const file = conn(rows);
        const detection: ZeekDetectionModel = {
          ...(ofPairs ? pairScan : portScanS0),
          count,
          window: { kind, seconds: 60 },
        };
        const counted = await tuned(file, detection, settings, new Set(inTables ? [7, 30, 60.5] : []));
        assert.is(counted.unproved().size, 0);
        for (const setting of settings) {
          const sources = new Set(counted.reached(setting).map(({ parts }) => String(parts[0])));
          assert.equal(
            [...sources].sort(),
            await separately(file, detection, setting),
            JSON.stringify(setting),
          );
        }
      },
    ),
    { numRuns: 40 },
  );
});

test("a table that could be full is not proved, and counted setting by setting", async () => {
  const rows = Array.from({ length: 400 }, (_, i) => ({ gap: 0.2, source: (i * 7) % 31, port: i % 9 }));
  const file = conn(rows);
  for (const kind of kinds) {
    const detection: ZeekDetectionModel = {
      ...portScanS0,
      window: { kind, seconds: 30 },
      caps: { ...portScanS0.caps, keys: 12 },
    };
    const own = settingsOf({ thresholds: [2, 3, 4], windows: [10, 30] }, { threshold: 5, window: 30 });
    assert.equal([...(await tuned(file, detection, own)).unproved()], [10, 30]);
    const counted = await tuned(file, detection, own, new Set([10, 30]));
    for (const setting of own) {
      const sources = counted.reached(setting).map(({ parts }) => String(parts[0]));
      assert.equal([...new Set(sources)].sort(), await separately(file, detection, setting));
    }
  }
});

test("what is varied", () => {
  const read = (...texts: string[]) => {
    const result = readVariation(texts);
    return result.ok ? result.variation : result.problem;
  };
  assert.equal(read("threshold=3..5,9", "window=30s,1min"), { thresholds: [3, 4, 5, 9], windows: [30, 60] });
  assert.equal(read("threshold=10..30/10"), { thresholds: [10, 20, 30], windows: null });
  assert.equal(read("window=5m,1.5 hr,300sec"), { thresholds: null, windows: [300, 5400] });
  for (const [text, problem] of [
    ["treshold=3", /"treshold" cannot be varied/],
    ["threshold", /no values/],
    ["threshold=", /no values/],
    ["threshold=5..3", /runs backwards; write 3\.\.5/],
    ["threshold=0..3", /above 0/],
    ["threshold=3..9/0", /step of 0/],
    ["threshold=three", /neither a number nor a range/],
    ["threshold=1..999999999", /more than 10000 values/],
    ["window=1week", /not a length of time/],
    ["window=0s", /not a length of time/],
  ] as const)
    assert.match(String(read(text)), problem);
  assert.match(String(read("threshold=3", "threshold=4")), /varied twice/);
  assert.match(String(read("threshold=1..5000", "window=1s,2s,3s")), /15000 settings are too many/);
});

test("lists of known addresses", () => {
  const file = put(folder, "known.txt", "# ours\r\n192.0.2.7 # a host\n10.0.0.0/8\n\n2001:DB8::/32\n");
  const { list, diagnostics } = readKnownList(file);
  assert.equal(diagnostics, []);
  assert.is(list.size, 3);
  assert.ok(list.has("192.0.2.7") && list.has("10.1.2.3") && list.has("2001:db8::5"));
  assert.not(list.has("192.0.2.8"));
  const bad = readKnownList(put(folder, "bad.txt", "192.0.2.7\nexample.org\n10.0.0.0/99\n"));
  assert.equal(
    bad.diagnostics.map(({ line, severity }) => `${line} ${severity}`),
    ["2 error", "3 error"],
  );
  assert.is(readKnownList(join(folder, "none.txt")).diagnostics[0]?.code, "tune/list");
});

test.run();
