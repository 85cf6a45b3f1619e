import type { Diagnostic } from "../../diagnostics/diagnostic.js";
import { type Content, html } from "./markup.js";
import { pageHtml, type Section } from "./page.js";
import { type PageDetection, type ReplayData, replayTables } from "./replay-data.js";
import { counted, grouped, shownLength, shownSecond, type TableData, tableMarkup } from "./table.js";

export interface ReplayPage {
  /** A hunt counts no near misses. */
  readonly of: "replay" | "hunt";
  /** The bundle, as the user named it. */
  readonly bundle: string;
  readonly data: ReplayData;
  /** Stopped before the end. */
  readonly isPartial: boolean;
  readonly diagnostics: readonly Diagnostic[];
}

/** A replay as a page: who was blocked, when, why and for how long; then everything that led there. */
export function replayHtml({ of, bundle, data, isPartial, diagnostics }: ReplayPage): string {
  const tables = new Map(replayTables(data).map((table) => [table.id, table]));
  const table = (id: string): Content => tableContent(tables.get(id));
  const sections: readonly Section[] = [
    { id: "who", title: "Blocked", body: table("blocked") },
    ...(data.events.length === 0 ? [] : [{ id: "when", title: "Timeline", body: timeline(data) }]),
    ...(data.occupancy.length === 0
      ? []
      : [
          {
            id: "room",
            title: "Blocks at a time",
            body: html`<div class="chart" data-chart="occupancy" hidden></div>\n${table("occupancy")}`,
          },
        ]),
    { id: "held-back", title: "Refused", body: table("refused") },
    { id: "top", title: "Sources", body: table("sources") },
    { id: "funnels", title: "Detections", body: html`${table("detections")}${data.detections.map(funnel)}` },
    ...(of === "hunt" ? [] : [{ id: "nearly", title: "Near misses", body: table("near") }]),
    { id: "all", title: "All events", body: table("events") },
  ];
  return pageHtml({
    title: of === "hunt" ? `Hunt with ${bundle}` : `Replay of ${bundle}`,
    lead: lead(data),
    ...(isPartial ? { warning: "Stopped before the end of the logs: this is a part." } : {}),
    sections,
    data,
    diagnostics,
  });
}

function tableContent(table: TableData | undefined): Content {
  return table === undefined ? null : tableMarkup(table);
}

function lead(data: ReplayData): Content {
  const { totals, events, detections } = data;
  const { blockedSources, blocks, refused, alerts, notices } = totals;
  const silent = detections.filter(({ isSilent }) => isSilent).length;
  const first = events[0]?.time;
  const last = events.reduce((max, { time }) => Math.max(max, time), Number.NEGATIVE_INFINITY);
  const when =
    first === undefined
      ? null
      : html` From <time>${shownSecond(first)}</time> to <time>${shownSecond(last)}</time> UTC (${shownLength(last - first)}).`;
  const who =
    blockedSources === 0
      ? html`<strong>Nobody was blocked</strong>${whyNobody(data)}.`
      : html`<strong>${counted(blockedSources, "source")} ${blockedSources === 1 ? "was" : "were"} blocked</strong>${blocks === blockedSources ? null : `, in ${counted(blocks, "block")}`}.`;
  const tiles: readonly (readonly [tone: string, count: number, word: string, of?: number])[] = [
    ["blocked", blockedSources, "sources blocked"],
    ["blocked", blocks, "blocks"],
    ["alert", alerts, "alerts"],
    ["notice", notices, "notices"],
    ["refused", refused, "refused"],
    ["plain", silent, "silent detections", detections.length],
  ];
  return html`<p class="lead">${who}${when}</p>
<ul class="tiles">${tiles.map(([tone, count, word, of]) => html`<li class="${count === 0 ? "zero" : tone}"><b>${grouped(count)}${of === undefined ? null : html` <small>of ${grouped(of)}</small>`}</b> <span>${word}</span></li>`)}</ul>
`;
}

/** What kept everybody from being blocked, behind `Nobody was blocked`. */
export function whyNobody({ totals: { refused, alerts, notices }, blocks }: ReplayData): string {
  if (!blocks) return ": no response of the bundle blocks";
  if (refused > 0) return `: ${counted(refused, "block")} ${refused === 1 ? "was" : "were"} refused`;
  if (alerts > 0) return ", although there were alerts: no response follows them";
  return notices > 0 ? ", although there were notices: no alert followed them" : ": no detection fired";
}

function timeline({ sources, moreSources, eventsLeftOut, rowsLeftOut }: ReplayData): Content {
  return html`<div class="chart" data-chart="timeline" hidden></div>
<p class="note">A line for each source that did something: ${counted(sources.length, "source")}${moreSources === 0 ? "" : `, and ${grouped(moreSources)} more that share the last line`}.${eventsLeftOut === 0 ? "" : ` ${counted(eventsLeftOut, "event")} are counted and not drawn: of each source and kind the first ones are shown, and where the sources are too many, those of some.`}${rowsLeftOut === 0 ? "" : ` Of ${counted(rowsLeftOut, "notice")} the row of the log is named and not in this page: what they came of was too much, or could not be read a second time.`} Without scripts, <a href="#all">all events</a> are the timeline as a table.</p>
`;
}

/** What became of the rows or lines on their way to a detection. */
function funnel({ detection, of, steps }: PageDetection): Content {
  if (of === null || steps.length === 0) return null;
  const isRows = of.what.startsWith("rows");
  const percent = (count: number): string => (of.count === 0 ? "0" : ((count / of.count) * 100).toFixed(2));
  return html`<details class="funnel"><summary><code>${detection}</code>: ${grouped(of.count)} ${of.what}</summary>
<table>
<caption>${isRows ? "What is left behind each step" : "Where lines stopped"}</caption>
<thead><tr><th scope="col" class="text">${isRows ? "Step" : "Stop"}</th>${isRows ? html`<th scope="col" class="number">Fell</th><th scope="col" class="number">Left</th>` : html`<th scope="col" class="number">Lines</th>`}<th scope="col"><span class="hidden">Share</span></th><th scope="col" class="path">First of them</th></tr></thead>
<tbody>
${steps.map(({ label, count, left, example }) => html`<tr><th scope="row" class="code">${label}</th>${isRows ? html`<td class="number">${count === 0 ? "" : grouped(count)}</td>` : null}<td class="number">${grouped(left)}</td><td class="bar"><meter min="0" max="100" value="${percent(left)}">${percent(left)} %</meter></td><td class="path">${example ?? ""}</td></tr>\n`)}</tbody>
</table></details>
`;
}
