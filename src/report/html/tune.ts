import type { Diagnostic } from "../../diagnostics/diagnostic.js";
import type { Why } from "../../replay/why.js";
import type { TunedDetection } from "../../tune/tune.js";
import { whyData } from "../why.js";
import { type Content, html } from "./markup.js";
import { pageHtml, type Section } from "./page.js";
import { counted, grouped, type TableData, tableMarkup } from "./table.js";
import { isOwn, numberOf, settingText, type TuneData, tuneTables } from "./tune-data.js";

export interface TunePage {
  readonly bundle: string;
  readonly detections: readonly TunedDetection[];
  /** Of silent detections, or of all. */
  readonly why: readonly Why[];
  readonly isPartial: boolean;
  readonly diagnostics: readonly Diagnostic[];
}

/** What each threshold and window would do, as a page. */
export function tuneHtml({ bundle, detections, why, isPartial, diagnostics }: TunePage): string {
  const data: TuneData = { kind: "tune", detections };
  const tables = tuneTables(data);
  const sections: readonly Section[] = [
    ...detections.map((one, index) => ({
      id: `detection-${index}`,
      title: one.detection,
      body: detectionContent(one, index, tables[index]),
    })),
    ...(why.length === 0 ? [] : [{ id: "why", title: "Why", body: tableMarkup(whyTable(why)) }]),
  ];
  return pageHtml({
    title: `Thresholds of ${bundle}`,
    lead: html`<p class="lead">How many sources each threshold and window would block on these logs.</p>
<ul class="plain">${detections.map((one, index) => html`<li><a href="#detection-${index}">${one.detection}</a>: ${ownText(one)}</li>`)}</ul>
`,
    ...(isPartial ? { warning: "Stopped before the end of the logs: the numbers are those of a part." } : {}),
    sections,
    links: false,
    data,
    diagnostics,
  });
}

function ownText(detection: TunedDetection): Content {
  const own = detection.settings.find((one) => isOwn(detection, one));
  if (own === undefined)
    return `the bundle's own ${settingText(detection.own)} is not among those that were tried`;
  const good = own.knownGood?.length ?? 0;
  return html`<strong>${counted(numberOf(detection, own), "source")}</strong> ${detection.blocks ? "blocked" : "noticed"} now, at ${settingText(own)}${good === 0 ? null : html`, <strong>${grouped(good)} of them known as good</strong>`}`;
}

function detectionContent(detection: TunedDetection, index: number, table: TableData | undefined): Content {
  return html`<p>${ownText(detection)}. ${counted(detection.counted, "event")} met its condition.${detection.blocks ? "" : " No response of the bundle blocks on it, so nobody would be blocked: these are the sources with a notice."}</p>
<div class="chart" data-chart="tune" data-detection="${index}" hidden></div>
${table === undefined ? null : tableMarkup(table)}`;
}

function whyTable(why: readonly Why[]): TableData {
  return {
    id: "why",
    caption: "Why detections did what they did, at the bundle's setting",
    columns: [
      { title: "Detection", kind: "code" },
      { title: "Outcome", kind: "choice" },
      { title: "Because", kind: "text" },
      { title: "What to do", kind: "text" },
    ],
    rows: why.map(whyData).map(({ detection, cause, message, help }) => ({
      cells: [detection, cause, message, help],
    })),
    empty: "",
  };
}
