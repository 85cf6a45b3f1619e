import {
  eventOrigin,
  eventText,
  kindWords,
  type ReplayData,
  replayTables,
} from "../report/html/replay-data.js";
import { grouped, shownSecond } from "../report/html/table.js";
import type { DataTable } from "./data-table.js";
import { Details } from "./details.js";
import { Occupancy } from "./occupancy.js";
import { enhanceTables } from "./tables.js";
import { type Lane, laneNote, type Mark, Timeline } from "./timeline.js";

/** Brings a replay's page to life. */
export function replayPage(data: ReplayData): void {
  const details = new Details(data, showSource);
  const tables = enhanceTables(replayTables(data), {
    pickEvent: (event) => details.show(event),
    pickSource: showSource,
  });
  const range = rangeOf(data);
  const room = document.querySelector<HTMLElement>('[data-chart="occupancy"]');
  const occupancy =
    room === null || data.occupancy.length === 0 ? null : new Occupancy(room, data.occupancy, range);
  const place = document.querySelector<HTMLElement>('[data-chart="timeline"]');
  const timeline =
    place === null || data.events.length === 0
      ? null
      : new Timeline(place, {
          lanes: lanesOf(data, range),
          range,
          pick: (event) => details.show(event),
          originOf: (event) => eventOrigin(data.events, event),
          pickLane: ({ name }) => showSource(name),
          zoomed(part) {
            const [min, max] = part ?? range;
            occupancy?.zoom(min, max);
            onlyTimes(tables.get("events"), data, part);
          },
        });

  function showSource(source: string): void {
    tables.get("events")?.only("source", { label: `Only ${source}`, holds: (row) => row.source === source });
    timeline?.reveal(source);
    details.close();
    document.querySelector("#all")?.scrollIntoView();
  }
}

function onlyTimes(
  table: DataTable | undefined,
  { events }: ReplayData,
  part: readonly [number, number] | null,
): void {
  if (part === null) {
    table?.only("time", null);
    return;
  }
  const [min, max] = part;
  table?.only("time", {
    label: `Only ${shownSecond(min)} to ${shownSecond(max)}`,
    holds: ({ event = -1 }) => {
      const time = events[event]?.time ?? Number.NaN;
      return time >= min && time <= max;
    },
  });
}

function rangeOf({ events }: ReplayData): readonly [number, number] {
  let [from, to] = [Number.POSITIVE_INFINITY, Number.NEGATIVE_INFINITY];
  for (const { time } of events) {
    from = Math.min(from, time);
    to = Math.max(to, time);
  }
  const margin = Math.max(30, (to - from) * 0.02);
  return [from - margin, to + margin];
}

/** Blocked sources first, in the order of their first event; those without a lane share the last one. */
function lanesOf(
  { events, sources, moreSources }: ReplayData,
  [, to]: readonly [number, number],
): readonly Lane[] {
  const ends = new Map<number, number>();
  for (const event of events)
    if (event.kind === "unblock" && event.cause !== undefined) ends.set(event.cause, event.time);
  const marks = new Map<string | null, Mark[]>(sources.map(({ source }) => [source, []]));
  const others: Mark[] = [];
  for (const [index, event] of events.entries()) {
    const { time, kind, source } = event;
    const end =
      kind === "block"
        ? { end: ends.get(index) ?? (event.until !== null && event.until < to ? event.until : null) }
        : {};
    const mark: Mark = { time, kind, ...end, text: `${kindWords[kind]}: ${eventText(event)}`, event: index };
    (marks.get(source) ?? others).push(mark);
  }
  const lanes = sources
    .map(({ source, first, blocks, leftOut }) => {
      const own = marks.get(source) ?? [];
      return { name: source, note: laneNote(own.length, leftOut), marks: own, isOne: true, first, blocks };
    })
    .sort((a, b) => Number(b.blocks > 0) - Number(a.blocks > 0) || a.first - b.first);
  // Of very many sources the events of some are only counted.
  const drawn = lanes.filter(({ marks: own }) => own.length > 0);
  const undrawn = lanes.length - drawn.length + moreSources;
  if (undrawn === 0 && others.length === 0) return drawn;
  const name = undrawn > 0 ? `${grouped(undrawn)} other sources` : "without a source";
  return [...drawn, { name, note: laneNote(others.length, 0), marks: others, isOne: false }];
}
