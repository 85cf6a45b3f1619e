import type { LintResult } from "../../lint/lint.js";
import { effects } from "../../lint/model.js";
import { lintTables } from "../html/lint-data.js";
import { counted } from "../html/table.js";
import { tableMarkdown } from "./table.js";

/** Rows of each table, at most. */
const most = 100;

/** Findings for a ticket or a pull request, the gravest first. */
export function lintMarkdown({ findings, summary, coverage }: LintResult): string {
  const sorted = effects.flatMap((effect) => findings.filter((one) => one.effect === effect));
  const counts = effects.flatMap((effect) => (summary[effect] === 0 ? [] : [`${summary[effect]} ${effect}`]));
  const [table] = lintTables({ kind: "lint", findings: sorted, coverage: null });
  const reached = coverage?.things.filter(({ matched }) => matched > 0).length ?? 0;
  return [
    `### zopf lint: ${findings.length === 0 ? "nothing found" : counts.join(", ")} in ${counted(summary.files, "file")}\n`,
    ...(findings.length === 0 || table === undefined ? [] : [`\n${tableMarkdown(table, most)}`]),
    ...(coverage === null
      ? []
      : [
          `\n${counted(coverage.lines, "line")} reached ${reached} of ${coverage.things.length} rules and decoders; no decoder took ${coverage.undecoded.length}.\n`,
        ]),
  ].join("");
}
