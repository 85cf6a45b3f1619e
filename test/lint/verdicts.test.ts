import { existsSync, readFileSync } from "node:fs";
import path from "node:path";
import { fileURLToPath } from "node:url";
import { suite } from "uvu";
import * as assert from "uvu/assert";
import { lintRecord, type VerdictRecord } from "./records.js";

const repository = fileURLToPath(new URL("../..", import.meta.url));
const oracle = path.join(repository, "..", "shared", "oracle", "ossec", "config_verdicts.json");

/** Traps that are in the lines, not in the files (docs/reference/ossec.md#traps). */
const inLines = new Set([
  "iso-z-date",
  "prematch-decoder-skipped-with-program",
  "pri-prefix",
  "program-decoder-without-header",
  "solaris-program",
]);

const verdicts = suite("lint and the config check");

if (existsSync(oracle)) {
  const records: readonly VerdictRecord[] = JSON.parse(readFileSync(oracle, "utf8"));
  verdicts("refused or not, for every record", () => {
    const wrong = records.filter(
      (record) =>
        lintRecord(record, false).findings.some(({ effect }) => effect === "refused") !==
        (record.verdict !== "ok"),
    );
    assert.equal(
      wrong.map(({ name }) => name),
      [],
    );
  });
  verdicts("the trap of every semantic record, with and without its lines", () => {
    const missed: string[] = [];
    for (const record of records) {
      const { semantic } = record;
      if (semantic === undefined) continue;
      const has = (logs: boolean) =>
        lintRecord(record, logs).findings.some(({ trap }) => trap === semantic.code);
      if (!has(true)) missed.push(`${semantic.code} with lines`);
      if (!inLines.has(semantic.code) && !has(false)) missed.push(`${semantic.code} without lines`);
    }
    assert.equal(missed, []);
  });
} else console.log("skipped: shared/oracle/ossec/config_verdicts.json is not here");

verdicts("a missing ossec.conf of a home is refused, and only where the files are all there is", () => {
  const result = lintRecord({ files: { "etc/ossec.conf": null } }, false);
  assert.equal(
    result.findings.filter(({ effect }) => effect === "refused").map(({ code }) => code),
    ["OSSEC-FILE-MISSING"],
  );
  assert.is(lintRecord({ files: {} }, false).summary.refused, 0);
});

verdicts.run();
