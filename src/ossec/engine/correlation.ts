/** The search of composite rules for earlier events (docs/reference/ossec.md#correlation). */
import type { CorrelationFlags } from "../definitions.js";
import { type Event, none } from "./event.js";
import type { EventMemory } from "./event-memory.js";
import type { EventQueue, KeyField } from "./event-queue.js";
import type { LastEvents, RuntimeRule } from "./rule-tree.js";
import { type ComparedField, comparedSlots, fieldOf, type StoredEvents, slots } from "./stored-events.js";
import type { CountedEvents } from "./trace.js";

/** At most so many lines of earlier events stand in an alert. */
const shownEvents = 11;

/** What a search compares with, as numbers of texts: 0 where nothing stored has the text, or it is not asked for. */
type Wanted = Readonly<Record<ComparedField, number>>;

function wantedTexts(flags: CorrelationFlags, event: Event, { texts }: StoredEvents): Wanted {
  const number = (asked: boolean, text: string | null): number =>
    asked && text !== null ? texts.find(text) : 0;
  return {
    srcip: number(flags.sameSourceIp, event.srcip),
    id: number(flags.sameId, event.id),
    dstuser: number(flags.sameUser, event.dstuser),
    url: number(flags.differentUrl, event.url),
    srcport: number(flags.sameSrcPort, event.srcport),
    dstport: number(flags.sameDstPort, event.dstport),
    hostname: number(flags.sameLocation, event.hostname),
  };
}

/** The fields that a search compares; `if_matched_regex` searches do not compare ports and host. */
export function comparedBy(flags: CorrelationFlags, isList: boolean): readonly ComparedField[] {
  const asked: Readonly<Record<ComparedField, boolean>> = {
    srcip: flags.sameSourceIp,
    id: flags.sameId,
    dstuser: flags.sameUser,
    url: flags.differentUrl,
    srcport: isList && flags.sameSrcPort,
    dstport: isList && flags.sameDstPort,
    hostname: isList && flags.sameLocation,
  };
  return comparedSlots.flatMap(({ field }) => (asked[field] ? field : []));
}

const same = (one: number, other: number): boolean => one !== 0 && one === other;

/** Tests that every search makes. */
function commonTests(
  flags: CorrelationFlags,
  stored: StoredEvents,
  earlier: number,
  event: Event,
  wanted: Wanted,
): boolean {
  if (flags.sameId && !same(wanted.id, stored.text(earlier, slots.id))) return false;
  if (flags.sameSourceIp && !same(wanted.srcip, stored.text(earlier, slots.srcip))) return false;
  if (flags.sameUser && !same(wanted.dstuser, stored.text(earlier, slots.dstuser))) return false;
  if (flags.differentUrl) {
    const url = stored.text(earlier, slots.url);
    if (event.url === null || url === 0 || url === wanted.url) return false;
  }
  // No event has a location by address: the engine is built without that library.
  return !flags.differentSrcgeoip;
}

/** Tests of ports and host: `if_matched_regex` searches do not make them. */
function listTests(flags: CorrelationFlags, stored: StoredEvents, earlier: number, wanted: Wanted): boolean {
  if (flags.sameSrcPort && !same(wanted.srcport, stored.text(earlier, slots.srcport))) return false;
  if (flags.sameDstPort && !same(wanted.dstport, stored.text(earlier, slots.dstport))) return false;
  return !flags.sameLocation || same(wanted.hostname, stored.text(earlier, slots.hostname));
}

/** What a search found. */
export interface SearchResult extends CountedEvents {
  readonly fired: boolean;
  /** Serial numbers of the counted events, newest first. */
  readonly counted: readonly number[];
}

/** Looks like the engine's answer where nobody reads more than that it did not fire. */
const notEnough: SearchResult = { fired: false, found: 0, needed: 0, stoppedBy: "end", counted: none };

/** The field by which a list finds events that can count; null: none is compared. */
export function keyField(flags: CorrelationFlags): KeyField | null {
  if (flags.sameSourceIp) return "srcip";
  if (flags.sameId) return "id";
  if (flags.sameUser) return "dstuser";
  return flags.sameLocation ? "hostname" : null;
}

/** Numbers of the events that the present search counted so far, newest first; one memory for all searches. */
const found: number[] = [];

/** Leaves the lines of counted events in a buffer, as the engine does while it counts. */
function note(buffer: LastEvents, counted: number, stored: StoredEvents): void {
  const shown = Math.min(counted, shownEvents);
  buffer.lines.length = 0;
  for (let at = 0; at < shown; at += 1) buffer.lines.push(stored.fullLog(found[at] ?? 0));
}

const serials = (counted: number, stored: StoredEvents): readonly number[] =>
  found.slice(0, counted).map((number) => stored.serial(number));

/** Are there too few events in a list that can count? Its index tells that of most searches. */
function isHopeless(rule: RuntimeRule, queue: EventQueue, event: Event, stored: StoredEvents): boolean {
  if (queue.newest < 0) return true;
  const { flags, frequency } = rule.definition;
  const field = keyField(flags);
  if (field === null) return false;
  const text = fieldOf(event, field);
  const left = text === null ? 0 : queue.countOf(field, stored.texts.find(text));
  // Where nobody else reads what this search would leave in the buffer.
  return left === 0 || (left <= frequency && !rule.sharesLastEvents);
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
  memory: EventMemory,
  everyEvent: boolean,
): SearchResult {
  const { search, lastEvents: buffer } = rule;
  if (buffer !== null && buffer.lines.length > 0) buffer.lines.length = 0;
  const queue = search?.kind === "list" ? search.events : null;
  if (!everyEvent && queue !== null && isHopeless(rule, queue, event, memory.stored)) return notEnough;
  return count(rule, event, memory, everyEvent);
}

/** Counts earlier events one by one. */
function count(rule: RuntimeRule, event: Event, memory: EventMemory, everyEvent: boolean): SearchResult {
  const { search, lastEvents: buffer, definition, level } = rule;
  const { flags, timeframe, frequency } = definition;
  const { stored } = memory;
  const needed = frequency + 1;
  let counted = 0;
  const notFired = (stoppedBy: CountedEvents["stoppedBy"]): SearchResult => {
    if (counted === 0 && !everyEvent) return notEnough;
    if (buffer !== null && (everyEvent || rule.sharesLastEvents)) note(buffer, counted, stored);
    return { fired: false, found: counted, needed, stoppedBy, counted: serials(counted, stored) };
  };
  const queue = search?.kind === "list" ? search.events : memory.all;
  if (search === null || search.kind === "unbound" || queue === null || queue.newest < 0)
    return notFired("end");
  const wanted = wantedTexts(flags, event, stored);
  const field = everyEvent || search.kind === "memory" ? null : keyField(flags);
  let place = queue.newest;
  let left = Number.POSITIVE_INFINITY;
  if (field !== null) {
    left = queue.countOf(field, wanted[field]);
    place = queue.newestOf(field, wanted[field]);
  }
  const first = queue.at(queue.newest);
  const mark = field === null ? 0 : queue.newestMark(level);
  for (; left > 0 && queue.holds(place); left -= 1) {
    const earlier = queue.at(place);
    place = field === null ? place - 1 : queue.olderThan(field, place);
    if (event.time - stored.time(earlier) > timeframe) return notFired("timeframe");
    if (stored.matched(earlier) >= level || stored.serial(earlier) <= mark) return notFired("marked");
    if (search.kind === "memory") {
      if (stored.decoder(earlier)?.type !== event.decoder.type) continue;
      if (search.regex !== null && !search.regex.test(stored.log(earlier))) continue;
    } else if (!listTests(flags, stored, earlier, wanted)) continue;
    if (!commonTests(flags, stored, earlier, event, wanted)) continue;
    found[counted] = earlier;
    counted += 1;
    if (counted < needed) continue;
    if (buffer !== null) {
      note(buffer, search.kind === "list" && search.showsLastCounted ? counted : counted - 1, stored);
      if (buffer.lines.length > 0) {
        event.lastEvents = buffer.lines;
        buffer.lines = [];
      }
    }
    event.matched = level;
    memory.mark(earlier, level);
    memory.mark(first, level);
    return { fired: true, found: counted, needed, stoppedBy: "end", counted: serials(counted, stored) };
  }
  return notFired("end");
}

/** Earlier events that would count but for one comparison. */
export interface OtherEvents {
  /** The element: `same_source_ip`, `different_url`. */
  readonly flag: string;
  /** Their values and how many have each, most frequent first; null: not set. */
  readonly values: readonly (readonly [value: string | null, events: number])[];
  /** What the present event has; null: not set, so that nothing can be the same. */
  readonly own: string | null;
}

const comparisons: readonly {
  readonly flag: string;
  readonly field: ComparedField;
  readonly asked: (flags: CorrelationFlags) => boolean;
  readonly listOnly?: true;
}[] = [
  { flag: "same_id", field: "id", asked: ({ sameId }) => sameId },
  { flag: "same_source_ip", field: "srcip", asked: ({ sameSourceIp }) => sameSourceIp },
  { flag: "same_user", field: "dstuser", asked: ({ sameUser }) => sameUser },
  { flag: "different_url", field: "url", asked: ({ differentUrl }) => differentUrl },
  { flag: "same_src_port", field: "srcport", asked: ({ sameSrcPort }) => sameSrcPort, listOnly: true },
  { flag: "same_dst_port", field: "dstport", asked: ({ sameDstPort }) => sameDstPort, listOnly: true },
  { flag: "same_location", field: "hostname", asked: ({ sameLocation }) => sameLocation, listOnly: true },
];

/**
 * Which comparison of a composite keeps how many remembered events from counting: those within its time that no rule
 * has counted yet. For explanations, after a search that did not fire; nothing is marked.
 */
export function otherEvents(rule: RuntimeRule, event: Event, memory: EventMemory): readonly OtherEvents[] {
  const { search, definition, level } = rule;
  const { flags, timeframe } = definition;
  const { stored } = memory;
  if (search === null || search.kind === "unbound") return none;
  const queue = search.kind === "list" ? search.events : memory.all;
  const isList = search.kind === "list";
  const asked = comparisons.filter((one) => one.asked(flags) && (isList || one.listOnly !== true));
  if (queue === null || asked.length === 0) return none;
  const failing = asked.map(() => new Map<string | null, number>());
  for (let place = queue.newest; queue.holds(place); place -= 1) {
    const earlier = queue.at(place);
    if (event.time - stored.time(earlier) > timeframe || stored.matched(earlier) >= level) break;
    if (search.kind === "memory") {
      if (stored.decoder(earlier)?.type !== event.decoder.type) continue;
      if (search.regex !== null && !search.regex.test(stored.log(earlier))) continue;
    }
    for (const [at, { field, flag }] of asked.entries()) {
      const number = stored.text(earlier, slots[field]);
      const value = number === 0 ? null : stored.texts.read(number);
      const own = fieldOf(event, field);
      const isMet = value !== null && own !== null && (value === own) !== (flag === "different_url");
      if (isMet) continue;
      const values = failing[at];
      values?.set(value, (values.get(value) ?? 0) + 1);
      break;
    }
  }
  return asked.flatMap(({ flag, field }, at) => {
    const values = [...(failing[at] ?? [])].sort((one, other) => other[1] - one[1]);
    return values.length === 0 ? [] : [{ flag, values, own: fieldOf(event, field) }];
  });
}
