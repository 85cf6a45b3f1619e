import type { TestReport } from "../../cases/run.js";
import { counted } from "../html/table.js";
import { causesOf, summaryOf } from "../test.js";
import { lineCode, lineText } from "./text.js";

/** The cases for a ticket or a pull request: what failed, expected beside seen. */
export function testMarkdown({ cases }: TestReport): string {
  const { passed, failed, invalid } = summaryOf(cases);
  const failures = cases.filter(({ status }) => status !== "passed");
  return [
    `### zopf test: ${failed + invalid === 0 ? `all ${counted(passed, "case")} passed` : `${counted(failed, "case")} failed, ${passed} passed${invalid > 0 ? `, ${invalid} invalid` : ""}`}\n`,
    ...failures.map((one) => {
      const rows = one.failures.map(
        ({ expected, seen, lines }) =>
          `| ${lineText(expected)} | ${lineText(seen)} | ${lines.map(({ file, line }) => lineCode(`${file}:${line}`)).join(" ")} |\n`,
      );
      const table =
        rows.length === 0
          ? "The case is invalid.\n"
          : `| expected | seen | lines |\n| --- | --- | --- |\n${rows.join("")}`;
      const causes = causesOf(one).map((cause) => `- ${lineText(cause)}\n`);
      return `\n#### ${lineCode(one.case)} of ${lineCode(one.bundle)}\n\n${table}${causes.length === 0 ? "" : `\n${causes.join("")}`}`;
    }),
  ].join("");
}
