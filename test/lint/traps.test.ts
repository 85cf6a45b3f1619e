/** Traps of docs/reference/ossec.md#traps, each in a small configuration of its own: told, and from the files alone where it lies there. */
import { readFileSync } from "node:fs";
import { suite } from "uvu";
import * as assert from "uvu/assert";
import { lintRecord, type VerdictRecord } from "./records.js";

interface TrapRecord extends Pick<VerdictRecord, "files"> {
  readonly trap: string;
  readonly lines: readonly string[];
  /** Nothing in the files says that such lines come: a header, a TAB. */
  readonly inLines?: true;
}

const records: readonly TrapRecord[] = JSON.parse(
  readFileSync(new URL("../data/lint-traps.json", import.meta.url), "utf8"),
);

const test = suite("traps");

for (const [index, { trap, files, lines, inLines }] of records.entries()) {
  test(`${index + 1} ${trap}`, () => {
    const record = { files, events: lines.map((line) => ({ line })) };
    const has = (logs: boolean) => lintRecord(record, logs).findings.some((finding) => finding.trap === trap);
    assert.ok(has(true), "with lines");
    assert.is(has(false), inLines !== true, "without lines");
  });
}

test.run();
