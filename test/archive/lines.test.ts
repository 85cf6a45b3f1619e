/** Lines of syslog in an archive: what the replay of their files gives comes out of it again. */
import "../seed.js";
import { appendFileSync, copyFileSync, readFileSync, utimesSync, writeFileSync } from "node:fs";
import { join } from "node:path";
import { gzipSync } from "node:zlib";
import fc from "fast-check";
import { suite } from "uvu";
import * as assert from "uvu/assert";
import { archive } from "../../src/archive/archive.js";
import { readManifest } from "../../src/archive/manifest.js";
import { readSyslogLine } from "../../src/archive/syslog-line.js";
import { HuntedLines, type TableRow } from "../../src/hunt/lines.js";
import type { ArchivedLine } from "../../src/logtest/archived-lines.js";
import type { Ruleset } from "../../src/ossec/definitions.js";
import { ossecDialects } from "../../src/ossec/dialects.js";
import { predecode } from "../../src/ossec/predecode/index.js";
import { mergeByTime } from "../../src/replay/merge.js";
import { syslogLines } from "../../src/replay/syslog-source.js";
import { wazuh4 } from "../../src/wazuh/dialect.js";
import { hasDuckdb, opened } from "../hunt/helpers.js";
import { lively, livelyDecoders, reported, rows } from "../hunt/random-lines.js";
import { loadedOf, rules, versions } from "../ossec/engine/random.js";
import { scratchFolder } from "../scratch-folder.js";
import { put } from "../zeek/scratch.js";

const test = suite("archive: lines");
const directory = scratchFolder("archive-lines");
let made = 0;
const folder = (): string => join(directory, `${made++}`);
const dates = { year: null, assumeDate: null, utc: true };

const months = ["Jan", "Feb", "Mar", "Apr", "May", "Jun", "Jul", "Aug", "Sep", "Oct", "Nov", "Dec"];
const two = (value: number): string => `${value}`.padStart(2, "0");

/** A line as one of the writers of logs has it. */
function written({ time, host, program, message }: TableRow, form: string): string {
  const at = new Date(Math.floor(time) * 1000);
  const iso = at.toISOString().slice(0, 19);
  const fraction = `${Math.round((time % 1) * 1e6)}`.padStart(6, "0");
  const [name, pid] = [program.replace(/\[.*/, ""), /\[(.*)\]/.exec(program)?.[1] ?? "-"];
  const head = `${host} ${program}${program === "" ? "" : ": "}`;
  const body = message.replaceAll("\n", " ");
  const day = `${at.getUTCDate()}`.padStart(2, " ");
  switch (form) {
    case "rfc3164":
      return `${months[at.getUTCMonth()]} ${day} ${iso.slice(11)} ${head}${body}`;
    case "rfc3339":
      return `${iso}.${fraction}+00:00 ${head}${body}`;
    case "zulu":
      return `${iso}.${fraction.slice(0, 3)}Z ${head}${body}`;
    case "rfc5424":
      return `<34>1 ${iso}.${fraction}Z ${host || "-"} ${name || "-"} ${pid} ID47 [a@1 b="c]"] ${body}`;
    case "access":
      return `192.0.2.1 - - [${two(at.getUTCDate())}/${months[at.getUTCMonth()]}/${at.getUTCFullYear()}:${iso.slice(11)} +0000] "GET /${encodeURIComponent(name)} HTTP/1.1" 200 7 "${body.slice(0, 40)}"`;
    case "nothing":
      return body;
    default:
      // Bytes that are no UTF-8, and a NUL.
      return `${months[at.getUTCMonth()]} ${day} ${iso.slice(11)} ${head}${body}\xe9\0 end`;
  }
}
const form = fc.oneof(
  { weight: 12, arbitrary: fc.constantFrom("rfc3164", "rfc3164", "rfc3339", "zulu", "rfc5424", "access") },
  fc.constantFrom("nothing", "bytes"),
);
const lineArbitrary = rows.chain((several) =>
  fc
    .array(form, { minLength: several.length, maxLength: several.length })
    .map((forms) => several.map((row, i) => written(row, forms[i] ?? "rfc3164"))),
);
/** The pieces of two logs, as logrotate leaves them. */
const names = ["other.log", "srv/auth.log.2.gz", "srv/auth.log.1", "srv/auth.log"];

function logsOf(at: string, lines: readonly string[]): readonly string[] {
  const size = Math.ceil(lines.length / names.length);
  return names.flatMap((name, i) => {
    const own = lines.slice(i * size, (i + 1) * size);
    if (own.length === 0) return [];
    const bytes = Buffer.from(own.map((line) => `${line}\n`).join(""), "latin1");
    const file = put(at, name, "");
    writeFileSync(file, name.endsWith(".gz") ? gzipSync(bytes) : bytes);
    utimesSync(file, 1_781_300_000, 1_781_300_000);
    return [file];
  });
}

/** What the replay has of them: the logs by their names, the pieces of each from the oldest on. */
async function replayedLines(files: readonly string[]): Promise<readonly ArchivedLine[]> {
  const begun = await Promise.all(
    files.map(async (file) => {
      for await (const { time } of syslogLines({ file, ...dates }, () => undefined)) return { file, time };
      return { file, time: 0 };
    }),
  );
  begun.sort((a, b) => {
    const [one, other] = [a, b].map(({ file }) => (file.endsWith("other.log") ? 0 : 1));
    return (one ?? 0) - (other ?? 0) || a.time - b.time || (a.file < b.file ? -1 : 1);
  });
  const feeds = begun.map(({ file }) => syslogLines({ file, ...dates }, () => undefined));
  const lines: ArchivedLine[] = [];
  for await (const { text, time, file, lineNumber } of mergeByTime(feeds))
    lines.push({ text, time, file: file ?? "", lineNumber: lineNumber ?? 0 });
  return lines;
}

async function huntedLines(into: string, ruleset: Ruleset, whole: boolean) {
  const store = await opened(into);
  try {
    const hunted = new HuntedLines({ store, whole, maxRows: 1e6 });
    const prepared = await hunted.prepare(ruleset);
    if (!prepared.ok) throw new Error(JSON.stringify(prepared.diagnostics));
    const lines: ArchivedLine[] = [];
    for await (const line of prepared.lines) lines.push(line);
    return { lines, counts: hunted.counts() };
  } finally {
    await store.close();
  }
}

const anyRules = loadedOf({
  rules: '<rule id="100" level="3"><match>failed</match><description>r</description></rule>',
  decoders: livelyDecoders,
});

test("the columns are what the engines read, where they say so", () => {
  let cut = 0;
  fc.assert(
    fc.property(lineArbitrary, (lines) => {
      for (const line of lines.filter((one) => one.length < 6000)) {
        const { header, host, program, message, form: found } = readSyslogLine(line);
        assert.is(header + message, line);
        if (found !== "header") continue;
        cut += 1;
        for (const dialect of [...Object.values(ossecDialects), wazuh4]) {
          const read = predecode(line, { dialect, ownHostname: "here" });
          if (read.ignored === true) continue;
          assert.is(read.programName, program, line);
          assert.is(read.hostname, host, line);
          assert.ok(message.endsWith(read.log), line);
        }
      }
    }),
    { numRuns: 100 },
  );
  assert.ok(cut > 500, `${cut} lines`);
});

test("what else is a header is one for people", () => {
  const zulu = readSyslogLine("2026-06-11T11:04:47Z web sshd[77]: Failed");
  assert.equal([zulu.host, zulu.program, zulu.pid, zulu.message], ["web", "sshd", "77", "Failed"]);
  assert.is(zulu.form, "line");
  const long = readSyslogLine('<34>1 2026-06-11T11:04:47.003Z web su - ID47 [a b="\\]"][c] failed for root');
  assert.equal([long.host, long.program, long.pid, long.message], ["web", "su", null, "failed for root"]);
  const access = readSyslogLine('192.0.2.1 - - [11/Jun/2026:11:04:47 +0000] "GET / HTTP/1.1" 200 5');
  assert.equal([access.host, access.program, access.header], [null, null, ""]);
});

if (await hasDuckdb()) {
  test("random logs: the lines of the replay, at its times, in its order", async () => {
    await fc.assert(
      fc.asyncProperty(lineArbitrary, async (lines) => {
        const logs = folder();
        const files = logsOf(logs, lines);
        const into = `${logs}-archive`;
        const made = await archive({ paths: [logs], into, dates });
        assert.ok(made.ok, JSON.stringify(made.diagnostics));
        // Files in which no line has a date are left out, and said.
        const there = files.filter((file) => !made.skipped.some((one) => one.file === file));
        const expected = await replayedLines(there);
        if (anyRules === null) throw new Error("no rules");
        if (there.length === 0) return;
        const { lines: found } = await huntedLines(into, anyRules, true);
        const other = expected.findIndex((one, i) => JSON.stringify(one) !== JSON.stringify(found[i]));
        assert.equal(found[other], expected[other], `line ${other} of ${expected.length}`);
        assert.is(found.length, expected.length);
      }),
      { numRuns: 60, endOnFailure: true, includeErrorInReport: true },
    );
  });

  test("random rules on random logs: what the engine makes of the lines that are fetched", async () => {
    let events = 0;
    let spared = 0;
    await fc.assert(
      fc.asyncProperty(
        fc.oneof(rules, lively, lively, lively),
        lineArbitrary,
        versions,
        async (xml, lines, engine) => {
          const ruleset = loadedOf({ rules: xml, decoders: livelyDecoders, engine });
          if (ruleset === null) return;
          const logs = folder();
          const files = logsOf(logs, lines);
          const into = `${logs}-archive`;
          const made = await archive({ paths: [logs], into, dates });
          const there = files.filter((file) => !made.skipped.some((one) => one.file === file));
          if (there.length === 0) return;
          const expected = reported(ruleset, await replayedLines(there));
          const hunted = await huntedLines(into, ruleset, false);
          const found = reported(ruleset, hunted.lines);
          const other = expected.findIndex((one, i) => JSON.stringify(one) !== JSON.stringify(found[i]));
          assert.equal(
            found[other],
            expected[other],
            `event ${other} of ${expected.length}, ${engine}, ${xml}`,
          );
          assert.is(found.length, expected.length);
          events += expected.length;
          spared += (hunted.counts?.rows ?? 0) - hunted.lines.length;
        },
      ),
      { numRuns: Number(process.env.RUNS ?? 120), endOnFailure: true, includeErrorInReport: true },
    );
    console.log(`${events} events, ${spared} lines were not fetched`);
    assert.ok(events > 300 && spared > 300, `${events} events, ${spared} lines not fetched`);
  });

  const line = (second: number, text: string): string => `Nov 14 18:09:${two(second)} web app[7]: ${text}\n`;
  const entries = (into: string) => {
    const manifest = readManifest(into);
    if (manifest === null || typeof manifest === "string") throw new Error(`${manifest}`);
    return manifest.files.map(({ name, rows: count }) => [name.slice(name.lastIndexOf("/") + 1), count]);
  };

  test("the same lines are never put in twice: rotated, compressed, grown, copied while they grew", async () => {
    const logs = folder();
    const into = `${logs}-archive`;
    const log = put(logs, "auth.log", line(1, "a") + line(2, "b"));
    // Another log that begins with the same line.
    put(logs, "kern.log", line(1, "a") + line(3, "c"));
    const run = () => archive({ paths: [logs], into, dates });
    assert.is((await run()).added.length, 2);
    assert.is((await run()).added.length, 0);
    appendFileSync(log, line(4, "d"));
    const grown = await run();
    assert.equal(
      grown.added.map((one) => one.rows),
      [3],
    );
    assert.equal(entries(into).sort(), [
      ["auth.log", 3],
      ["kern.log", 2],
    ]);
    // An earlier copy of it, cut within its last line; rotated and compressed.
    put(logs, "old/auth.log.1", line(1, "a") + line(2, "b").slice(0, -2));
    writeFileSync(join(logs, "auth.log.2.gz"), gzipSync(readFileSync(log)));
    // The same bytes under any name; the same lines under any name.
    copyFileSync(log, join(logs, "backup.txt"));
    writeFileSync(join(logs, "copy.txt.gz"), gzipSync(readFileSync(log)));
    const again = await run();
    assert.is(again.added.length, 0, JSON.stringify(again.added.map(({ name }) => name)));
    assert.equal(
      again.known.map(({ file }) => file.slice(logs.length + 1)).sort(),
      ["auth.log", "auth.log.2.gz", "backup.txt", "copy.txt.gz", "kern.log", "old/auth.log.1"],
      JSON.stringify(again.skipped),
    );
    // The next one of the name begins anew.
    writeFileSync(log, line(9, "e"));
    assert.is((await run()).added.length, 1);
    assert.is(entries(into).length, 3);
  });

  test("what is left out is said, and why", async () => {
    const logs = folder();
    const into = `${logs}-archive`;
    put(logs, "auth.log", line(1, "a"));
    put(logs, "wtmp", "\0\x01\x02 binary");
    put(logs, "notes", "no date\nin here\n");
    put(logs, "empty", "");
    writeFileSync(join(logs, "cut.log.gz"), gzipSync(Buffer.from(line(1, "x").repeat(300))).subarray(0, 70));
    const made = await archive({ paths: [logs], into, dates });
    assert.ok(made.ok);
    assert.is(made.added.length, 1);
    const reasons = Object.fromEntries(
      made.skipped.map(({ file, reason }) => [file.slice(logs.length + 1), reason]),
    );
    assert.equal(Object.keys(reasons).sort(), ["cut.log.gz", "empty", "notes", "wtmp"]);
    assert.match(reasons.notes ?? "", "--assume-date");
    assert.match(reasons.wtmp ?? "", "nor text");
    assert.match(reasons["cut.log.gz"] ?? "", "cannot be read");
    const later = await archive({ paths: [logs], into, dates: { ...dates, assumeDate: 1_781_175_600 } });
    assert.equal(
      later.added.map((one) => [one.rows, one.from]),
      [[2, 1_781_175_600]],
    );
  });

  test("stopped in the middle of a file: it is no part of the archive, and is taken up the next time", async () => {
    const logs = folder();
    const into = `${logs}-archive`;
    const lines = Array.from({ length: 25_000 }, (_, i) => line(i % 60, `${i}`));
    put(logs, "auth.log", lines.join(""));
    let looks = 0;
    const watch = { expect: () => undefined, read: () => undefined, stopped: () => ++looks > 2 };
    const part = await archive({ paths: [logs], into, dates, watch });
    assert.is(part.added.length, 0);
    assert.ok(part.diagnostics.some(({ code }) => code === "archive/partial"));
    const rest = await archive({ paths: [logs], into, dates });
    assert.equal(
      rest.added.map((one) => one.rows),
      [25_000],
    );
  });
}

test.run();
