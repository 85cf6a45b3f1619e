import { momentOf } from "../../cases/case-file.js";
import { missedExpectations } from "../../cases/judge.js";
import type { CaseResult, Observed, TestReport } from "../../cases/run.js";
import { causesOf, summaryOf } from "../test.js";
import { EventKeeper } from "./event-keeper.js";
import { type Content, html } from "./markup.js";
import { pageHtml } from "./page.js";
import type { PageEvent } from "./replay-data.js";
import { counted, tableMarkup } from "./table.js";
import { caseId, type PageCase, type TestData, testTables } from "./test-data.js";

/** What a failed case may put into the page. */
const budget = { blocks: 300_000, others: 500_000 };
/** And of the rows behind its events. */
export const caseRows = { texts: 200_000, reading: 100_000_000 };

/** What of the cases stands in the page, without their rows. */
export const testCases = ({ cases }: TestReport, observed: readonly Observed[]): readonly PageCase[] =>
  cases.map((one) => pageCase(one, observed));

/**
 * The cases beside bundles, as a page: what failed, expected against seen, on the axis of time.
 *
 * @param shown - of {@link testCases}
 */
export function testHtml({ cases, diagnostics }: TestReport, shown: readonly PageCase[]): string {
  const data: TestData = { kind: "test", cases: shown };
  const { passed, failed, invalid } = summaryOf(cases);
  const [all] = testTables(data);
  const failures = data.cases.flatMap((one, index) => (one.status === "failed" ? [{ one, index }] : []));
  return pageHtml({
    title: "Test cases",
    lead: html`<p class="lead"><strong>${failed + invalid === 0 ? `All ${counted(passed, "case")} passed` : `${counted(failed, "case")} failed`}</strong>${invalid > 0 ? `, ${counted(invalid, "case")} could not be run` : ""}.</p>
<ul class="tiles"><li class="${failed > 0 ? "bad" : "zero"}"><b>${failed}</b> <span>failed</span></li><li class="${invalid > 0 ? "alert" : "zero"}"><b>${invalid}</b> <span>invalid</span></li><li class="${passed > 0 ? "good" : "zero"}"><b>${passed}</b> <span>passed</span></li></ul>
`,
    sections: [
      ...failures.map(({ one, index }) => ({
        id: caseId(index),
        title: `Failed: ${one.case}`,
        body: failedCase(one, index),
      })),
      { id: "all-cases", title: "Cases", body: all === undefined ? null : tableMarkup(all) },
    ],
    data,
    diagnostics,
  });
}

function pageCase(result: CaseResult, observed: readonly Observed[]): PageCase {
  const { bundle, case: name, status, failures } = result;
  const seen = observed.find((one) => one.bundle === bundle && one.case === name);
  const isFailed = status === "failed" && seen !== undefined;
  const moment = (time: number | string | undefined): number | null =>
    time === undefined ? null : momentOf(time);
  return {
    bundle,
    case: name,
    status,
    failures,
    description: seen?.file.description ?? null,
    events: isFailed ? kept(seen) : [],
    rowColumns: [],
    rowsLeftOut: 0,
    missed: isFailed
      ? missedExpectations(seen.file, seen.seen).map(({ text, expectation: { source, from, until } }) => ({
          text,
          source: source ?? null,
          from: moment(from),
          until: moment(until),
        }))
      : [],
    causes: causesOf(result),
  };
}

function kept({ seen }: Observed): readonly PageEvent[] {
  const keeper = new EventKeeper(budget);
  for (const event of seen) keeper.see(event);
  return keeper.events();
}

function failedCase({ bundle, description, failures, causes, events }: PageCase, index: number): Content {
  return html`<p><code>${bundle}</code>${description === null ? "" : `: ${description}`}</p>
<div class="table"><table>
<caption>What was expected and what was seen</caption>
<thead><tr><th scope="col" class="text">Expected</th><th scope="col" class="text">Seen</th><th scope="col" class="path">Lines</th></tr></thead>
<tbody>
${failures.map(({ expected, seen, lines }) => html`<tr class="bad"><td class="text">${expected}</td><td class="text">${seen}</td><td class="path">${lines.map(({ file, line }, at) => html`${at === 0 ? null : html`<br>`}${file}:${line}`)}</td></tr>\n`)}</tbody>
</table></div>
${causes.map((cause) => html`<p class="note">${cause}</p>\n`)}<div class="chart" data-chart="case" data-case="${index}" hidden></div>
${events.length === 0 ? html`<p class="empty">Nothing happened in this case.</p>\n` : null}`;
}
