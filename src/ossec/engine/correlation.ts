/** The search of composite rules for earlier events (spec/ossec.md 8). */
import type { CorrelationFlags } from "../definitions.js";
import { type Event, none } from "./event.js";
import { type EventQueue, type KeyField, markEvent, type StoredEvent } from "./event-memory.js";
import type { LastEvents, RuntimeRule } from "./rule-tree.js";
import type { CountedEvents } from "./trace.js";

/** At most so many lines of earlier events stand in an alert. */
const shownEvents = 11;

const same = (one: string | null, other: string | null): boolean => one !== null && one === other;

const different = (one: string | null, other: string | null): boolean =>
  one !== null && other !== null && one !== other;

/** Tests that every search makes. */
function commonTests(flags: CorrelationFlags, earlier: StoredEvent, event: Event): boolean {
  if (flags.sameId && !same(earlier.id, event.id)) return false;
  if (flags.sameSourceIp && !same(earlier.srcip, event.srcip)) return false;
  if (flags.sameUser && !same(earlier.dstuser, event.dstuser)) return false;
  if (flags.differentUrl && !different(earlier.url, event.url)) return false;
  // No event has a location by address: the engine is built without that library.
  return !flags.differentSrcgeoip;
}

/** Tests of ports and host: `if_matched_regex` searches do not make them. */
function listTests(flags: CorrelationFlags, earlier: StoredEvent, event: Event): boolean {
  if (flags.sameSrcPort && !same(earlier.srcport, event.srcport)) return false;
  if (flags.sameDstPort && !same(earlier.dstport, event.dstport)) return false;
  return !flags.sameLocation || earlier.hostname === event.hostname;
}

/** What a search found. */
export interface SearchResult extends CountedEvents {
  readonly fired: boolean;
  /** Serial numbers of the counted events, newest first. */
  readonly counted: readonly number[];
}

function note(buffer: LastEvents | null, at: number, line: string): void {
  if (buffer === null || at >= shownEvents) return;
  buffer.lines.length = at;
  buffer.lines.push(line);
}

function notFired(
  counted: readonly number[],
  needed: number,
  stoppedBy: CountedEvents["stoppedBy"],
): SearchResult {
  return { fired: false, found: counted.length, needed, stoppedBy, counted };
}

/** The field by which a list finds events that can count; null: none is compared. */
export function keyField(flags: CorrelationFlags): KeyField | null {
  if (flags.sameSourceIp) return "srcip";
  if (flags.sameId) return "id";
  return flags.sameUser ? "dstuser" : null;
}

/**
 * Looks for `frequency + 1` earlier events; on success marks events and hands the shown lines to the event.
 *
 * @param everyEvent - look at every event, as the engine does. Otherwise events that cannot count are
 *   passed over with the help of an index; the outcome is the same as long as times ascend.
 */
export function searchEarlier(
  rule: RuntimeRule,
  event: Event,
  memory: EventQueue,
  everyEvent: boolean,
): SearchResult {
  const { search, lastEvents: buffer, definition, level } = rule;
  const { flags, timeframe, frequency } = definition;
  const needed = frequency + 1;
  if (buffer !== null && buffer.lines.length > 0) buffer.lines.length = 0;
  const events = search === null ? null : search.kind === "list" ? search.events : memory;
  const first = events?.newest(0) ?? null;
  if (search === null || events === null || first === null) return notFired(none, needed, "end");
  const field = everyEvent || search.kind === "memory" ? null : keyField(flags);
  const value = field === null ? null : event[field];
  const oldest = field === null ? 0 : (events.oldest?.serial ?? 0);
  let link = field === null || value === null ? null : events.newestWith(field, value);
  const counted: number[] = [];
  const mark = field === null ? 0 : events.newestMark(level);
  for (let index = 0; ; index += 1) {
    let earlier: StoredEvent | null;
    if (field === null) earlier = events.newest(index);
    else {
      earlier = link === null || link.event.serial < oldest ? null : link.event;
      link = link?.older ?? null;
    }
    if (earlier === null) return notFired(counted, needed, "end");
    if (event.time - earlier.time > timeframe) return notFired(counted, needed, "timeframe");
    if (earlier.matched >= level || earlier.serial <= mark) return notFired(counted, needed, "marked");
    if (search.kind === "memory") {
      if (earlier.decoder.type !== event.decoder.type) continue;
      if (search.regex !== null && !search.regex.test(earlier.log ?? "")) continue;
    } else if (!listTests(flags, earlier, event)) continue;
    if (!commonTests(flags, earlier, event)) continue;
    counted.push(earlier.serial);
    const last = counted.length === needed;
    if (!last || (search.kind === "list" && search.showsLastCounted)) {
      note(buffer, counted.length - 1, earlier.fullLog);
    }
    if (!last) continue;
    event.matched = level;
    markEvent(earlier, level, memory);
    markEvent(first, level, memory);
    if (buffer !== null && buffer.lines.length > 0) {
      event.lastEvents = buffer.lines;
      buffer.lines = [];
    }
    return { fired: true, found: counted.length, needed, stoppedBy: "end", counted };
  }
}
