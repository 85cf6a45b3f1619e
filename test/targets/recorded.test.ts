import { existsSync, readdirSync, readFileSync } from "node:fs";
import path from "node:path";
import { fileURLToPath } from "node:url";
import { suite } from "uvu";
import * as assert from "uvu/assert";
import type { EngineVersion, Model, NoticeLog } from "../../src/model/model.js";
import { createEngine } from "../../src/ossec/engine/index.js";
import { loadLoose } from "../../src/ossec/load/index.js";
import { emitOssec } from "../../src/targets/ossec/emit.js";
import { jsonLog, perimeter, scanDetection, tsvLog } from "./models.js";

const test = suite("notices that the real Zeek wrote");
const scans = path.join(
  fileURLToPath(new URL("../../", import.meta.url)),
  "..",
  "shared",
  "oracle",
  "zeek",
  "scans",
);

/** The detection of the example zeek-pair-scan: its module and its notice are those of the recordings. */
function scanning(log: NoticeLog): Model {
  const base = perimeter(log);
  return {
    ...base,
    zeek: base.zeek && { ...base.zeek, module: "Scanning" },
    detections: [scanDetection({ name: "Port_Scan_Detected", note: "Scanning::Port_Scan_Detected" })],
  };
}

/** One recorded line of each format, for a clone without the recordings. */
const samples: readonly (readonly [NoticeLog, string, string])[] = [
  [
    tsvLog,
    "1781175600.002373\t-\t-\t-\t-\t-\t-\t-\t-\t-\tScanning::Port_Scan_Detected\t66.132.172.191 scanned 20 ports on 162.212.157.188\t-\t66.132.172.191\t-\t-\t-\t-\tNotice::ACTION_LOG\t(empty)\t3600.000000\t-\t-\t-\t-\t-",
    "66.132.172.191",
  ],
  [
    jsonLog,
    '{"ts":1781175600.002373,"note":"Scanning::Port_Scan_Detected","msg":"66.132.172.191 scanned 20 ports on 162.212.157.188","src":"66.132.172.191","actions":["Notice::ACTION_LOG"],"email_dest":[],"suppress_for":3600.0}',
    "66.132.172.191",
  ],
];

function sources(
  log: NoticeLog,
  version: EngineVersion,
  lines: readonly string[],
): readonly (string | null)[] {
  const files = emitOssec(scanning(log));
  const take = (end: string) =>
    files
      .filter((file) => file.path.endsWith(end))
      .map((file) => ({ file: file.path, bytes: Buffer.from(file.content) }));
  const loaded = loadLoose(
    { decoders: take("local_decoder.xml"), rules: take("local_rules.xml") },
    { engine: version },
  );
  const engine = createEngine(loaded, { ownHostname: "vm", timeZone: "UTC", mode: "logtest" });
  return lines.map((line) => {
    const event = engine.process(line, 1_781_175_852);
    return event.kind === "event" && event.rule?.id === 100500 ? event.srcip : null;
  });
}

for (const version of ["3.7", "3.8", "4.3"] as const) {
  test(`one line of each format, OSSEC ${version}`, () => {
    for (const [log, line, source] of samples) assert.equal(sources(log, version, [line]), [source]);
  });

  test(`every recorded notice, OSSEC ${version}`, () => {
    if (!existsSync(scans)) {
      console.log("SKIPPED: ../shared/oracle is not here");
      return;
    }
    let count = 0;
    for (const name of readdirSync(scans))
      for (const [file, log] of [
        ["notice.log", tsvLog],
        ["notice.json.log", jsonLog],
      ] as const) {
        const recorded = path.join(scans, name, file);
        if (!existsSync(recorded)) continue;
        const lines = readFileSync(recorded, "latin1").split("\n").slice(0, -1);
        const wanted = lines.map((line) => {
          if (!line.includes("Scanning::Port_Scan_Detected")) return null;
          return log === tsvLog ? line.split("\t")[13] : (/"src":"([^"]*)"/.exec(line)?.[1] ?? null);
        });
        assert.equal(sources(log, version, lines), wanted, recorded);
        count += wanted.filter((source) => source !== null).length;
      }
    assert.ok(count >= 20, String(count));
  });
}

test.run();
