import type { Behaviour } from "../../diff/change.js";
import { allDiagnostics, changesOf, type DiffResult, unmanagedOf } from "../diff.js";
import { byMeaning, type DiffData, diffTables, type PageChange } from "./diff-data.js";
import { type Content, html } from "./markup.js";
import { pageHtml, type Section } from "./page.js";
import { counted, grouped, tableMarkup } from "./table.js";

/** What a deploy would change, as a page: sentences, what weakens first, and the files side by side. */
export function diffHtml(result: DiffResult): string {
  const changes = byMeaning(changesOf(result));
  const behaviours = result.reports.flatMap(({ bundle, behaviour }) =>
    behaviour === null ? [] : [{ bundle, ...behaviour }],
  );
  const data: DiffData = {
    kind: "diff",
    changes: changes.map(withoutPatch),
    unmanaged: unmanagedOf(result),
    behaviours,
  };
  const [all, unmanaged] = diffTables(data);
  const patches = changes.flatMap((one) => (one.patch === undefined ? [] : [{ ...one, patch: one.patch }]));
  const names = result.reports.map(({ bundle, host }) => (host === null ? bundle : `${bundle} on ${host}`));
  const sections: readonly Section[] = [
    { id: "changes-section", title: "Changes", body: all === undefined ? null : tableMarkup(all) },
    ...(behaviours.length === 0
      ? []
      : [{ id: "behaviour", title: "On the logs", body: behaviours.map(behaviourPart) }]),
    ...(patches.length === 0
      ? []
      : [
          {
            id: "files",
            title: "Side by side",
            body: patches.map(({ file, host, patch }) => sideBySide(file, host, patch)),
          },
        ]),
    {
      id: "others",
      title: "Entries of others",
      body: unmanaged === undefined ? null : tableMarkup(unmanaged),
    },
  ];
  return pageHtml({
    title: `Deployed and built: ${names.length === 0 ? "nothing to compare" : names.join(", ")}`,
    lead: lead(
      changes,
      allDiagnostics(result).some(({ severity }) => severity === "error"),
    ),
    sections,
    data,
    diagnostics: allDiagnostics(result),
  });
}

function withoutPatch({ patch: _, ...one }: PageChange): PageChange {
  return one;
}

function lead(changes: readonly PageChange[], isTrouble: boolean): Content {
  const weaker = changes.filter(({ weakens }) => weakens).length;
  const drifted = changes.filter(({ strengthens }) => strengthens).length;
  const conflicts = changes.filter(({ kind }) => kind === "conflict").length;
  const tiles = [
    ["bad", weaker, weaker === 1 ? "weakens the defence" : "weaken the defence"],
    ["alert", drifted, "where what lies there is weaker"],
    ["alert", conflicts, "conflicts"],
    ["plain", changes.length, "differences in all"],
  ] as const;
  const what =
    changes.length > 0
      ? counted(changes.length, "difference")
      : isTrouble
        ? "Not compared whole: the errors say why"
        : "No differences";
  return html`<p class="lead"><strong>${what}</strong>${weaker === 0 ? "." : html`, <strong>${grouped(weaker)} of them ${weaker === 1 ? "weakens" : "weaken"} the defence</strong>.`}</p>
<ul class="tiles">${tiles.map(([tone, count, word]) => html`<li class="${count === 0 ? "zero" : tone}"><b>${grouped(count)}</b> <span>${word}</span></li>`)}</ul>
`;
}

function behaviourPart({
  bundle,
  nowBlocked,
  noLongerBlocked,
  alertsBefore,
  alertsAfter,
}: Behaviour & { readonly bundle: string }): Content {
  const list = (sources: readonly string[]): string => (sources.length === 0 ? "nobody" : sources.join(", "));
  return html`<h3>${bundle}</h3>
<dl class="wide">
<dt>Blocked now and not before</dt><dd class="code">${list(nowBlocked)}</dd>
<dt>Blocked before and not now</dt><dd class="code">${list(noLongerBlocked)}</dd>
<dt>Alerts</dt><dd>${grouped(alertsBefore)} → ${grouped(alertsAfter)}</dd>
</dl>
`;
}

interface Side {
  readonly number: number;
  readonly text: string;
}

/** A line of both files; null: it is not there. */
interface Pair {
  readonly before: Side | null;
  readonly after: Side | null;
  readonly isSame: boolean;
}

const mostLines = 2000;

/** A unified diff as two columns. */
function sideBySide(file: string, host: string | undefined, patch: string): Content {
  const hunks = hunksOf(patch);
  const lines = hunks.reduce((sum, { length }) => sum + length, 0);
  let left = mostLines;
  const cell = (side: Side | null, tone: string): Content =>
    side === null
      ? html`<td></td><td class="none"></td>`
      : html`<td class="line-number">${side.number}</td><td class="${tone}">${side.text}</td>`;
  return html`<h3 class="code">${host === undefined ? "" : `${host}: `}${file}</h3>
<div class="table"><table class="sides">
<caption>${file}: as it lies there, and as it is built</caption>
<colgroup><col class="line-number"><col><col class="line-number"><col></colgroup>
<thead><tr><th scope="col" colspan="2">deployed</th><th scope="col" colspan="2">built</th></tr></thead>
${hunks.map((pairs) => {
  const shown = pairs.slice(0, Math.max(0, left));
  left -= pairs.length;
  return html`<tbody>
${shown.map(({ before, after, isSame }) => html`<tr>${cell(before, isSame ? "same" : "gone")}${cell(after, isSame ? "same" : "new")}</tr>\n`)}</tbody>
`;
})}</table></div>
${lines > mostLines ? html`<p class="note">The first ${grouped(mostLines)} of ${grouped(lines)} lines.</p>\n` : null}`;
}

/** The hunks of a unified diff; lines that go and lines that come stand beside each other. */
export function hunksOf(patch: string): readonly (readonly Pair[])[] {
  const hunks: Pair[][] = [];
  let [old, next] = [0, 0];
  let gone: Side[] = [];
  let come: Side[] = [];
  const flush = (): void => {
    for (let index = 0; index < Math.max(gone.length, come.length); index++)
      hunks.at(-1)?.push({ before: gone[index] ?? null, after: come[index] ?? null, isSame: false });
    gone = [];
    come = [];
  };
  for (const line of patch.split("\n")) {
    const head = /^@@ -(\d+)(?:,\d+)? \+(\d+)(?:,\d+)? @@/.exec(line);
    if (head !== null) {
      flush();
      [old, next] = [Number(head[1]), Number(head[2])];
      hunks.push([]);
    } else if (hunks.length === 0 || line.startsWith("\\")) continue;
    else if (line.startsWith("-")) gone.push({ number: old++, text: line.slice(1) });
    else if (line.startsWith("+")) come.push({ number: next++, text: line.slice(1) });
    else if (line.startsWith(" ")) {
      flush();
      const text = line.slice(1);
      hunks.at(-1)?.push({ before: { number: old++, text }, after: { number: next++, text }, isSame: true });
    }
  }
  flush();
  return hunks;
}
