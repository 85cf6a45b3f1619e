import type { TimelineEvent } from "../../replay/timeline.js";
import { withTexts } from "../timeline.js";
import type { PageEvent } from "./replay-data.js";

/** Longest text of an event in a page, characters. */
const longestText = 2000;

/** What the events of a page may weigh together, in characters of their texts and what surrounds them. */
export interface EventBudget {
  readonly blocks: number;
  readonly others: number;
}

const ownWeight = 250;

interface Kept {
  readonly event: TimelineEvent;
  /** The one that led to it. */
  readonly cause: Kept | null;
  readonly weight: number;
  /** The how-manieth of its kind and source, from 1. */
  readonly nth: number;
  /** Something that is kept followed from it. */
  isNeeded: boolean;
}

/**
 * The events that a page shows, in bounded memory: of every source the first of each kind, as many as fit. Where they
 * become too many, fewer of each source are kept, so that every source and the whole time stay in sight; where one of
 * each is still too much, only some sources. Blocks and what led to them come first.
 */
export class EventKeeper {
  readonly #budget: EventBudget;
  #kept: Kept[] = [];
  #weights = { blocks: 0, others: 0 };
  #leftOut = 0;
  readonly #leftOutBySource = new Map<string, number>();
  /** Of each source and kind at most so many. */
  #each = 1 << 16;
  /** One source of so many, once there is only one event of each. */
  #share = 1;
  readonly #counts = new Map<string, number>();
  #lastNotice: Kept | null = null;
  readonly #lastAlerts = new Map<number, Kept>();
  readonly #open = new Map<string, Kept>();

  constructor(budget: EventBudget = { blocks: 6_000_000, others: 10_000_000 }) {
    this.#budget = budget;
  }

  see(event: TimelineEvent): void {
    const cause = this.#causeOf(event);
    const nth = this.#count(event);
    const kept = this.#keep(shortened(withTexts(event), cause), cause, nth);
    // What is not kept itself still stands between what is.
    const link = kept ?? { event, cause, weight: 0, nth, isNeeded: false };
    if (event.kind === "notice") this.#lastNotice = link;
    if (event.kind === "alert") this.#lastAlerts.set(event.rule, link);
    if (event.kind === "block") this.#open.set(blockKey(event), link);
  }

  /** The events in their order, each with the number of its cause. */
  events(): readonly PageEvent[] {
    const numbers = new Map(this.#kept.map((kept, index) => [kept, index]));
    return this.#kept.map(({ event, cause }) => {
      const number = cause === null ? undefined : numbers.get(cause);
      return number === undefined ? event : { ...event, cause: number };
    });
  }

  /** How many events are not among those. */
  get leftOut(): number {
    return this.#leftOut;
  }

  leftOutOf(source: string): number {
    return this.#leftOutBySource.get(source) ?? 0;
  }

  #causeOf(event: TimelineEvent): Kept | null {
    switch (event.kind) {
      case "notice":
        return null;
      case "alert": {
        const notice = this.#lastNotice;
        const isOf =
          notice?.event.kind === "notice" &&
          notice.event.detection === event.detection &&
          notice.event.source === event.source &&
          Math.floor(notice.event.time) === Math.floor(event.time);
        return isOf ? notice : null;
      }
      case "unblock": {
        const key = blockKey(event);
        const block = this.#open.get(key) ?? null;
        this.#open.delete(key);
        return block;
      }
      default: {
        const alert = this.#lastAlerts.get(event.rule);
        return alert !== undefined && Math.floor(alert.event.time) === Math.floor(event.time) ? alert : null;
      }
    }
  }

  #count({ kind, source }: TimelineEvent): number {
    const key = `${kind} ${source ?? ""}`;
    const nth = (this.#counts.get(key) ?? 0) + 1;
    if (nth > 1 || this.#counts.size < mostCounted) this.#counts.set(key, nth);
    return nth;
  }

  #keep(event: TimelineEvent, cause: Kept | null, nth: number): Kept | null {
    const part = partOf(event);
    const weight = weightOf(event);
    const isRoom =
      part === "blocks" ? this.#weights.blocks + weight <= this.#budget.blocks : this.#fits(event, nth);
    if (!isRoom) {
      this.#leaveOut(event);
      return null;
    }
    const kept: Kept = { event, cause, weight, nth, isNeeded: false };
    this.#kept.push(kept);
    this.#weights[part] += weight;
    if (event.kind === "block") for (let one = cause; one !== null; one = one.cause) one.isNeeded = true;
    while (this.#weights.others > this.#budget.others && this.#share < 1 << 30) this.#thin();
    return kept;
  }

  #fits({ source }: TimelineEvent, nth: number): boolean {
    return nth <= this.#each && (this.#share === 1 || numberOf(source ?? "") % this.#share === 0);
  }

  /** Keeps half as many of each source, or half as many sources. */
  #thin(): void {
    const most = this.#kept.reduce(
      (max, { event, nth, isNeeded }) => (partOf(event) === "others" && !isNeeded ? Math.max(max, nth) : max),
      0,
    );
    if (most > 1) this.#each = Math.min(this.#each, most) >> 1;
    else {
      this.#each = 1;
      this.#share *= 2;
    }
    this.#kept = this.#kept.filter(({ event, nth, isNeeded, weight }) => {
      if (partOf(event) === "blocks" || isNeeded || this.#fits(event, nth)) return true;
      this.#weights.others -= weight;
      this.#leaveOut(event);
      return false;
    });
  }

  #leaveOut({ source }: TimelineEvent): void {
    this.#leftOut += 1;
    if (source === null) return;
    const before = this.#leftOutBySource.get(source);
    if (before !== undefined || this.#leftOutBySource.size < mostCounted)
      this.#leftOutBySource.set(source, (before ?? 0) + 1);
  }
}

/** Sources and kinds that are counted each for itself, at most: a bound on memory. */
const mostCounted = 200_000;

const partOf = ({ kind }: TimelineEvent): keyof EventBudget =>
  kind === "block" || kind === "unblock" ? "blocks" : "others";

const blockKey = ({
  target = "",
  table,
  source,
}: Extract<TimelineEvent, { kind: "block" | "unblock" }>): string => JSON.stringify([target, table, source]);

/** A number for a source that is spread evenly and always the same (FNV-1a). */
function numberOf(source: string): number {
  let hash = 0x811c9dc5;
  for (let index = 0; index < source.length; index++)
    hash = Math.imul(hash ^ source.charCodeAt(index), 0x01000193) >>> 0;
  return (hash ^ (hash >>> 15)) >>> 0;
}

function weightOf(event: TimelineEvent): number {
  const text =
    event.kind === "notice" || event.kind === "alert"
      ? event.line.length + ("message" in event ? event.message.length : event.description.length)
      : event.kind === "refused"
        ? event.reason.length
        : event.command.join(" ").length;
  return ownWeight + text;
}

/** Texts that a page can hold; the line of an alert only where it is not its notice's. */
function shortened(event: TimelineEvent, cause: Kept | null): TimelineEvent {
  const short = (text: string): string =>
    text.length <= longestText ? text : `${text.slice(0, longestText)} … (${text.length} characters)`;
  switch (event.kind) {
    case "notice":
      return { ...event, message: short(event.message), line: short(event.line) };
    case "alert": {
      const line = short(event.line);
      const isNotices = cause?.event.kind === "notice" && cause.event.line === line;
      return { ...event, description: short(event.description), line: isNotices ? "" : line };
    }
    case "block":
    case "unblock":
    case "response":
      return { ...event, command: event.command.map(short) };
    case "refused":
      return event;
  }
}
