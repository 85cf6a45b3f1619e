import { readFileSync } from "node:fs";
import { fileURLToPath } from "node:url";
import { suite } from "uvu";
import * as assert from "uvu/assert";
import { findInputs } from "../../src/lint/host/find-inputs.js";
import { fails, type LintResult, lintFiles } from "../../src/lint/lint.js";

const blog = suite("examples/lint-the-blog");

function lintFolder(name: string, log: string): LintResult {
  const folder = fileURLToPath(new URL(`../../examples/lint-the-blog/${name}`, import.meta.url));
  const lines = readFileSync(`${folder}/${log}`, "latin1").trimEnd().split("\n");
  return lintFiles(findInputs([folder]).files, {
    engine: "4.3",
    dialect: "ossec",
    closed: true,
    order: null,
    glob: null,
    logs: [{ file: log, lines }],
  });
}

const serious = ({ findings }: LintResult): ReadonlySet<string> =>
  new Set(findings.filter(({ severity }) => severity !== "info").map(({ code }) => code));

blog("zeek-ossec-pf as published: a source address that can be forged, IPv4 only", () => {
  const result = lintFolder("zeek-ossec-pf", "notice.log");
  assert.equal([...serious(result)], ["OSSEC-SPOOFABLE-SRCIP"]);
  assert.ok(result.findings.some(({ code }) => code === "OSSEC-IPV4-ONLY-PATTERN"));
});

blog("ossec-iplog-ipfw as published: decoders that are never tried, one that never matches", () => {
  const result = lintFolder("ossec-iplog-ipfw", "iplog.log");
  const found = serious(result);
  for (const code of [
    "SOLARIS-PROGRAM",
    "PREMATCH-DECODER-SKIPPED-WITH-PROGRAM",
    "SPOOFABLE-SRCIP",
    "NO-WHITE-LIST",
  ])
    assert.ok(found.has(`OSSEC-${code}`), code);
  const misses = result.findings.filter(({ code }) => code === "OSSEC-DECODER-NEAR-MISS");
  assert.equal(
    misses.map(({ message }) => /decoder "([^"]+)"/.exec(message)?.[1]),
    ["iplog-traceroute"],
  );
});

blog("what to write instead reaches every line and nothing fails", () => {
  const result = lintFolder("instead", "sample.log");
  assert.not(fails(result.findings, "misread"));
  assert.equal(result.coverage?.undecoded, []);
  assert.ok(result.coverage?.things.every(({ matched }) => matched > 0) === true);
});

blog.run();
