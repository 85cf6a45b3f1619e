/** A log read elsewhere, in batches, gives what the same log read here gives: every output, miss and diagnostic. */
import { spawnSync } from "node:child_process";
import { existsSync, readdirSync, readFileSync } from "node:fs";
import { join } from "node:path";
import { MessageChannel, Worker } from "node:worker_threads";
import { gzipSync } from "node:zlib";
import * as fc from "fast-check";
import { suite } from "uvu";
import * as assert from "uvu/assert";
import { replayDetections } from "../../src/detections/index.js";
import { type ReadingPlace, readingFor } from "../../src/detections/reader.js";
import type { NoticeLog, ZeekDetectionModel } from "../../src/model/model.js";
import { serveLogs } from "../../src/zeek/logs/remote.js";
import { effectiveLocalNets } from "../../src/zeek/values/local-nets.js";
import {
  and,
  binary,
  field,
  inS0,
  literal,
  outside,
  pairScan,
  portScanS0,
  string,
} from "../targets/zeek/models.js";
import { copied, oracle, repository } from "../zeek/helpers.js";
import { put, scratch } from "../zeek/scratch.js";

const test = suite("replay: logs read elsewhere");
const directory = scratch();

const noticeLog: NoticeLog = { kind: "notice.log", format: "tsv", file: "/var/log/zeek/current/notice.log" };
const rejected = binary("==", field(string, "c", "conn", "conn_state"), literal(string, "REJ"));
const detections: readonly ZeekDetectionModel[] = [
  portScanS0,
  pairScan,
  { ...portScanS0, name: "Fixed", note: "T::Fixed", window: { kind: "fixed", seconds: 30 }, threshold: 3 },
  { ...portScanS0, name: "Opened", note: "T::Opened", event: "new_connection", where: outside, threshold: 4 },
  { ...portScanS0, name: "Rejected", note: "T::Rejected", where: and(rejected, outside), threshold: 2 },
  { ...portScanS0, name: "Local", note: "T::Local", where: inS0, threshold: 2, ignoreFlipped: true },
];

/** The other side in this thread: all but the thread. */
const loopback: ReadingPlace = {
  from: 0,
  connect(data) {
    const { port1, port2 } = new MessageChannel();
    serveLogs(port2, readingFor(structuredClone(data)));
    return { port: port1, close: async () => port1.close() };
  },
};

const built = new URL("../../dist/replay/reader-thread.js", import.meta.url);
const thread: ReadingPlace = {
  from: 0,
  connect(workerData, fail) {
    const worker = new Worker(built, { workerData, execArgv: [] });
    worker.on("error", fail);
    return { port: worker, close: () => worker.terminate() };
  },
};

async function whole(conn: readonly string[], reading: ReadingPlace | null) {
  const outputs: unknown[] = [];
  const result = await replayDetections(
    {
      detections,
      noticeLog,
      conn,
      localNets: effectiveLocalNets(),
      ...(reading === null ? {} : { reading: { place: reading, siteNets: [] } }),
    },
    (output) => outputs.push(structuredClone(output)),
  );
  return { outputs, ...result };
}

async function same(conn: readonly string[], reading: ReadingPlace): Promise<number> {
  const here = await whole(conn, null);
  assert.equal(await whole(conn, reading), here);
  return here.outputs.length;
}

const logsIn = (root: string): string[] =>
  !existsSync(root)
    ? []
    : readdirSync(root, { recursive: true, encoding: "utf8" })
        .filter((name) => /(^|\/)conn\.(json\.)?log$/.test(name))
        .map((name) => join(root, name));

if (!existsSync(oracle))
  console.log("skipped: ../shared/oracle/zeek is not there; only the copied captures run");
const captures = [...logsIn(copied), ...logsIn(oracle)];

test("recorded captures", async () => {
  let outputs = 0;
  for (const conn of captures) outputs += await same([conn], loopback);
  assert.ok(outputs > 10, `${outputs} outputs`);
});

test("many logs together", async () => {
  assert.ok((await same(captures.slice(0, 40), loopback)) > 0);
});

const generated = (name: string, millions: number, format: string): string => {
  const file = join(directory, name);
  const { status, stderr } = spawnSync(
    process.execPath,
    [join(repository, "bench/conn-log.js"), `${millions}`, file, format],
    { encoding: "utf8" },
  );
  assert.is(status, 0, stderr);
  return file;
};
const large = generated("large.log", 0.04, "tsv");

test("more rows than a batch holds: TSV, JSON, gzip, cut in the middle, two at a time", async () => {
  assert.ok((await same([large], loopback)) > 50);
  assert.ok((await same([generated("large.json", 0.03, "json")], loopback)) > 50);
  const packed = gzipSync(readFileSync(large));
  assert.ok((await same([put(directory, "whole.log.gz", packed)], loopback)) > 50);
  const cut = put(directory, "cut.log.gz", packed.subarray(0, packed.length / 2));
  assert.ok((await same([cut, large], loopback)) > 50);
});

test("damaged logs", async () => {
  const bytes = readFileSync(large).subarray(0, 60_000);
  const wound = fc.record({
    at: fc.nat(bytes.length - 1),
    length: fc.nat(300),
    text: fc.constantFrom(
      "",
      "\n",
      "\t",
      "#fields\tts\tuid\n",
      "#path\tother\n",
      "\0",
      "-",
      "{}\n",
      "\n\n\r\n",
      "\xff",
    ),
  });
  await fc.assert(
    fc.asyncProperty(fc.array(wound, { minLength: 1, maxLength: 8 }), async (wounds) => {
      let text = bytes.toString("latin1");
      for (const { at, length, text: put } of wounds)
        text = text.slice(0, at) + put + text.slice(at + length);
      await same([put(directory, "damaged.log", text)], loopback);
    }),
    { numRuns: 25 },
  );
});

test("inputs without a row: none, only a header, no such file", async () => {
  await same([put(directory, "empty.log", "")], loopback);
  await same([put(directory, "header.log", "#fields\tts\tuid\n#types\ttime\tstring\n")], loopback);
  await same([put(directory, "other.log", "rubbish\n"), large], loopback);
  await same([join(directory, "none.log")], loopback);
});

if (existsSync(built))
  test("a thread of its own", async () => {
    assert.ok((await same([large, ...captures.slice(0, 3)], thread)) > 50);
  });
else console.log("skipped: dist/ is not built; the thread itself is not tried");

test("what fails in the thread is not lost", async () => {
  const broken: ReadingPlace = {
    from: 0,
    connect(_, fail) {
      const worker = new Worker("throw new Error('broken')", { eval: true, execArgv: [] });
      worker.on("error", fail);
      return { port: worker, close: () => worker.terminate() };
    },
  };
  const failure = await whole([large], broken).then(
    () => "",
    (reason: unknown) => String(reason),
  );
  assert.is(failure, "Error: broken");
});

test.run();
