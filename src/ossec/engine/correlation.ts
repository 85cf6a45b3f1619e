/** The search of composite rules for earlier events (docs/reference/ossec.md#correlation). */
import type { Correlation } from "../definitions.js";
import { type Event, none } from "./event.js";
import type { EventMemory } from "./event-memory.js";
import type { EventQueue, KeyField } from "./event-queue.js";
import type { LastEvents, RuntimeRule } from "./rule-tree.js";
import { fieldOf, type Slot, type StoredEvents, type StoredField, slots } from "./stored-events.js";
import type { CountedEvents } from "./trace.js";

/** At most so many lines of earlier events stand in an alert. */
const shownEvents = 11;

/** One comparison of earlier events with the present one. */
export interface Comparison {
  readonly field: StoredField;
  readonly slot: Slot;
  readonly different: boolean;
  /** The element, as explanations name it. */
  readonly name: string;
}

/** What a composite compares, made ready. */
export interface Comparisons {
  readonly list: readonly Comparison[];
  /** It compares locations by address: no event has one, for the engine is built without that library. */
  readonly never: boolean;
  /** The field by which a list finds events that can count; null: none is compared. */
  readonly key: KeyField | null;
}

/** In the order of the engine's tests; what is not here has no effect. */
const comparisons: readonly (Comparison & { readonly listOnly: boolean })[] = [
  { name: "same_id", field: "id", slot: slots.id, different: false, listOnly: false },
  { name: "same_source_ip", field: "srcip", slot: slots.srcip, different: false, listOnly: false },
  { name: "same_user", field: "dstuser", slot: slots.dstuser, different: false, listOnly: false },
  { name: "different_url", field: "url", slot: slots.url, different: true, listOnly: false },
  { name: "same_src_port", field: "srcport", slot: slots.srcport, different: false, listOnly: true },
  { name: "same_dst_port", field: "dstport", slot: slots.dstport, different: false, listOnly: true },
  { name: "same_location", field: "hostname", slot: slots.hostname, different: false, listOnly: true },
];

const keyFields: readonly KeyField[] = ["srcip", "id", "dstuser", "hostname"];

/** @param isList - `if_matched_regex` searches, which look at all events, do not compare ports and host */
export function comparisonsOf({ same, different }: Correlation, isList: boolean): Comparisons {
  return {
    list: comparisons.filter(
      (one) => (isList || !one.listOnly) && (one.different ? different : same).includes(one.field),
    ),
    never: different.includes("srcgeoip"),
    key: keyFields.find((field) => same.includes(field)) ?? null,
  };
}

/** By comparison: the number of the text to compare with; 0 where nothing stored has it, -1 where the event has none. */
const wanted = new Int32Array(32);

function readWanted({ list }: Comparisons, event: Event, { texts }: StoredEvents): void {
  for (let at = 0; at < list.length; at += 1) {
    const comparison = list[at];
    const text = comparison === undefined ? null : fieldOf(event, comparison.field);
    wanted[at] = text === null ? -1 : texts.find(text);
  }
}

/** Every comparison holds of an earlier event, after {@link readWanted}. */
function isComparable({ list, never }: Comparisons, stored: StoredEvents, earlier: number): boolean {
  for (let at = 0; at < list.length; at += 1) {
    const comparison = list[at];
    if (comparison === undefined) break;
    const text = stored.text(earlier, comparison.slot);
    const own = wanted[at] ?? 0;
    if (text === 0 || own < 0 || (text === own) === comparison.different) return false;
  }
  return !never;
}

/** What a search found. */
export interface SearchResult extends CountedEvents {
  readonly fired: boolean;
  /** Serial numbers of the counted events, newest first. */
  readonly counted: readonly number[];
}

/** Looks like the engine's answer where nobody reads more than that it did not fire. */
const notEnough: SearchResult = { fired: false, found: 0, needed: 0, stoppedBy: "end", counted: none };

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
  const { frequency } = rule.definition;
  const field = rule.search?.kind === "list" ? rule.search.comparisons.key : null;
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
  const { timeframe, frequency } = definition;
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
  const { comparisons } = search;
  readWanted(comparisons, event, stored);
  const field = everyEvent || search.kind === "memory" ? null : comparisons.key;
  let place = queue.newest;
  let left = Number.POSITIVE_INFINITY;
  if (field !== null) {
    const text = fieldOf(event, field);
    const number = text === null ? 0 : stored.texts.find(text);
    left = queue.countOf(field, number);
    place = queue.newestOf(field, number);
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
    }
    if (!isComparable(comparisons, stored, earlier)) continue;
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
  readonly comparison: Comparison;
  /** Their values and how many have each, most frequent first; null: not set. */
  readonly values: readonly (readonly [value: string | null, events: number])[];
  /** What the present event has; null: not set, so that nothing can be the same. */
  readonly own: string | null;
}

/**
 * Which comparison of a composite keeps how many remembered events from counting: those within its time that no rule
 * has counted yet. For explanations, after a search that did not fire; nothing is marked.
 */
export function otherEvents(rule: RuntimeRule, event: Event, memory: EventMemory): readonly OtherEvents[] {
  const { search, definition, level } = rule;
  const { timeframe } = definition;
  const { stored } = memory;
  if (search === null || search.kind === "unbound") return none;
  const queue = search.kind === "list" ? search.events : memory.all;
  const asked = search.comparisons.list;
  if (queue === null || asked.length === 0) return none;
  const failing = asked.map(() => new Map<string | null, number>());
  for (let place = queue.newest; queue.holds(place); place -= 1) {
    const earlier = queue.at(place);
    if (event.time - stored.time(earlier) > timeframe || stored.matched(earlier) >= level) break;
    if (search.kind === "memory") {
      if (stored.decoder(earlier)?.type !== event.decoder.type) continue;
      if (search.regex !== null && !search.regex.test(stored.log(earlier))) continue;
    }
    for (const [at, { field, slot, different }] of asked.entries()) {
      const number = stored.text(earlier, slot);
      const value = number === 0 ? null : stored.texts.read(number);
      const own = fieldOf(event, field);
      const isMet = value !== null && own !== null && (value === own) !== different;
      if (isMet) continue;
      const values = failing[at];
      values?.set(value, (values.get(value) ?? 0) + 1);
      break;
    }
  }
  return asked.flatMap((comparison, at) => {
    const values = [...(failing[at] ?? [])].sort((one, other) => other[1] - one[1]);
    return values.length === 0 ? [] : [{ comparison, values, own: fieldOf(event, comparison.field) }];
  });
}
