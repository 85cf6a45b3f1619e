import type { Diagnostic } from "../../diagnostics/diagnostic.js";
import type { Coverage } from "../../lint/coverage.js";
import { exampleFiles, withoutMarks } from "../../lint/docs.js";
import type { Finding } from "../../lint/finding.js";
import type { LintResult } from "../../lint/lint.js";
import { type Example, effects, type LintRule, severityOf } from "../../lint/model.js";
import { ruleByCode } from "../../lint/rules/index.js";
import type { SourceText } from "../../ossec/xml/source.js";
import {
  effectTones,
  findingId,
  type LintData,
  lintTables,
  mostParts,
  type PageCoverage,
} from "./lint-data.js";
import { type Content, html } from "./markup.js";
import { pageHtml, type Section } from "./page.js";
import { counted, grouped, tableMarkup } from "./table.js";

const meanings = {
  refused: "the engine does not start",
  dead: "never fires or matches",
  dangerous: "can be abused, blocks the wrong one, kills the engine",
  misread: "means something else than it says",
  style: "",
} as const satisfies Readonly<Record<Finding["effect"], string>>;

/** Findings as a page: all of them as a table, each with its source, the rules behind them, coverage. */
export function lintHtml(
  { findings, summary, leftOut, sources, coverage }: LintResult,
  diagnostics: readonly Diagnostic[],
): string {
  const data: LintData = {
    kind: "lint",
    findings: findings.map(({ effect, file, line, column, message, help, code }) => ({
      effect,
      file,
      line,
      column,
      message,
      ...(help === undefined ? {} : { help }),
      code,
    })),
    coverage: coverage === null ? null : pageCoverage(coverage),
  };
  const [all, covered, lost, undecoded] = lintTables(data);
  const rules = [...new Set(findings.map(({ code }) => code))]
    .sort()
    .flatMap((code) => ruleByCode(code) ?? []);
  const hidden = leftOut.stock + leftOut.notes + leftOut.baseline;
  const table = (one: typeof all): Content => (one === undefined ? null : tableMarkup(one));
  const sections: readonly Section[] = [
    { id: "all-findings", title: "Findings", body: table(all) },
    ...(findings.length === 0 ? [] : [{ id: "by-file", title: "By file", body: byFile(findings, sources) }]),
    ...(rules.length === 0
      ? []
      : [{ id: "rules", title: "The rules behind them", body: rules.map(rulePart) }]),
    ...(coverage === null
      ? []
      : [
          {
            id: "coverage",
            title: `Coverage of ${counted(coverage.lines, "line")}`,
            body: html`${table(covered)}<h3>Rules that always lose to a sibling</h3>${table(lost)}<h3>Lines that no decoder took</h3>${table(undecoded)}`,
          },
        ]),
  ];
  return pageHtml({
    title: "Rules, decoders and configuration",
    lead: html`<p class="lead"><strong>${findings.length === 0 ? "Nothing was found" : counted(findings.length, "finding")}</strong> in ${counted(summary.files, "file")}.${hidden === 0 ? "" : ` ${grouped(hidden)} more are left out: ${leftOutText(leftOut)}.`}</p>
<ul class="tiles">${effects.map((effect) => html`<li class="${summary[effect] === 0 ? "zero" : effectTones[effect]}"><b>${grouped(summary[effect])}</b> <span>${effect}${meanings[effect] === "" ? "" : `: ${meanings[effect]}`}</span></li>`)}</ul>
`,
    sections,
    data,
    diagnostics,
  });
}

const mostUndecoded = 500;

function pageCoverage({ things, undecoded, lost }: Coverage): PageCoverage {
  return {
    things,
    lost,
    undecoded: undecoded
      .slice(0, mostUndecoded)
      .map((one) => ({ ...one, text: decoded(one.text).slice(0, 2000) })),
    moreUndecoded: Math.max(0, undecoded.length - mostUndecoded),
  };
}

/** Latin1 bytes as text: what is not UTF-8 appears as U+FFFD. */
const decoded = (bytes: string): string => Buffer.from(bytes, "latin1").toString("utf8");

function leftOutText({ stock, notes, baseline }: LintResult["leftOut"]): string {
  return [
    ...(stock > 0 ? [`${grouped(stock)} about what came with the system (--include-stock)`] : []),
    ...(notes > 0 ? [`${grouped(notes)} true of every rule of their kind (--notes)`] : []),
    ...(baseline > 0 ? [`${grouped(baseline)} in the baseline`] : []),
  ].join(", ");
}

function byFile(findings: readonly Finding[], sources: readonly SourceText[]): Content {
  const lines = new Map(sources.map(({ file, text }) => [file, text.split(/\r\n|\n|\r/)]));
  const shown = findings.slice(0, mostParts);
  const files = [...new Set(shown.map(({ file }) => file))];
  return html`${shown.length < findings.length ? html`<p class="note">The first ${grouped(shown.length)} of ${grouped(findings.length)} findings with their source; the table above has all of them.</p>\n` : null}<div data-effects="" hidden></div>
${files.map(
  (file) => html`<h3 class="code">${file}</h3>
${shown.map((finding, index) => (finding.file === file ? findingPart(finding, index, lines.get(file) ?? []) : null))}`,
)}`;
}

function findingPart(finding: Finding, index: number, lines: readonly string[]): Content {
  const { effect, line, column, message, help, code } = finding;
  const rule = ruleByCode(code);
  return html`<article class="finding ${effectTones[effect]}" id="${findingId(index)}" data-effect="${effect}">
<p><strong>${effect}</strong> <span class="code">${line}:${column}</span> ${message}</p>
${excerpt(finding, lines)}${help === undefined ? null : html`<p class="note">${help}</p>\n`}<p class="note">${rule === undefined ? html`<code>${code}</code>` : html`<a href="#rule-${code}">${code}</a>: ${rule.title}`}</p>
</article>
`;
}

const around = 2;
/** Longest line that is shown whole; of a longer one the part around the finding. */
const widest = 240;

/** The lines around a finding, with what it is about marked. */
function excerpt({ line, column, endLine, endColumn }: Finding, lines: readonly string[]): Content {
  if (lines[line - 1] === undefined) return null;
  const first = Math.max(1, line - around);
  const shown = lines.slice(first - 1, line + around);
  return html`<pre class="source">${shown.map((bytes, index) => {
    const number = first + index;
    const characters = [...decoded(bytes)];
    const label = html`<span class="line-number">${String(number).padStart(5)} </span>`;
    if (number !== line)
      return html`${label}${characters.slice(0, widest).join("")}${characters.length > widest ? "…" : ""}\n`;
    const from = Math.max(0, column - 1 - widest / 2);
    const end = endLine === undefined || endLine === line ? (endColumn ?? column + 1) : characters.length + 1;
    const piece = (start: number, stop: number): string => characters.slice(start, stop).join("");
    const last = from + widest;
    return html`${label}${from > 0 ? "…" : ""}${piece(from, column - 1)}<mark>${piece(column - 1, Math.min(end - 1, last))}</mark>${piece(end - 1, last)}${characters.length > last ? "…" : ""}\n`;
  })}</pre>
`;
}

/** A rule's page: why, what instead, a bad and a good example. */
function rulePart(rule: LintRule): Content {
  const { code, title, why, instead, effect, bad, good, fixed, reference } = rule;
  return html`<details class="funnel"><summary><code>${code}</code>: ${title}</summary>
<div id="rule-${code}">
<p class="note">${effect}, ${severityOf(rule)}${fixed === undefined ? "" : ", fixed by --fix"}</p>
<p>${why}</p>
${instead === undefined ? null : html`<p><strong>Instead.</strong> ${instead}</p>\n`}<h4>Bad</h4>
${example(bad)}<h4>Good</h4>
${example(good)}<p class="note">Source: ${reference}</p>
</div></details>
`;
}

function example(one: Example): Content {
  return exampleFiles(one).map(
    ([name, text]) =>
      html`<p class="code">${name}</p>\n<pre class="source">${withoutMarks(text).trimEnd()}</pre>\n`,
  );
}
