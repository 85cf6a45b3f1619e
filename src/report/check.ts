import type { CheckReport } from "../check/check.js";
import type { Diagnostic } from "../diagnostics/diagnostic.js";
import { jsonOf } from "../diagnostics/schema-version.js";
import type { Part, PartStatus } from "../programs/outcome.js";
import { type Paint, printable, sortDiagnostics } from "./diagnostics-text.js";
import { diffText } from "./diff.js";
import { githubAnnotation } from "./github.js";
import { xmlText } from "./markup.js";
import { testGithub, testText } from "./test.js";

function checkSummary({ parts }: CheckReport): Readonly<Record<PartStatus, number>> {
  const count = (status: PartStatus): number => parts.filter((part) => part.status === status).length;
  return {
    passed: count("passed"),
    failed: count("failed"),
    invalid: count("invalid"),
    skipped: count("skipped"),
  };
}

/** One document (schemas/check.schema.json). */
export function checkJson(report: CheckReport): string {
  const parts = report.parts.map(({ name, status, summary, seconds }) => ({
    name,
    status,
    summary,
    seconds,
  }));
  return jsonOf("check", {
    parts,
    cases: report.cases,
    ...(report.since.length === 0 ? {} : { changes: report.since.flatMap(({ changes }) => changes) }),
    summary: checkSummary(report),
    diagnostics: sortDiagnostics(report.diagnostics),
  });
}

/** A line a part; below them the cases that failed. */
export function checkText(report: CheckReport, paint: Paint): string {
  const marks: Readonly<Record<PartStatus, string>> = {
    passed: paint.info("ok     "),
    failed: paint.error("FAILED "),
    invalid: paint.error("INVALID"),
    skipped: paint.dim("skipped"),
  };
  const width = Math.max(0, ...report.parts.map(({ name }) => name.length));
  const lines = report.parts.map(
    ({ name, status, summary, seconds }) =>
      `${marks[status]} ${name.padEnd(width)} ${seconds.toFixed(2).padStart(6)} s  ${printable(summary)}\n`,
  );
  const bad = report.cases.filter(({ status }) => status !== "passed");
  const cases = bad.length === 0 ? "" : `\n${testText({ cases: bad, diagnostics: [] }, paint)}`;
  const { passed, failed, invalid, skipped } = checkSummary(report);
  const counts = [
    `${passed} passed`,
    `${failed} failed`,
    ...(invalid > 0 ? [`${invalid} invalid`] : []),
    ...(skipped > 0 ? [`${skipped} skipped`] : []),
  ];
  const since =
    report.since.length === 0
      ? ""
      : `\n${diffText({ reports: report.since, diagnostics: [] }, paint, { unmanaged: false, patches: false })}`;
  return `${lines.join("")}${cases}${since}${report.parts.length === 0 ? "" : `${counts.join(", ")}\n`}`;
}

/** JUnit's XML: a test case a part, and one each of the bundles' own cases. */
export function checkJunit(report: CheckReport): string {
  const parts = report.parts.map((part) => {
    const open = `  <testcase classname="zopf check" name="${xmlText(part.name)}" time="${part.seconds.toFixed(3)}"`;
    if (part.status === "passed") return `${open}/>\n`;
    const summary = xmlText(part.summary);
    if (part.status === "skipped") return `${open}>\n    <skipped message="${summary}"/>\n  </testcase>\n`;
    const element = part.status === "invalid" ? "error" : "failure";
    return `${open}>\n    <${element} message="${summary}">${xmlText(wordsOf(part.diagnostics))}</${element}>\n  </testcase>\n`;
  });
  const cases = report.cases.map((one) => {
    const open = `  <testcase classname="${xmlText(one.bundle)}" name="${xmlText(one.case)}"`;
    if (one.status === "passed") return `${open}/>\n`;
    if (one.status === "invalid")
      return `${open}>\n    <error message="the case is invalid"/>\n  </testcase>\n`;
    const failures = one.failures.map(
      ({ expected, seen }) =>
        `    <failure message="${xmlText(`expected ${expected}`)}">${xmlText(`seen ${seen}`)}</failure>\n`,
    );
    return `${open}>\n${failures.join("")}  </testcase>\n`;
  });
  const count = (status: string): number =>
    [...report.parts, ...report.cases].filter((one) => one.status === status).length;
  const all = report.parts.length + report.cases.length;
  const loose = report.diagnostics.filter(
    (one) => !report.parts.some((part) => part.diagnostics.includes(one)),
  );
  const stray =
    loose.length === 0
      ? ""
      : `  <testcase classname="zopf check" name="check">\n    <error message="zopf check could not run">${xmlText(wordsOf(loose))}</error>\n  </testcase>\n`;
  const extra = stray === "" ? 0 : 1;
  return `<?xml version="1.0" encoding="UTF-8"?>\n<testsuite name="zopf check" tests="${all + extra}" failures="${count("failed")}" errors="${count("invalid") + extra}" skipped="${count("skipped")}">\n${parts.join("")}${cases.join("")}${stray}</testsuite>\n`;
}

/** Annotations of GitHub's workflow commands. */
export function checkGithub(report: CheckReport): string {
  const parts = report.parts
    .filter(
      ({ status, diagnostics }) => (status === "failed" || status === "invalid") && diagnostics.length === 0,
    )
    .map((part: Part) => `::error title=zopf check::${part.name}: ${part.summary}\n`);
  return [
    ...sortDiagnostics(report.diagnostics).map(githubAnnotation),
    testGithub({ cases: report.cases, diagnostics: [] }),
    ...(report.cases.some(({ status }) => status === "failed") ? [] : parts),
  ].join("");
}

function wordsOf(diagnostics: readonly Diagnostic[]): string {
  return sortDiagnostics(diagnostics)
    .map(
      ({ file, line, column, severity, code, message }) =>
        `${file}:${line}:${column} ${severity} ${code} ${message}`,
    )
    .join("\n");
}
