/** Lines of `zopf replay --format json` fit the schema of the package. */
import { existsSync, mkdtempSync, readdirSync, readFileSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { fileURLToPath } from "node:url";
import { Ajv2020 } from "ajv/dist/2020.js";
import { test } from "uvu";
import * as assert from "uvu/assert";
import { showPath } from "../../src/cli/command.js";
import { compileBundles } from "../../src/compiler/compile.js";
import { type ReplayOutcome, replay } from "../../src/replay/replay.js";
import type { TimelineEvent } from "../../src/replay/timeline.js";
import { noPaint } from "../../src/report/diagnostics-text.js";
import { ReplaySummary } from "../../src/report/replay-summary.js";
import { GroupedTimeline, nearMissJson, nearMissText, timelineJson } from "../../src/report/timeline.js";
import { whyJson } from "../../src/report/why.js";

const root = fileURLToPath(new URL("../../", import.meta.url));
const schema: object = JSON.parse(readFileSync(join(root, "src/schemas/replay.schema.json"), "utf8"));
const validate = new Ajv2020({ allErrors: true }).compile(schema);

/** The kinds of the lines, each of which fits the schema. */
function kindsOf(lines: string): readonly string[] {
  return lines
    .split("\n")
    .filter((line) => line !== "")
    .map((line) => {
      const value: { readonly kind: string } = JSON.parse(line);
      const short = validate.errors?.filter(({ keyword }) => keyword !== "const").slice(0, 5);
      assert.ok(validate(value), `${line}\n${JSON.stringify(short)}`);
      return value.kind;
    });
}

interface CaseFile {
  readonly zeek?: readonly string[];
  readonly syslog?: readonly string[];
  readonly year?: number;
}

async function play(
  bundleFile: string,
  folder: string,
  { zeek, syslog, year }: CaseFile,
): Promise<{ readonly text: string; readonly outcome: ReplayOutcome }> {
  const compiled = await compileBundles([bundleFile], { show: showPath, cache: false });
  const [bundle] = compiled.bundles;
  if (bundle === undefined) throw new Error(`${bundleFile} does not compile`);
  let text = "";
  const summary = new ReplaySummary();
  const outcome = await replay(
    {
      model: bundle.model,
      files: bundle.files,
      zeek: (zeek ?? []).map((file) => join(folder, file)),
      syslog: (syslog ?? []).map((file) => join(folder, file)),
      ossec: null,
      engine: null,
      year: year ?? null,
      reorder: null,
      timeZone: "UTC",
      nearMisses: true,
      why: true,
      show: showPath,
    },
    (event) => {
      text += timelineJson(event);
      summary.see(event);
    },
  );
  return { text: text + summary.json(), outcome };
}

test("every line of the examples' cases", async () => {
  const kinds = new Set<string>();
  for (const example of readdirSync(join(root, "examples"))) {
    const folder = join(root, "examples", example);
    const cases = join(folder, "cases");
    if (!existsSync(cases)) continue;
    const bundle = readdirSync(folder).find((name) => name.endsWith(".zopf.ts")) ?? "";
    for (const name of readdirSync(cases)) {
      const here = join(cases, name);
      const given: CaseFile = JSON.parse(readFileSync(join(here, "case.json"), "utf8"));
      const { text, outcome } = await play(join(folder, bundle), here, given);
      const near = nearMissJson(outcome.nearMisses, outcome.nearMissesLeftOut);
      for (const kind of kindsOf(text + near + whyJson(outcome.why))) kinds.add(kind);
    }
  }
  assert.equal([...kinds].sort(), [
    "alert",
    "block",
    "near-miss",
    "notice",
    "refused",
    "response",
    "summary",
    "unblock",
    "why",
  ]);
});

test("near misses: those beyond the hundred nearest are counted, not passed over", async () => {
  const folder = mkdtempSync(join(tmpdir(), "zopf-near-"));
  const row = (source: number, port: number): string =>
    `${(1_781_175_600 + source).toFixed(6)}\tC${source}\t66.132.172.${source}\t40000\t162.212.157.188\t${port}\ttcp\t-\t-\t-\t-\tS0\tS\n`;
  const rows = Array.from(
    { length: 230 },
    (_, source) => row(source, 1) + (source < 30 ? row(source, 2) : ""),
  );
  writeFileSync(
    join(folder, "conn.log"),
    `#separator \\x09
#set_separator\t,
#empty_field\t(empty)
#unset_field\t-
#path\tconn
#fields\tts\tuid\tid.orig_h\tid.orig_p\tid.resp_h\tid.resp_p\tproto\tduration\torig_bytes\tresp_bytes\tservice\tconn_state\thistory
#types\ttime\tstring\taddr\tport\taddr\tport\tenum\tinterval\tcount\tcount\tstring\tstring\tstring
${rows.join("")}`,
  );
  const bundle = join(root, "examples/zeek-ossec-pf/perimeter.zopf.ts");
  const { outcome } = await play(bundle, folder, { zeek: ["conn.log"] });
  const [first] = outcome.nearMisses;
  assert.is(outcome.nearMisses.length % 100, 0);
  assert.is(first?.count, 2);
  const detections = outcome.nearMisses.length / 100;
  assert.equal(
    outcome.nearMissesLeftOut.map(({ count, atLeast }) => ({ count, atLeast })),
    Array.from({ length: detections }, () => ({ count: 130, atLeast: false })),
  );
  assert.equal(kindsOf(nearMissJson(outcome.nearMisses, outcome.nearMissesLeftOut)), [
    ...outcome.nearMisses.map(() => "near-miss"),
    ...outcome.nearMissesLeftOut.map(() => "near-misses-left-out"),
  ]);
  assert.match(
    nearMissText(outcome.nearMisses, outcome.nearMissesLeftOut),
    new RegExp(`\nbelow ${first?.detection}: 130 more that came less near are not shown\n`),
  );
});

const alert = (time: number, source: string, rule = 100500): TimelineEvent => ({
  kind: "alert",
  time,
  detection: "Scan",
  source,
  file: null,
  lineNumber: null,
  rule,
  level: 6,
  description: "a scan",
  line: "x",
});

test("equal lines that follow each other are shown once, each time with its zone", () => {
  const grouped = new GroupedTimeline(noPaint);
  const shown = [
    alert(1_781_175_600, "192.0.2.7"),
    alert(1_781_175_601.5, "192.0.2.7"),
    alert(1_781_175_602, "192.0.2.7"),
    alert(1_781_175_603, "192.0.2.8"),
    alert(1_781_175_604, "192.0.2.8", 100501),
    alert(1_781_175_605, "192.0.2.8", 100501),
  ].map((event) => grouped.next(event));
  const line = (time: string, source: string, rule = 100500): string =>
    `2026-06-11 11:00:${time}Z  alert    ${source}  rule ${rule} (level 6) 'a scan'\n`;
  const more = (count: number, until: string): string =>
    `                      and ${count} more until 2026-06-11 11:00:${until}Z\n`;
  assert.is(
    shown.join("") + grouped.end(),
    line("00", "192.0.2.7") +
      more(2, "02") +
      line("03", "192.0.2.8") +
      line("04", "192.0.2.8", 100501) +
      more(1, "05"),
  );
});

test("the summary counts by detection, source and hour", () => {
  const summary = new ReplaySummary();
  for (const event of [
    alert(1_781_175_600, "192.0.2.7"),
    alert(1_781_175_601, "192.0.2.8"),
    alert(1_781_179_200, "192.0.2.8"),
  ])
    summary.see(event);
  assert.is(
    summary.text(noPaint, false),
    `by detection  notices   alerts   blocks  refused
  Scan              0        3        0        0
by source    notices   alerts   blocks  refused
  192.0.2.8        0        2        0        0
  192.0.2.7        0        1        0        0
by hour (UTC)
  2026-06-11 11:00Z        2  ########################################
  2026-06-11 12:00Z        1  ####################
0 notices, 3 alerts, 0 blocks of 0 sources
`,
  );
  assert.equal(kindsOf(summary.json()), ["summary"]);
});

test.run();
