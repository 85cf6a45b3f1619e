/** What `zopf test` says of cases that miss something. */
import { copyFileSync, cpSync, readFileSync, symlinkSync, unlinkSync, writeFileSync } from "node:fs";
import { join } from "node:path";
import { fileURLToPath } from "node:url";
import { Ajv2020 } from "ajv/dist/2020.js";
import { test } from "uvu";
import * as assert from "uvu/assert";
import { runCases } from "../../src/cases/run.js";
import { showPath } from "../../src/cli/command.js";
import { noPaint } from "../../src/report/diagnostics-text.js";
import { testJson, testText } from "../../src/report/test.js";
import { scratchFolder } from "../scratch-folder.js";

const root = fileURLToPath(new URL("../../", import.meta.url));
const schema: object = JSON.parse(readFileSync(join(root, "src/schemas/test.schema.json"), "utf8"));
const validate = new Ajv2020({ allErrors: true }).compile(schema);

function example(name: string): string {
  const folder = scratchFolder("why");
  cpSync(join(root, "examples", name), folder, { recursive: true });
  return folder;
}

test("a detection that a case misses has the cause of its silence beside it", async () => {
  const folder = example("zeek-ossec-pf");
  copyFileSync(join(folder, "cases/quiet-day/conn.log"), join(folder, "cases/port-scan/conn.log"));
  const options = { bundles: [join(folder, "perimeter.zopf.ts")], cache: false, show: showPath };
  const report = await runCases(options);
  const failed = report.cases.find(({ case: name }) => name === "port-scan");
  assert.is(failed?.status, "failed");
  assert.equal(
    failed?.why?.map(({ detection, cause }) => [detection, cause.name]),
    [["Port_Scan_S0_Detected", "condition"]],
  );
  const text = testText(report, noPaint);
  assert.match(
    text,
    /\n {4}silent {3}Port_Scan_S0_Detected: all 52 rows fell at c\.conn\.conn_state === "S0"/,
  );
  assert.ok(validate(JSON.parse(testJson(report))), JSON.stringify(validate.errors));
  assert.is(report.cases.find(({ case: name }) => name === "quiet-day")?.why, undefined);

  const all = await runCases({ ...options, why: true });
  assert.ok(all.cases.every(({ why }) => why?.length === 1));
  assert.match(testText(all, noPaint), /52 {2}rows of conn\.log\n/);
  assert.ok(validate(JSON.parse(testJson(all))), JSON.stringify(validate.errors));
});

test("equal failures are told once", async () => {
  const folder = example("sshd-burst");
  const path = join(folder, "cases/quiet-day/case.json");
  writeFileSync(path, JSON.stringify({ syslog: ["auth.log"], year: 2026, expect: {} }));
  const { cases } = await runCases({
    bundles: [join(folder, "sshd.zopf.ts")],
    cache: false,
    show: showPath,
  });
  const failures = cases.find(({ case: name }) => name === "quiet-day")?.failures ?? [];
  assert.equal(
    failures.map(({ seen }) => seen),
    [
      "alert of rule 104800 (level 5) for 203.0.113.9 at 2026-06-11T03:13:00.000Z, and 15 more like it until 2026-06-12T00:13:04.000Z",
      "alert of rule 104800 (level 5) for 203.0.113.20 at 2026-06-12T01:25:20.000Z, and 13 more like it until 2026-06-12T01:27:57.000Z",
    ],
  );
  assert.is(failures[0]?.lines.length, 5);
});

test("a case.json that is no file is an error, not no case", async () => {
  const folder = example("zeek-ossec-pf");
  const path = join(folder, "cases/quiet-day/case.json");
  for (const target of ["/dev/null", "/dev/zero", "/nowhere/case.json"]) {
    unlinkSync(path);
    symlinkSync(target, path);
    const { cases, diagnostics } = await runCases({
      bundles: [join(folder, "perimeter.zopf.ts")],
      cache: false,
      show: showPath,
    });
    assert.is(cases.find(({ case: name }) => name === "quiet-day")?.status, "invalid");
    assert.equal(
      diagnostics.map(({ code }) => code),
      ["case/file"],
    );
  }
});

test.run();
