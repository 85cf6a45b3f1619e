import { eventOrigin, eventText, kindWords, type PageEvent } from "../report/html/replay-data.js";
import { type PageCase, type TestData, testTables } from "../report/html/test-data.js";
import { Details } from "./details.js";
import { enhanceTables } from "./tables.js";
import { type Lane, laneNote, type Mark, Timeline } from "./timeline.js";

/** Brings the page about test cases to life. */
export function testPage(data: TestData): void {
  enhanceTables(testTables(data), { pickEvent: () => undefined });
  for (const place of document.querySelectorAll<HTMLElement>('[data-chart="case"]')) {
    const one = data.cases[Number(place.dataset.case)];
    if (one === undefined || one.events.length + one.missed.length === 0) continue;
    const details = new Details(one, null);
    const range = rangeOf(one);
    if (range === null) continue;
    new Timeline(place, {
      lanes: lanesOf(one, range),
      range,
      pick: (event) => details.show(event),
      originOf: (event) => eventOrigin(one.events, event),
      pickLane: () => undefined,
      zoomed: () => undefined,
    });
  }
}

/** The time that events and expectations take; null: they name none. */
function rangeOf({ events, missed }: PageCase): readonly [number, number] | null {
  const times = [
    ...events.map(({ time }) => time),
    ...missed.flatMap(({ from, until }) => [from ?? [], until ?? []].flat()),
  ];
  if (times.length === 0) return null;
  const from = times.reduce((a, b) => Math.min(a, b));
  const to = times.reduce((a, b) => Math.max(a, b));
  const margin = Math.max(30, (to - from) * 0.04);
  return [from - margin, to + margin];
}

/** What was expected in vain comes first on its source's lane. */
function lanesOf({ events, missed }: PageCase, [start, end]: readonly [number, number]): readonly Lane[] {
  const lanes = new Map<string, Mark[]>();
  const lane = (source: string | null): Mark[] => {
    const name = source ?? "any source";
    const marks = lanes.get(name) ?? [];
    lanes.set(name, marks);
    return marks;
  };
  for (const { text, source, from, until } of missed)
    lane(source).push({
      time: from ?? start,
      end: until ?? end,
      kind: "expected",
      text: `expected: ${text}`,
      event: -1,
    });
  const ends = new Map(
    events.flatMap(({ kind, cause, time }) =>
      kind === "unblock" && cause !== undefined ? [[cause, time] as const] : [],
    ),
  );
  for (const [index, event] of events.entries()) lane(event.source).push(markOf(event, index, ends));
  return [...lanes].map(([name, marks]) => ({ name, note: laneNote(marks.length, 0), marks, isOne: false }));
}

function markOf(event: PageEvent, index: number, ends: ReadonlyMap<number, number>): Mark {
  const { time, kind } = event;
  const end = kind === "block" ? { end: ends.get(index) ?? event.until } : {};
  return { time, kind, ...end, text: `${kindWords[kind]}: ${eventText(event)}`, event: index };
}
