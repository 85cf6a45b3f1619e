/** The report's timeline, of what a page has played. */
import { type Lane, type Mark, Timeline } from "../../../src/web/timeline.js";
import type { ShownEvent } from "../core/replay-shown.js";

export interface TimelineHost {
  readonly chooseSource: (source: string) => void;
  readonly chooseEvent: (event: ShownEvent) => void;
  /** Only events of this part of time; null: all. */
  readonly zoomed: (range: readonly [number, number] | null) => void;
}

/** Those with most to show have a lane of their own. */
const mostLanes = 2000;

function lanesOf(events: readonly ShownEvent[], end: number): readonly Lane[] {
  const marks = new Map<string, Mark[]>();
  const open = new Map<string, number>();
  /** When each block ends, by its place. */
  const ends = new Map<number, number>();
  for (const [at, { kind, source, time }] of events.entries()) {
    if (kind === "block") open.set(source ?? "", at);
    const since = open.get(source ?? "");
    if (kind !== "unblock" || since === undefined) continue;
    ends.set(since, time);
    open.delete(source ?? "");
  }
  for (const [at, event] of events.entries()) {
    const { kind, time, text, until } = event;
    const name = event.source ?? "without a source";
    const stop =
      kind === "block" ? { end: ends.get(at) ?? (until !== null && until < end ? until : null) } : {};
    const mark: Mark = { time, kind, ...stop, text: `${kind}: ${text}`, event: at };
    const own = marks.get(name);
    if (own === undefined) marks.set(name, [mark]);
    else own.push(mark);
  }
  const blocks = (lane: readonly Mark[]): number => lane.filter(({ kind }) => kind === "block").length;
  return [...marks]
    .sort(([, one], [, other]) => blocks(other) - blocks(one) || other.length - one.length)
    .slice(0, mostLanes)
    .map(([name, own]) => ({ name, note: `${own.length} events`, marks: own, isOne: true }));
}

export function showTimeline(place: HTMLElement, events: readonly ShownEvent[], host: TimelineHost): void {
  let first = Number.POSITIVE_INFINITY;
  let last = Number.NEGATIVE_INFINITY;
  for (const { time } of events) {
    first = Math.min(first, time);
    last = Math.max(last, time);
  }
  const margin = Math.max(30, (last - first) * 0.02);
  new Timeline(place, {
    lanes: lanesOf(events, last + margin),
    range: [first - margin, last + margin],
    pick: (at) => {
      const event = events[at];
      if (event !== undefined) host.chooseEvent(event);
    },
    pickLane: ({ name }) => host.chooseSource(name),
    zoomed: host.zoomed,
  });
}
