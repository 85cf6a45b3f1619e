import { existsSync, readFileSync } from "node:fs";
import path from "node:path";
import { fileURLToPath } from "node:url";
import { suite } from "uvu";
import * as assert from "uvu/assert";
import type { EngineVersion } from "../../../src/model/model.js";
import type { OssecProgram } from "../../../src/ossec/definitions.js";
import { loadOssec, type ProgramVerdict, programVerdict } from "../../../src/ossec/load/index.js";
import { minimalTree, type RecordFile } from "./minimal-tree.js";

interface VerdictRecord {
  readonly name: string;
  readonly topic: string;
  readonly files: Readonly<Record<string, RecordFile>>;
  readonly exits: Readonly<Partial<Record<OssecProgram, number | string>>>;
  readonly older?: Readonly<Record<string, { readonly exit?: number | string }>>;
}

const repository = fileURLToPath(new URL("../../..", import.meta.url));
const oracle = path.join(repository, "..", "shared", "oracle", "ossec", "config_verdicts.json");
const copies = path.join(repository, "test", "data", "ossec", "verdicts.json");

const exits: Readonly<Record<ProgramVerdict, number | string>> = {
  ok: 0,
  error: 1,
  hang: "hang",
  crash: "signal 11",
};

const programs: readonly OssecProgram[] = ["analysisd", "logtest", "logcollector", "execd"];
/** Topics that were recorded with 4.3 only. */
const recordedOnce = new Set(["command", "active-response", "localfile"]);
const olderVersions: readonly (readonly [string, EngineVersion])[] = [
  ["3.8.0", "3.8"],
  ["3.7.0", "3.7"],
];

function differences(record: VerdictRecord): readonly string[] {
  const wrong: string[] = [];
  const { problems } = loadOssec(minimalTree(record.files), { engine: "4.3" });
  for (const program of programs) {
    const expected = record.exits[program];
    const seen = exits[programVerdict(problems, program)];
    if (expected !== undefined && seen !== expected) {
      wrong.push(`${record.name}: ${program} ends with ${expected}, here ${seen}`);
    }
  }
  if (recordedOnce.has(record.topic)) return wrong;
  for (const [version, engine] of olderVersions) {
    const expected = record.older?.[version]?.exit ?? record.exits.logtest;
    const older = loadOssec(minimalTree(record.files), { engine });
    const seen = exits[programVerdict(older.problems, "logtest")];
    if (seen !== expected) wrong.push(`${record.name}: ${version} ends with ${expected}, here ${seen}`);
  }
  return wrong;
}

function compare(file: string): void {
  const records: readonly VerdictRecord[] = JSON.parse(readFileSync(file, "utf8"));
  assert.ok(records.length > 0);
  assert.equal(records.flatMap(differences), []);
}

const verdicts = suite("verdicts of the config check");

verdicts("the copied cases", () => compare(copies));

if (existsSync(oracle)) verdicts("all of shared/oracle/ossec/config_verdicts.json", () => compare(oracle));
else console.log("skipped: shared/oracle/ossec/config_verdicts.json is not here");

verdicts("the first problem of each program is marked, and only that", () => {
  const { problems } = loadOssec(
    minimalTree({
      "rules/local_rules.xml":
        '<group name="t,"><rule id="x" level="3"><match>a</match></rule>' +
        '<rule id="100100" level="3"><regex>a(b</regex><nosuch/></rule></group>',
    }),
    { engine: "4.3" },
  );
  assert.equal(
    problems.map(({ first, line, column, engineMessage }) => ({ first, line, column, engineMessage })),
    [
      { first: true, line: 1, column: 28, engineMessage: undefined },
      { first: false, line: 1, column: 110, engineMessage: undefined },
      { first: false, line: 1, column: 100, engineMessage: 1450 },
    ],
  );
});

verdicts.run();
