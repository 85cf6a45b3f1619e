/** One hunt over Zeek's rows and lines of logs: what the replay of both together gives. */
import "../seed.js";
import { utimesSync, writeFileSync } from "node:fs";
import { join } from "node:path";
import fc from "fast-check";
import { suite } from "uvu";
import * as assert from "uvu/assert";
import { archive } from "../../src/archive/archive.js";
import { compileBundles } from "../../src/compiler/compile.js";
import { type HuntInput, hunt } from "../../src/hunt/hunt.js";
import { zeekNames } from "../../src/hunt/names.js";
import { type Place, parsePlace } from "../../src/hunt/place.js";
import { replay } from "../../src/replay/replay.js";
import type { TimelineEvent } from "../../src/replay/timeline.js";
import { scratchFolder } from "../scratch-folder.js";
import { put } from "../zeek/scratch.js";
import { hasDuckdb } from "./helpers.js";
import { connHeader } from "./random.js";

const test = suite("hunt: rows and lines");
const directory = scratchFolder("hunt-both");
let made = 0;

/** A burst over Zeek's notices and lines of sshd: neither reaches it alone. */
const source = `import { defineBundle, nftables, pcre2 } from "zopf";
export default defineBundle({
  name: "both",
  zeek: { logs: "/var/log/zeek/current", site: "/opt/zeek/share/zeek/site", noticeLog: "dedicated" },
  ossec: { home: "/var/ossec" },
  firewall: nftables({ table: "both" }),
  neverBlock: ["192.0.2.1"],
  detections: [
    {
      kind: "zeek", name: "Scan", event: "connection_state_remove", where: (c) => c.conn?.conn_state === "S0",
      per: (c) => c.id.orig_h, count: { distinct: (c) => c.id.resp_p }, threshold: 3, window: { sliding: "20 sec" },
      notice: { message: (hit) => \`\${hit.key} scans\`, suppress: "10 sec" },
      rule: { level: 5, groups: ["unwanted"], description: "scan" },
    },
    {
      kind: "log", name: "Failed", log: "/var/log/auth.log", program: "sshd",
      regex: pcre2\`^Failed password for (\\S+) from ([0-9a-f.:]+) port \\d+ ssh2$\`, order: ["user", "srcip"],
      samples: ["Nov 14 18:09:08 web sshd[8]: Failed password for root from 198.51.100.66 port 5 ssh2"],
      rule: { level: 5, groups: ["unwanted"], description: "failed" },
    },
    {
      kind: "burst", name: "Unwanted", of: { group: "unwanted" }, events: 3, within: "1 min", per: "source",
      rule: { level: 10, description: "scans and guesses" },
    },
  ],
  responses: [{ kind: "block", when: { detection: "Unwanted" }, for: "1 min" }],
});
`;

const start = 1_700_000_000;
const sources = ["198.51.100.66", "203.0.113.7", "203.0.113.8"] as const;
const rowArbitrary = fc.record({
  second: fc.integer({ min: 0, max: 90 }),
  source: fc.constantFrom(...sources),
  port: fc.integer({ min: 20, max: 26 }),
  state: fc.constantFrom("S0", "S0", "SF"),
});
const lineArbitrary = fc.record({
  second: fc.integer({ min: 0, max: 90 }),
  source: fc.constantFrom(...sources),
  text: fc.constantFrom("Failed password for root from", "Failed password for root from", "Connection from"),
});

const months = ["Jan", "Feb", "Mar", "Apr", "May", "Jun", "Jul", "Aug", "Sep", "Oct", "Nov", "Dec"];
const dated = (time: number): string => {
  const at = new Date(time * 1000);
  return `${months[at.getUTCMonth()]} ${`${at.getUTCDate()}`.padStart(2)} ${at.toISOString().slice(11, 19)}`;
};

if (await hasDuckdb()) {
  const file = join(directory, "both.zopf.ts");
  writeFileSync(file, source);
  const compiled = await compileBundles([file], { show: (path) => path, cache: true });
  const [bundle] = compiled.bundles;
  if (bundle === undefined) throw new Error(JSON.stringify(compiled.diagnostics));
  const input: HuntInput["replay"] = {
    model: bundle.model,
    files: bundle.files,
    ossec: null,
    engine: null,
    year: null,
    reorder: null,
    timeZone: "UTC",
    show: (path) => path,
  };
  const placeOf = (text: string): Place => {
    const place = parsePlace(text);
    if ("severity" in place) throw new Error(place.message);
    return place;
  };
  const hunted = (...places: readonly string[]) =>
    hunt({
      places: places.map(placeOf),
      names: zeekNames,
      range: { from: null, to: null },
      replay: input,
      detections: [],
      exactCaps: false,
      maxRows: 1e6,
      timeLimit: null,
      vary: [],
    });
  const dates = { year: null, assumeDate: null, utc: true };

  test("one archive, two archives, a folder of logs: the timeline of the replay", async () => {
    let together = 0;
    await fc.assert(
      fc.asyncProperty(
        fc.array(rowArbitrary, { minLength: 10, maxLength: 60 }),
        fc.array(lineArbitrary, { minLength: 10, maxLength: 60 }),
        async (rows, lines) => {
          const logs = join(directory, `${made++}`);
          const conn = rows
            .sort((a, b) => a.second - b.second)
            .map(({ second, source: from, port, state }, i) =>
              [(start + second).toFixed(6), `C${i}`, from, 4000, "192.0.2.9", port, "tcp", "-", "-", "-", "-"]
                .concat([state, "-", "-", "S", 1, 40, 0, 0])
                .join("\t"),
            );
          put(logs, "zeek/conn.00:00:00-01:00:00.log", `${connHeader}${conn.join("\n")}\n`);
          const texts = lines
            .sort((a, b) => a.second - b.second)
            .map(
              ({ second, source: from, text }) =>
                `${dated(start + second)} web sshd[7]: ${text} ${from} port 5 ssh2\n`,
            );
          const log = put(logs, "host/auth.log", texts.join(""));
          utimesSync(log, start + 1000, start + 1000);
          const expected: TimelineEvent[] = [];
          await replay(
            { ...input, zeek: [join(logs, "zeek")], syslog: [log] },
            (event) => void expected.push(event),
          );
          for (const [into, part] of [
            ["all", ""],
            ["rows", "zeek"],
            ["lines", "host"],
          ] as const)
            await archive({ paths: [join(logs, part)], into: `${logs}-${into}`, dates });
          const one = await hunted(`duckdb:${logs}-all`);
          assert.ok(one.ok, JSON.stringify(one.diagnostics));
          assert.equal(one.events, expected);
          assert.equal((await hunted(`duckdb:${logs}-lines`, `duckdb:${logs}-rows`)).events, expected);
          assert.equal((await hunted(`duckdb:${logs}`)).events, expected);
          together += expected.filter((event) => event.kind === "block").length;
        },
      ),
      { numRuns: 15, endOnFailure: true, includeErrorInReport: true },
    );
    assert.ok(together > 10, `${together} blocks`);
  });

  test("two places that hold the same kind of thing are one too many", async () => {
    const logs = join(directory, `${made++}`);
    put(
      logs,
      "auth.log",
      `${dated(start)} web sshd[7]: Failed password for root from 198.51.100.66 port 5 ssh2\n`,
    );
    await archive({ paths: [logs], into: `${logs}-a`, dates });
    const outcome = await hunted(`duckdb:${logs}-a`, `duckdb:${logs}`);
    assert.equal(
      outcome.diagnostics.map(({ code }) => code),
      ["hunt/place"],
    );
    assert.match(outcome.diagnostics[0]?.message ?? "", "lines of logs");
    // Of Zeek's detection nothing is there to hunt in.
    const lines = await hunted(`duckdb:${logs}-a`);
    assert.ok(lines.ok);
    assert.ok(lines.diagnostics.some(({ code }) => code === "hunt/unhunted"));
    assert.is(lines.events.length, 1);
  });
}

test.run();
