import type { ImportResult } from "../../import/import.js";
import {
  type Called,
  fileSummaries,
  nextSteps,
  type Reason,
  rawReasons,
  refusedReasons,
  totalsOf,
} from "../import-summary.js";
import { differenceFrom, differenceText, lineOf, verdictText } from "../proof.js";
import { type ImportData, importTables } from "./import-data.js";
import { html } from "./markup.js";
import { pageHtml } from "./page.js";
import { counted, grouped, tableMarkup } from "./table.js";

export function importData(result: ImportResult): ImportData {
  const files = fileSummaries(result);
  const { proof } = result;
  return {
    kind: "import",
    files: files.map(({ file, rules, as }) => ({
      file,
      rules,
      raw: as.raw ?? 0,
      as: Object.entries(as)
        .map(([kind, count]) => `${count} ${kind}`)
        .join(", "),
    })),
    losses: [
      ...result.refused.map(({ what, place, reason, help }) => ({
        what,
        place: `${place.file}:${place.line}:${place.column}`,
        outcome: "refused" as const,
        reason,
        help: help ?? null,
      })),
      ...files.flatMap(({ file, raw }) =>
        raw.map(({ rules, line, because }) => ({
          what: `rule ${rules.join(", ")}`,
          place: `${file}:${line}`,
          outcome: "raw" as const,
          reason: because,
          help: null,
        })),
      ),
    ],
    differences: (proof?.differences ?? []).map((one) => ({
      from: differenceFrom(one),
      what: differenceText(one),
      text: lineOf(one),
    })),
    unproven: (proof?.unproven ?? []).map(({ rule, reason }) => ({ rule: String(rule), reason })),
  };
}

/** An import as a page: each file, what was lost and why, and where the proof found a difference. */
export function importHtml(result: ImportResult, called: Called): string {
  const data = importData(result);
  const { refused, proof, draft } = result;
  const files = fileSummaries(result);
  const { rules, raw } = totalsOf(files);
  const different = proof === null ? 0 : proof.lines - proof.same;
  const [all, losses, differences, unproven] = importTables(data);
  const part = (table: typeof all) => (table === undefined ? null : tableMarkup(table));
  const steps = nextSteps(result, called);
  return pageHtml({
    title: `Import${draft === null ? "" : ` of ${draft.settings.name}`}`,
    lead: html`<p class="lead"><strong>${counted(rules, "rule")} came over</strong> from ${counted(files.length, "file")}. ${proof === null ? "Nothing was compared." : verdictText(proof)}</p>
<ul class="tiles"><li class="${rules > 0 ? "good" : "zero"}"><b>${grouped(rules)}</b> <span>came over</span></li><li class="${raw > 0 ? "notice" : "zero"}"><b>${grouped(raw)}</b> <span>as raw XML</span></li><li class="${refused.length > 0 ? "alert" : "zero"}"><b>${grouped(refused.length)}</b> <span>did not</span></li><li class="${different > 0 ? "bad" : "zero"}"><b>${grouped(different)}</b> <span>answered differently</span></li></ul>
${
  steps.length === 0
    ? null
    : html`<p>What to do now:</p>
<ul>${steps.map(({ text, command }) => html`<li>${text}${command === undefined ? null : html` <code>${command}</code>`}</li>`)}</ul>
`
}`,
    sections: [
      ...(different > 0 ? [{ id: "different", title: "Answered differently", body: part(differences) }] : []),
      {
        id: "lost",
        title: "What did not come over as it is",
        body: [reasonList(refusedReasons(result)), reasonList(rawReasons(files)), part(losses)],
      },
      { id: "all-files", title: "Files", body: part(all) },
      ...(data.unproven.length === 0
        ? []
        : [{ id: "not-proven", title: "Not proven", body: part(unproven) }]),
    ],
    data,
    diagnostics: result.diagnostics.filter(({ code }) => code !== "import/refused"),
  });
}

function reasonList(reasons: readonly Reason[]) {
  if (reasons.length === 0) return null;
  return html`<ul>${reasons.map(({ reason, parts }) => html`<li>${reason}: ${grouped(parts.length)}</li>`)}</ul>\n`;
}
