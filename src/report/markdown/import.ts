import type { ImportResult } from "../../import/import.js";
import { importData } from "../html/import.js";
import { importTables } from "../html/import-data.js";
import { counted } from "../html/table.js";
import {
  type Called,
  fileSummaries,
  nextSteps,
  rawReasons,
  refusedReasons,
  totalsOf,
} from "../import-summary.js";
import { verdictText } from "../proof.js";
import { tableMarkdown } from "./table.js";
import { lineCode, lineText } from "./text.js";

/** Rows of each table, at most. */
const most = 50;

/** An import for a ticket or a pull request. */
export function importMarkdown(result: ImportResult, called: Called): string {
  const { proof, refused } = result;
  const files = fileSummaries(result);
  const { rules, raw } = totalsOf(files);
  const [all, losses, differences] = importTables(importData(result));
  const reasons = [...refusedReasons(result), ...rawReasons(files)];
  const table = (one: typeof all): string =>
    one === undefined || one.rows.length === 0 ? "" : `\n#### ${one.caption}\n\n${tableMarkdown(one, most)}`;
  const steps = nextSteps(result, called).map(
    ({ text, command }) => `- ${lineText(text)}${command === undefined ? "" : ` ${lineCode(command)}`}\n`,
  );
  return [
    `### zopf import: ${counted(rules, "rule")} came over${raw > 0 ? `, ${raw} as raw XML` : ""}; ${counted(refused.length, "part")} did not\n`,
    proof === null ? "" : `\n${lineText(verdictText(proof))}\n`,
    table(differences),
    reasons.length === 0 ? "" : "\n#### Why\n\n",
    ...reasons.map(({ reason, parts }) => `- ${lineText(reason)}: ${parts.length}\n`),
    table(losses),
    table(all),
    steps.length === 0 ? "" : `\n#### What to do now\n\n${steps.join("")}`,
  ].join("");
}
