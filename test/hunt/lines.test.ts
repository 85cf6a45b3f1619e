/** Lines of a table that OSSEC's engine is given lead to what all lines lead to. */
import "../seed.js";
import { readFileSync, writeFileSync } from "node:fs";
import { join } from "node:path";
import fc from "fast-check";
import { suite } from "uvu";
import * as assert from "uvu/assert";
import { openDuckdb } from "../../src/archive/duckdb.js";
import { logtestOn } from "../../src/cli/logtest-on.js";
import { TerminalReading } from "../../src/cli/reading.js";
import { compileBundles } from "../../src/compiler/compile.js";
import type { Diagnostic } from "../../src/diagnostics/diagnostic.js";
import { openDuckdbStore } from "../../src/hunt/duckdb-store.js";
import { type HuntInput, hunt } from "../../src/hunt/hunt.js";
import { HuntedLines, type TableRow, writtenLines } from "../../src/hunt/lines.js";
import { zeekNames } from "../../src/hunt/names.js";
import { parsePlace } from "../../src/hunt/place.js";
import type { LogtestRequest } from "../../src/logtest/arguments.js";
import { runLogtest } from "../../src/logtest/main.js";
import type { Ruleset } from "../../src/ossec/definitions.js";
import { replay } from "../../src/replay/replay.js";
import type { TimelineEvent } from "../../src/replay/timeline.js";
import { duckdb as sql } from "../../src/targets/sql/dialect.js";
import { loadedOf, rules, versions } from "../ossec/engine/random.js";
import { load } from "../ossec/engine/tree.js";
import { scratchFolder } from "../scratch-folder.js";
import { repository } from "../zeek/helpers.js";
import { hasDuckdb } from "./helpers.js";
import { lively, livelyDecoders, reported, rows, sorted, start } from "./random-lines.js";

const test = suite("hunt: lines");
const directory = scratchFolder("hunt-lines");
let made = 0;

/** What is new, and a login after failed ones. */
const ownBundle = `import { defineBundle, nftables, pcre2 } from "zopf";
const line = { kind: "log" as const, log: "/var/log/auth.log", program: "sshd" };
export default defineBundle({
  name: "own",
  ossec: { home: "/var/ossec" },
  firewall: nftables({ table: "own" }),
  neverBlock: ["192.0.2.1"],
  detections: [
    {
      ...line, name: "Failed", regex: pcre2\`^Failed password for (\\S+) from ([0-9a-f.:]+) port \\d+ ssh2$\`, order: ["user", "srcip"],
      firstTime: ["srcip"],
      samples: ["Nov 14 18:09:08 web sshd[8]: Failed password for root from 198.51.100.66 port 5 ssh2"],
      rule: { level: 5, description: "failed for the first time" },
    },
    {
      ...line, name: "Accepted", regex: pcre2\`^Accepted password for (\\S+) from ([0-9a-f.:]+) port \\d+ ssh2$\`, order: ["user", "srcip"],
      samples: ["Nov 14 18:09:08 web sshd[8]: Accepted password for root from 198.51.100.66 port 5 ssh2"],
      rule: { level: 3, description: "accepted" },
    },
    {
      kind: "sequence", name: "Guessed", first: { detection: "Failed" }, times: 2, next: { detection: "Accepted" },
      within: "2 min", per: "source", rule: { level: 9, description: "again and again" },
    },
    {
      kind: "burst", name: "Often", of: { detection: "Accepted" }, events: 3, within: "1 min", per: "source",
      rule: { level: 10, description: "often" },
    },
  ],
  responses: [{ kind: "block", when: { detection: "Often" }, for: "1 min" }],
});
`;

if (await hasDuckdb()) {
  const opened = await openDuckdb(2);
  if (!opened.ok) throw new Error("no DuckDB");
  const { duckdb } = opened;

  /** A Parquet file of rows in the order in which they are given. */
  const table = async (given: readonly TableRow[]): Promise<string> => {
    const file = join(directory, `lines-${made++}.parquet`);
    const json = `${file}.json`;
    const unicode = (bytes: string): string => Buffer.from(bytes, "latin1").toString("utf8");
    const lines = given.map((one) =>
      JSON.stringify({
        us: Math.round(one.time * 1e6),
        host: one.host === "" ? null : unicode(one.host),
        program: unicode(one.program),
        message: unicode(one.message),
      }),
    );
    writeFileSync(json, `${lines.join("\n")}\n`);
    await duckdb.run(
      `COPY (SELECT make_timestamp(us) AS time, host, program, message FROM read_json(${sql.text(json)}, format = 'newline_delimited', columns = {us: 'BIGINT', host: 'VARCHAR', program: 'VARCHAR', message: 'VARCHAR'})) TO ${sql.text(file)} (FORMAT parquet)`,
    );
    return file;
  };

  const hunted = async (ruleset: Ruleset, given: readonly TableRow[]) => {
    const store = await openDuckdbStore(
      { path: await table(given), log: "lines", table: null },
      { names: zeekNames, range: { from: null, to: null } },
    );
    if (!store.ok) throw new Error(JSON.stringify(store.diagnostics));
    try {
      const lines = new HuntedLines({ store: store.store, whole: false, maxRows: Number.POSITIVE_INFINITY });
      const prepared = await lines.prepare(ruleset);
      if (!prepared.ok) throw new Error(JSON.stringify(prepared.diagnostics));
      const fetched = [];
      for await (const line of prepared.lines) fetched.push(line);
      return { fetched, counts: lines.counts(), codes: prepared.diagnostics.map(({ code }) => code) };
    } finally {
      await store.store.close();
    }
  };

  test("random rules on random lines", async () => {
    let some = 0;
    let events = 0;
    let spared = 0;
    await fc.assert(
      fc.asyncProperty(
        fc.oneof(rules, lively, lively, lively),
        rows,
        versions,
        async (xml, given, engine) => {
          const ruleset = loadedOf({ rules: xml, decoders: livelyDecoders, engine });
          if (ruleset === null) return;
          const expected = reported(ruleset, sorted(given));
          const { fetched, counts } = await hunted(ruleset, given);
          const found = reported(ruleset, fetched);
          const other = expected.findIndex((one, i) => JSON.stringify(one) !== JSON.stringify(found[i]));
          assert.equal(
            found[other],
            expected[other],
            `event ${other} of ${expected.length}: ${JSON.stringify([expected[other], found[other]])} ${xml}`,
          );
          assert.is(found.length, expected.length);
          some += 1;
          events += expected.length;
          spared += (counts?.rows ?? 0) - (counts?.fetched ?? 0);
        },
      ),
      { numRuns: Number(process.env.RUNS ?? 150), endOnFailure: true, includeErrorInReport: true },
    );
    console.log(`${some} rule sets: ${events} events, ${spared} lines were not fetched`);
    assert.ok(events > 5 * some && spared > some, `${events} events, ${spared} lines not fetched`);
  });

  /** Lines as the bundles of the examples look for them, and others. */
  const events: fc.Arbitrary<TableRow> = fc
    .tuple(
      fc.constantFrom("web", "web", "mail"),
      fc.constantFrom("198.51.100.66", "203.0.113.7", "203.0.113.7", "2001:db8::66", "192.0.2.1"),
      fc.oneof(fc.nat({ max: 9 }), fc.constantFrom(0, 2)),
      fc.integer({ min: 0, max: 200 }),
    )
    .chain(([name, source, kind, seconds]) => {
      const texts: readonly (readonly [program: string, message: string])[] = [
        ["sshd[812]", `Failed password for root from ${source} port 50022 ssh2`],
        [
          "sshd[812]",
          `Failed password for invalid user x from 192.0.2.7 port 22 ssh2 from ${source} port 4711 ssh2`,
        ],
        ["sshd", `Accepted password for root from ${source} port 50022 ssh2`],
        ["sshd-session[9]", `Failed password for root from ${source} port 50022 ssh2`],
        ["other", `Failed password for root from ${source} port 50022 ssh2`],
        ["shop[3]", `login failed: carol from ${source}`],
        ["shop[3]", `login FAILED: carol from ${source}`],
        ["backup[4]", "job home ended with status 2"],
        ["CRON[7]", "(root) CMD (run-parts /etc/cron.hourly)"],
        ["", `door 3: opened by ${source}`],
      ];
      const [program = "", message = ""] = texts[kind] ?? [];
      return fc
        .constantFrom(0, 0, 0.5)
        .map((more) => ({ time: start + seconds + more, host: name, program, message }));
    });

  test("bundles: the alerts and blocks of the replay", async () => {
    const files = ["sshd-burst/sshd", "local-rules/local", "service-logs/services"];
    const own = join(directory, "own.zopf.ts");
    writeFileSync(own, ownBundle);
    const compiled = await compileBundles(
      [own, ...files.map((name) => join(repository, "examples", `${name}.zopf.ts`))],
      { show: (path) => path, cache: true },
    );
    assert.ok(compiled.ok, JSON.stringify(compiled.diagnostics));
    let alerts = 0;
    let blocks = 0;
    let fetched = 0;
    let all = 0;
    await fc.assert(
      fc.asyncProperty(
        fc.constantFrom(...compiled.bundles),
        fc.array(events, { minLength: 30, maxLength: 120 }),
        async (bundle, given) => {
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
          const file = join(directory, `lines-${made++}.log`);
          writeFileSync(
            file,
            `${sorted(given)
              .map(({ text: line }) => line)
              .join("\n")}\n`,
            "latin1",
          );
          const stored = await table(given);
          // Alerts and commands name the place of the lines.
          const plain = (event: TimelineEvent) =>
            JSON.stringify({ ...event, lineNumber: null })
              .replaceAll(file, "LINES")
              .replaceAll(stored, "LINES");
          const expected: TimelineEvent[] = [];
          await replay({ ...input, zeek: [], syslog: [file] }, (event) => void expected.push(event));
          const place = parsePlace(`duckdb:${stored}?log=lines`);
          if ("severity" in place) throw new Error(place.message);
          const outcome = await hunt({
            places: [place],
            names: zeekNames,
            range: { from: null, to: null },
            replay: input,
            detections: [],
            exactCaps: false,
            maxRows: 1e6,
            timeLimit: null,
            vary: [],
          });
          assert.ok(outcome.ok, JSON.stringify(outcome.diagnostics));
          assert.equal(outcome.events.map(plain), expected.map(plain));
          alerts += expected.filter(({ kind }) => kind === "alert").length;
          blocks += expected.filter(({ kind }) => kind === "block").length;
          fetched += outcome.counts?.lines?.fetched ?? 0;
          all += outcome.counts?.lines?.rows ?? 0;
        },
      ),
      { numRuns: 40, endOnFailure: true, includeErrorInReport: true },
    );
    assert.ok(alerts > 400 && blocks > 10, `${alerts} alerts, ${blocks} blocks`);
    assert.ok(fetched < 0.8 * all, `${fetched} of ${all} lines were fetched`);
  });

  test("what the rules do not look for is not fetched, and what depends on all lines is said", async () => {
    const rows = Array.from({ length: 100 }, (_, i) => ({
      time: start + i,
      host: "web",
      program: i % 10 === 0 ? "app" : "CRON",
      message: i % 20 === 0 ? "failed" : "quiet",
    }));
    const failed = '<rule id="100" level="3"><match>failed</match><description>r</description></rule>';
    assert.equal((await hunted(load({ rules: failed }), rows)).counts, { rows: 100, fetched: 5 });
    const program =
      '<rule id="100" level="3"><program_name>^app</program_name><description>r</description></rule>';
    assert.equal((await hunted(load({ rules: program }), rows)).counts, { rows: 100, fetched: 10 });
    const any = '<rule id="100" level="3"><hostname>web</hostname><description>r</description></rule>';
    const whole = await hunted(load({ rules: any }), rows);
    assert.equal(whole.counts, { rows: 100, fetched: 100 });
    assert.equal(whole.codes, ["hunt/every-line"]);
  });

  test("logtest on a table prints what it prints of the lines and their times", async () => {
    const rulesFile = join(directory, "rules.xml");
    const decodersFile = join(directory, "decoders.xml");
    const group = (xml: string): string =>
      `<group name="t,"><rule id="1" level="0" noalert="1"><category>syslog</category></rule>${xml}</group>`;
    writeFileSync(decodersFile, livelyDecoders, "latin1");
    await fc.assert(
      fc.asyncProperty(lively, rows, fc.boolean(), async (xml, all, alerts) => {
        // Pieces of longer lines would be cut once more.
        const given = all.filter((one) => one.message.length < 5000);
        if (loadedOf({ rules: xml, decoders: livelyDecoders }) === null) return;
        writeFileSync(rulesFile, group(xml), "latin1");
        const output = join(directory, "printed");
        const run = async (how: Partial<LogtestRequest>, on: string | null): Promise<string> => {
          const request: LogtestRequest = {
            decoders: [decodersFile],
            rules: [rulesFile],
            engine: "4.3",
            control: on === null,
            verbose: false,
            alerts,
            hostname: "here",
            format: "json",
            output,
            files: [],
            ...how,
          };
          const told: string[] = [];
          const report = async (found: readonly Diagnostic[]) =>
            void told.push(
              ...found.filter(({ severity }) => severity === "error").map(({ message }) => message),
            );
          const status =
            on === null
              ? await runLogtest(request, report)
              : await logtestOn(on, { from: null, to: null }, request, report, new TerminalReading());
          assert.equal(told, []);
          assert.is(status, 0);
          return readFileSync(output, "latin1");
        };
        const file = join(directory, "timed.log");
        const timed = sorted(given).map(({ text: line, time: at }) => `@time ${Math.floor(at)}\n${line}\n`);
        writeFileSync(file, timed.join(""), "latin1");
        const expected = await run({ files: [file] }, null);
        assert.is(await run({}, `duckdb:${await table(given)}`), expected);
      }),
      { numRuns: 30, endOnFailure: true, includeErrorInReport: true },
    );
  });

  test("lines as a syslog daemon would have written them", () => {
    const line = { time: start + 0.25, host: "web", program: "app[1]", message: "a\nb" };
    assert.equal(writtenLines(line), ["2026-06-11T11:00:00.250000+00:00 web app[1]: a#012b"]);
    assert.equal(writtenLines({ ...line, program: "" }), ["2026-06-11T11:00:00.250000+00:00 web a#012b"]);
    assert.equal(writtenLines({ ...line, host: "", program: "", message: "as it is" }), ["as it is"]);
    assert.is(writtenLines({ ...line, message: "x".repeat(7000) }).length, 2);
  });
}

test.run();
