import type { CaseResult, TestReport } from "../cases/run.js";
import { jsonOf } from "../diagnostics/schema-version.js";
import { type Paint, printable, sortDiagnostics } from "./diagnostics-text.js";
import { githubData, githubProperty, xmlText } from "./markup.js";
import { silenceText, whyData, whyText } from "./why.js";

export interface TestSummary {
  readonly passed: number;
  readonly failed: number;
  readonly invalid: number;
}

export function summaryOf(cases: readonly CaseResult[]): TestSummary {
  const count = (status: CaseResult["status"]): number => cases.filter((one) => one.status === status).length;
  return { passed: count("passed"), failed: count("failed"), invalid: count("invalid") };
}

/** One document (schemas/test.schema.json). */
export function testJson({ cases, diagnostics }: TestReport): string {
  const shown = cases.map(({ why, ...one }) => (why === undefined ? one : { ...one, why: why.map(whyData) }));
  return jsonOf("test", {
    cases: shown,
    summary: summaryOf(cases),
    diagnostics: sortDiagnostics(diagnostics),
  });
}

/** A line a case; expected and seen below a failed one, with the lines behind it. */
export function testText({ cases }: TestReport, paint: Paint): string {
  const lines = cases.map((result) => {
    const mark = {
      passed: paint.info("ok     "),
      failed: paint.error("FAILED "),
      invalid: paint.warning("INVALID"),
    };
    const head = `${mark[result.status]} ${result.bundle} ${result.case}\n`;
    const failures = result.failures.map(
      ({ expected, seen, lines: evidence }) =>
        `    expected ${printable(expected)}\n    seen     ${printable(seen)}\n${evidence.map(({ file, line }) => `             ${file}:${line}\n`).join("")}`,
    );
    const why = (result.why ?? []).length === 0 ? "" : whyOfCase(result, paint);
    return head + failures.join("") + why.replace(/^(?=.)/gm, "    ");
  });
  const { passed, failed, invalid } = summaryOf(cases);
  return `${lines.join("")}${passed} passed, ${failed} failed${invalid > 0 ? `, ${invalid} invalid` : ""}\n`;
}

function whyOfCase({ why = [], status }: CaseResult, paint: Paint): string {
  return status === "failed" && why.every(({ isSilent }) => isSilent)
    ? silenceText(why, paint)
    : whyText(why, paint);
}

/** Why silent detections were so, a line each. */
export function causesOf({ why = [] }: CaseResult): readonly string[] {
  return why.flatMap(({ detection, isSilent, cause }) =>
    isSilent ? [`${detection} was silent: ${cause.message} [${cause.name}]`] : [],
  );
}

/** JUnit's XML, as CI servers read it. */
export function testJunit({ cases }: TestReport): string {
  const { failed, invalid } = summaryOf(cases);
  const body = cases.map((result) => {
    const open = `  <testcase classname="${xmlText(result.bundle)}" name="${xmlText(result.case)}"`;
    if (result.status === "passed") return `${open}/>\n`;
    const inner =
      result.status === "invalid"
        ? '    <error message="the case is invalid"/>\n'
        : result.failures
            .map(
              ({ expected, seen, lines }) =>
                `    <failure message="${xmlText(`expected ${expected}`)}">${xmlText(`seen ${seen}\n${[...lines.map(({ file, line }) => `${file}:${line}`), ...causesOf(result)].join("\n")}`)}</failure>\n`,
            )
            .join("");
    return `${open}>\n${inner}  </testcase>\n`;
  });
  return `<?xml version="1.0" encoding="UTF-8"?>\n<testsuite name="zopf" tests="${cases.length}" failures="${failed}" errors="${invalid}">\n${body.join("")}</testsuite>\n`;
}

/** Annotations of GitHub's workflow commands. */
export function testGithub({ cases }: TestReport): string {
  return cases
    .flatMap((result) =>
      result.failures.map(
        ({ expected, seen, lines: [first] }) =>
          `::error file=${githubProperty(first?.file ?? result.bundle)},line=${first?.line ?? 1},title=${githubProperty(`${result.bundle} ${result.case}`)}::${githubData([`expected ${expected}; seen ${seen}`, ...causesOf(result)].join("\n"))}\n`,
      ),
    )
    .join("");
}
