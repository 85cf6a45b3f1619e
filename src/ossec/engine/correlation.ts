/** The search of composite rules for earlier events (docs/reference/ossec.md#correlation). */
import type { Correlation } from "../definitions.js";
import type { EngineDialect } from "../dialect.js";
import type { Comparison, Comparisons } from "./comparisons.js";
import { type Event, none } from "./event.js";
import type { EventMemory } from "./event-memory.js";
import type { EventQueue } from "./event-queue.js";
import type { LastEvents, RuntimeRule, RuntimeSearch } from "./rule-tree.js";
import { type Column, fieldOf, type StoredEvents, type StoredField } from "./stored-events.js";
import type { CountedEvents } from "./trace.js";

/** At most so many lines of earlier events stand in an alert. */
const shownEvents = 11;

/** Fields by which lists find events, the first one first. */
const keyFields: readonly StoredField[] = ["srcip", "id", "dstuser", "hostname"];

/** @param isList - the search looks at a list of events, not at all of them */
export function comparisonsOf(
  correlation: Correlation,
  isList: boolean,
  dialect: EngineDialect,
  stored: StoredEvents,
): Comparisons {
  const fields = dialect.fieldComparisons(correlation, isList) ?? null;
  const list = (fields ?? []).map((one) => ({ ...one, column: stored.column(one.field) }));
  const same = list.filter(({ kind, field }) => kind === "same" && field !== "agent");
  const preferred = keyFields.flatMap((field) => same.find((one) => one.field === field) ?? []);
  return {
    list,
    never: fields === null,
    key: (preferred[0] ?? same[0])?.column ?? null,
    marksOfCompared: dialect.marksOfCompared,
  };
}

/** By comparison: the number of the text to compare with; 0 where nothing stored has it, -1 where the event has none. */
let wanted = new Int32Array(32);

function readWanted({ list }: Comparisons, event: Event, { texts }: StoredEvents): void {
  if (list.length > wanted.length) wanted = new Int32Array(2 * list.length);
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
    const text = stored.text(earlier, comparison.column.slot);
    const own = wanted[at] ?? 0;
    if (comparison.kind === "either") {
      if (text === 0 && own < 0) return false;
    } else if (text === 0 || own < 0) {
      if (!comparison.heldByMissing) return false;
    } else if ((text === own) !== (comparison.kind === "same")) return false;
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
  const key = rule.search?.kind === "list" ? rule.search.comparisons.key : null;
  if (key === null) return false;
  const text = fieldOf(event, key.field);
  const left = text === null ? 0 : queue.countOf(key, stored.texts.find(text));
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
  if (!everyEvent && queue !== null && isHopeless(rule, queue, event, memory.stored)) {
    if (buffer === null) event.lastEvents = none;
    return notEnough;
  }
  return new Search(rule, event, memory, everyEvent).run();
}

/** Where a search begins in its queue, and how many events there can count. */
interface Beginning {
  readonly place: number;
  readonly left: number;
  /** Events up to this serial number are as if they were marked. */
  readonly mark: number;
}

/** One search: counts earlier events one by one. */
class Search {
  readonly #rule: RuntimeRule;
  readonly #event: Event;
  readonly #memory: EventMemory;
  readonly #everyEvent: boolean;
  readonly #needed: number;
  #counted = 0;

  constructor(rule: RuntimeRule, event: Event, memory: EventMemory, everyEvent: boolean) {
    this.#rule = rule;
    this.#event = event;
    this.#memory = memory;
    this.#everyEvent = everyEvent;
    this.#needed = rule.definition.frequency + 1;
  }

  run(): SearchResult {
    const { search } = this.#rule;
    const queue = search?.kind === "list" ? search.events : this.#memory.all;
    if (search === null || search.kind === "unbound" || queue === null || queue.newest < 0)
      return this.#notFired("end");
    const stoppedBy = this.#count(search, queue);
    if (stoppedBy !== "enough") return this.#notFired(stoppedBy);
    const last = found[this.#counted - 1] ?? 0;
    this.#event.matched = this.#rule.level;
    if (search.comparisons.marksOfCompared) this.#fireCompared();
    else {
      this.#showLines(search.kind === "list" && search.showsLastCounted);
      this.#memory.mark(last, this.#rule.level);
      this.#memory.mark(queue.at(queue.newest), this.#rule.level);
    }
    return this.#result(true, "end");
  }

  #count(
    search: Exclude<RuntimeSearch, { readonly kind: "unbound" }>,
    queue: EventQueue,
  ): CountedEvents["stoppedBy"] | "enough" {
    const { definition, level } = this.#rule;
    const { timeframe } = definition;
    const event = this.#event;
    const { stored } = this.#memory;
    const { comparisons } = search;
    const { marksOfCompared } = comparisons;
    readWanted(comparisons, event, stored);
    const key = this.#everyEvent || search.kind === "memory" ? null : comparisons.key;
    let { place, left, mark } = this.#beginning(queue, key, marksOfCompared);
    for (; left > 0 && queue.holds(place); left -= 1) {
      const earlier = queue.at(place);
      place = key === null ? place - 1 : queue.olderThan(key, place);
      if (event.time - stored.time(earlier) > timeframe) return "timeframe";
      if (!marksOfCompared && (stored.matched(earlier) >= level || stored.serial(earlier) <= mark))
        return "marked";
      if (search.kind === "memory") {
        if (search.agent !== null && stored.text(earlier, search.agent.slot) !== wanted[0]) return "endless";
        if (stored.decoder(earlier)?.type !== event.decoder.type) continue;
        if (search.regex !== null && !search.regex.test(stored.log(earlier))) continue;
      }
      if (!isComparable(comparisons, stored, earlier)) continue;
      if (marksOfCompared && stored.matched(earlier) >= level) return "marked";
      found[this.#counted] = earlier;
      this.#counted += 1;
      if (this.#counted >= this.#needed) return "enough";
    }
    return "end";
  }

  #beginning(queue: EventQueue, key: Column | null, marksOfCompared: boolean): Beginning {
    if (key === null) return { place: queue.newest, left: Number.POSITIVE_INFINITY, mark: 0 };
    const text = fieldOf(this.#event, key.field);
    const number = text === null ? 0 : this.#memory.stored.texts.find(text);
    return {
      place: queue.newestOf(key, number),
      left: queue.countOf(key, number),
      mark: marksOfCompared ? 0 : queue.newestMark(this.#rule.level),
    };
  }

  #notFired(stoppedBy: CountedEvents["stoppedBy"]): SearchResult {
    const { lastEvents: buffer, sharesLastEvents } = this.#rule;
    if (buffer === null) this.#event.lastEvents = none;
    if (this.#counted === 0 && !this.#everyEvent && stoppedBy !== "endless") return notEnough;
    if (buffer === null) return this.#result(false, stoppedBy);
    if (this.#everyEvent || sharesLastEvents) note(buffer, this.#counted, this.#memory.stored);
    return this.#result(false, stoppedBy);
  }

  #result(fired: boolean, stoppedBy: CountedEvents["stoppedBy"]): SearchResult {
    const counted = serials(this.#counted, this.#memory.stored);
    return { fired, found: this.#counted, needed: this.#needed, stoppedBy, counted };
  }

  /** Hands what the buffer of the composite holds to the event. */
  #showLines(withLast: boolean): void {
    const { lastEvents: buffer } = this.#rule;
    if (buffer === null) return;
    note(buffer, withLast ? this.#counted : this.#counted - 1, this.#memory.stored);
    if (buffer.lines.length === 0) return;
    this.#event.lastEvents = buffer.lines;
    buffer.lines = [];
  }

  /**
   * Wazuh marks the newest of the counted events and writes their lines over those of an earlier search for this event,
   * unless one event was enough. A search that does not fire takes all lines away.
   */
  #fireCompared(): void {
    const [newest] = found;
    if (this.#counted < 2 || newest === undefined) return;
    this.#memory.mark(newest, this.#rule.level);
    const { stored } = this.#memory;
    const lines = found
      .slice(0, Math.min(this.#counted, shownEvents))
      .map((number) => stored.fullLog(number));
    this.#event.lastEvents = [...lines, ...this.#event.lastEvents.slice(lines.length)];
  }
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
    if (event.time - stored.time(earlier) > timeframe) break;
    if (!search.comparisons.marksOfCompared && stored.matched(earlier) >= level) break;
    if (search.kind === "memory") {
      if (stored.decoder(earlier)?.type !== event.decoder.type) continue;
      if (search.regex !== null && !search.regex.test(stored.log(earlier))) continue;
    }
    for (const [at, { field, column, kind, heldByMissing }] of asked.entries()) {
      const number = stored.text(earlier, column.slot);
      const value = number === 0 ? null : stored.texts.read(number);
      const own = fieldOf(event, field);
      const isMet =
        kind === "either"
          ? value !== null || own !== null
          : value === null || own === null
            ? heldByMissing
            : (value === own) === (kind === "same");
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
