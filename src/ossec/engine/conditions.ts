/**
 * The conditions of a rule in the order of the engine's tests (docs/reference/ossec.md#matching-rules): one table, from which follow what is
 * tested of a rule, and how a failure is explained.
 */

import type { AddressEntry } from "../addresses/address.js";
import type { PatternDefinition, RuleDefinition, TextDefinition } from "../definitions.js";
import type { EngineDialect } from "../dialect.js";
import { type PatternName, patternMembers } from "../pattern-members.js";
import { type OtherEvents, otherEvents, type SearchResult, searchEarlier } from "./correlation.js";
import type { CrashCause, Event } from "./event.js";
import type { EventMemory } from "./event-memory.js";
import type { FirstTimeSeen } from "./first-time-seen.js";
import { listMatches, listSubject } from "./list-test.js";
import type { LiteralIndex } from "./literal-index.js";
import type { LocalTime } from "./local-time.js";
import { namedValue } from "./named-fields.js";
import type { OutputDifference } from "./output-difference.js";
import type { RuntimeRule } from "./rule-tree.js";
import type { FailedCondition } from "./trace.js";

/** What conditions read beyond the event. */
export interface ConditionState {
  readonly dialect: EngineDialect;
  readonly now: () => LocalTime;
  readonly memory: EventMemory;
  /** Has read the event's `log`. */
  readonly scan: LiteralIndex;
  readonly firstTimeSeen: FirstTimeSeen;
  readonly differences: OutputDifference;
  /** Result of the last composite that was searched for. */
  lastSearch: SearchResult | null;
  /** Times of stored events may not ascend: searches look at every event. */
  clockWentBack: boolean;
  /** An observer wants to know why a search ended. */
  watched: boolean;
  /** Serial numbers of the events that the composites counted which fired on the present event. */
  readonly counted: Map<RuntimeRule, readonly number[]>;
}

/** The engine reads through a null pointer. */
export type RuleCrash = Extract<CrashCause, "field-without-order" | "unbound-search" | "endless-search">;

/** What a rule asks for and what the event has. */
export type Described = Omit<FailedCondition, "condition">;

export interface Condition {
  /** As explanations name it: mostly the element's name. */
  readonly name: string;
  /** Does the rule have the condition? */
  asks(rule: RuleDefinition): boolean;
  /** Is it met? Asked only of rules that have it. Conditions that remember (`if_fts`, `check_diff`) do so here. */
  isMet(rule: RuntimeRule, event: Event, state: ConditionState): boolean | RuleCrash;
  /** Why it is not met. Reads only; nothing is tested that remembers. */
  describe(rule: RuntimeRule, event: Event, state: ConditionState): Described;
}

/** Value of a dynamic field, in OSSEC by its name in the decoder that decoded last; undefined: the engine dies. */
function dynamicField(
  event: Event,
  name: string,
  { fieldsByName }: EngineDialect,
): string | null | undefined {
  if (fieldsByName) return namedValue(event, name);
  const names = event.decoder.dynamicNames;
  if (names === null) return undefined;
  const at = names.indexOf(name);
  return at < 0 ? null : (event.dynamic?.[at] ?? null);
}

const two = (value: number): string => `${value}`.padStart(2, "0");
const clock = (minutes: number): string => `${two(Math.floor(minutes / 60))}:${two(minutes % 60)}`;
const dayNames = ["Sunday", "Monday", "Tuesday", "Wednesday", "Thursday", "Friday", "Saturday"];

/** Values of other events that are named one by one. */
const namedValues = 3;

const events = (count: number): string => (count === 1 ? "1 event" : `${count} events`);

/** `same_source_ip is not met by 4 events of other values (192.0.2.9: 3, 192.0.2.8: 1)`. */
function comparisonNote({ comparison: { name, kind }, values, own }: OtherEvents): string {
  const total = values.reduce((sum, [, count]) => sum + count, 0);
  if (own === null) return `${name}: this event has no such field, so that none of ${events(total)} counts`;
  const named = values
    .slice(0, namedValues)
    .map(([value, count]) => `${value === null ? "not set" : value}: ${count}`);
  const more = values.length > namedValues ? ", ..." : "";
  const which = kind === "different" ? "the same value" : "other values";
  return `${name} is not met by ${events(total)} of ${which} (${named.join(", ")}${more})`;
}

/** A pattern's text beside what it was tested on. */
const described = (pattern: PatternDefinition | TextDefinition | null, found: string | null): Described => ({
  wanted: pattern === null ? "" : `${pattern.negated === true ? "not " : ""}${pattern.text}`,
  found,
});

/** Addresses beside the one that the event has; where Wazuh's are negated all of them are. */
function describedAddresses(entries: readonly AddressEntry[], found: string | null): Described {
  const negated =
    entries.length > 0 && entries.every((entry) => entry.negated && !entry.text.startsWith("!"));
  return { wanted: `${negated ? "not " : ""}${entries.map(({ text }) => text).join(" or ")}`, found };
}

/**
 * A condition on a pattern, which {@link patternMembers} finds in a rule.
 *
 * @param found - what it is tested on
 */
function onPattern(
  name: PatternName,
  found: (event: Event) => string | null,
  isMet: Condition["isMet"],
): Condition {
  const member = patternMembers[name];
  return {
    name,
    asks: (rule) => rule[member] !== null,
    isMet,
    describe: ({ definition }, event) => described(definition[member], found(event)),
  };
}

/** In the order of the tests. */
export const conditions: readonly Condition[] = [
  {
    name: "decoded_as",
    asks: (rule) => rule.decodedAs !== null,
    isMet: (rule, event) => rule.decodedAs === event.decoder.identity,
    describe: (rule, event) => ({ wanted: rule.decodedAs ?? "", found: event.decoder.name }),
  },
  onPattern(
    "program_name",
    (event) => event.programName,
    ({ programName }, event) => event.programName !== null && programName?.test(event.programName) !== false,
  ),
  onPattern(
    "id",
    (event) => event.id,
    ({ id }, event, { scan }) => event.id !== null && id?.test(event.id, scan) !== false,
  ),
  onPattern(
    "system_name",
    (event) => event.systemname,
    ({ systemName }, event) => event.systemname !== null && systemName?.test(event.systemname) !== false,
  ),
  onPattern(
    "protocol",
    (event) => event.protocol,
    ({ protocol }, event) => event.protocol !== null && protocol?.test(event.protocol) !== false,
  ),
  onPattern(
    "match",
    (event) => event.log,
    ({ match }, event, { scan }) => match?.test(event.log, scan) !== false,
  ),
  onPattern(
    "regex",
    (event) => event.log,
    ({ regex }, event, { scan }) => regex?.test(event.log, scan) !== false,
  ),
  {
    name: "action",
    asks: (rule) => rule.action !== null,
    isMet: ({ action }, event) => event.action !== null && action?.test(event.action) !== false,
    describe: ({ definition }, event) => described(definition.action, event.action),
  },
  onPattern(
    "url",
    (event) => event.url,
    ({ url }, event, { scan }) => event.url !== null && url?.test(event.url, scan) !== false,
  ),
  onPattern(
    "location",
    (event) => event.location,
    ({ location }, event) => location?.test(event.location) !== false,
  ),
  {
    name: "field",
    asks: (rule) => rule.fields.length > 0,
    isMet(rule, event, { dialect }) {
      for (const field of rule.fields) {
        const value = dynamicField(event, field.name, dialect);
        if (value === undefined) return "field-without-order";
        if (value === null || !field.matcher.test(value)) return false;
      }
      return true;
    },
    describe(rule, event, { dialect }) {
      for (const [at, { name, matcher }] of rule.fields.entries()) {
        const value = dynamicField(event, name, dialect) ?? null;
        if (value !== null && matcher.test(value)) continue;
        const { wanted, found } = described(rule.definition.fields[at]?.pattern ?? null, value);
        return { wanted: `${name}: ${wanted}`, found };
      }
      return { wanted: "", found: null };
    },
  },
  {
    name: "srcip",
    asks: (rule) => rule.srcip.length > 0,
    isMet: ({ srcip }, event) => event.srcip !== null && (srcip === null || srcip(event.srcip)),
    describe: ({ definition }, event) => describedAddresses(definition.srcip, event.srcip),
  },
  {
    name: "dstip",
    asks: (rule) => rule.dstip.length > 0,
    isMet: ({ dstip }, event) => event.dstip !== null && (dstip === null || dstip(event.dstip)),
    describe: ({ definition }, event) => describedAddresses(definition.dstip, event.dstip),
  },
  onPattern(
    "srcport",
    (event) => event.srcport,
    ({ srcport }, event) => event.srcport !== null && srcport?.test(event.srcport) !== false,
  ),
  onPattern(
    "dstport",
    (event) => event.dstport,
    ({ dstport }, event) => event.dstport !== null && dstport?.test(event.dstport) !== false,
  ),
  {
    name: "compiled_rule",
    asks: (rule) => rule.compiledRule !== null,
    isMet: ({ compiledRule }, event, { dialect }) => compiledRule?.(event, dialect) !== false,
    describe: ({ definition }, event) => ({ wanted: definition.compiledRule ?? "", found: event.log }),
  },
  onPattern(
    "user",
    (event) => event.dstuser ?? event.srcuser,
    ({ user }, event) => {
      const found = event.dstuser ?? event.srcuser;
      return found !== null && user?.test(found) !== false;
    },
  ),
  // No event has a location by address: the engine is built without that library.
  onPattern(
    "srcgeoip",
    () => null,
    () => false,
  ),
  onPattern(
    "dstgeoip",
    () => null,
    () => false,
  ),
  {
    name: "maxsize",
    asks: (rule) => rule.maxsize > 0,
    isMet: ({ definition }, event) => event.log.length >= definition.maxsize,
    describe: ({ definition }, event) => ({
      wanted: `at least ${definition.maxsize} bytes`,
      found: `${event.log.length}`,
    }),
  },
  {
    name: "time",
    asks: (rule) => rule.time !== null,
    isMet({ definition: { time } }, _event, state) {
      if (time === null) return true;
      const { hour, minute } = state.now();
      const at = hour * 60 + minute;
      const inside =
        time.from <= time.to ? at >= time.from && at <= time.to : at >= time.from || at <= time.to;
      return inside !== time.negated;
    },
    describe({ definition: { time } }, _event, state) {
      const { hour, minute } = state.now();
      const wanted = time === null ? "" : `${time.negated ? "!" : ""}${clock(time.from)} - ${clock(time.to)}`;
      return { wanted, found: clock(hour * 60 + minute) };
    },
  },
  {
    name: "weekday",
    asks: (rule) => rule.weekday !== null,
    isMet: ({ definition }, _event, state) => definition.weekday?.days[state.now().weekday] !== false,
    describe: ({ definition }, _event, state) => ({
      wanted: dayNames.filter((_, day) => definition.weekday?.days[day] === true).join(", "),
      found: dayNames[state.now().weekday] ?? null,
    }),
  },
  onPattern(
    "data",
    (event) => event.data,
    ({ data }, event) => event.data !== null && data?.test(event.data) !== false,
  ),
  onPattern(
    "extra_data",
    (event) => event.extradata,
    ({ extraData }, event) => event.extradata !== null && extraData?.test(event.extradata) !== false,
  ),
  onPattern(
    "hostname",
    (event) => event.hostname,
    ({ hostname }, event) => hostname?.test(event.hostname) !== false,
  ),
  onPattern(
    "status",
    (event) => event.status,
    ({ status }, event) => event.status !== null && status?.test(event.status) !== false,
  ),
  {
    name: "check_diff",
    asks: (rule) => rule.checkDiff,
    isMet(rule, event, state) {
      const before = state.differences.changed(rule.definition.id, event);
      if (before === null) return false;
      if (rule.lastEvents !== null || state.dialect.ownEarlierLines)
        event.lastEvents = ["Previous output:", before];
      if (state.dialect.ownEarlierLines) event.previousLog = before;
      return true;
    },
    describe: (_rule, event) => ({ wanted: "a text that differs from the last one", found: event.log }),
  },
  {
    name: "if_fts",
    asks: (rule) => rule.ifFts,
    isMet: (_rule, event, state) => event.decoder.fts.size > 0 && state.firstTimeSeen.isNew(event),
    describe: (_rule, event) => ({
      wanted: "a combination of fields not seen before",
      found: event.decoder.name,
      note: event.decoder.fts.size === 0 ? "the decoder has no <fts>" : "seen before",
    }),
  },
  {
    name: "list",
    asks: (rule) => rule.lists.length > 0,
    isMet: (rule, event) => rule.lists.every((list) => listMatches(list, event)),
    describe(rule, event) {
      const list = rule.lists.find((test) => !listMatches(test, event));
      if (list === undefined) return { wanted: "", found: null };
      return {
        wanted: `${list.lookup} in ${list.condition.list}`,
        found: listSubject(list.field, event),
        ...(list.condition.loaded ? {} : { note: "the list is not loaded" }),
      };
    },
  },
  {
    name: "frequency",
    asks: (rule) => rule.search !== null,
    isMet(rule, event, state) {
      if (rule.search === null) return true;
      if (rule.search.kind === "unbound") return "unbound-search";
      state.lastSearch = searchEarlier(rule, event, state.memory, state.clockWentBack || state.watched);
      if (state.lastSearch.stoppedBy === "endless") return "endless-search";
      if (!state.lastSearch.fired) return false;
      state.counted.set(rule, state.lastSearch.counted);
      return true;
    },
    describe(rule, event, { lastSearch, memory, dialect }) {
      const { frequency, timeframe } = rule.definition;
      const others = otherEvents(rule, event, memory);
      const reasons = {
        end: `no ${lastSearch?.found === 0 && others.length === 0 ? "" : "further "}event that it counts is remembered`,
        timeframe: `the next one is older than ${timeframe} seconds`,
        endless: "the engine hangs at an event of another agent",
        marked: "the next one was counted already when a rule of this level or a higher one fired",
      };
      return {
        wanted: `${frequency + 1} earlier events within ${timeframe} seconds (frequency ${frequency + dialect.frequencyOffset})`,
        found: `${lastSearch?.found ?? 0}`,
        note: [
          ...others.map(comparisonNote),
          ...(others.length > 0 && lastSearch?.stoppedBy === "end"
            ? []
            : [reasons[lastSearch?.stoppedBy ?? "end"]]),
        ].join("; "),
        others: others.reduce(
          (sum, { values }) => sum + values.reduce((all, [, count]) => all + count, 0),
          0,
        ),
      };
    },
  },
];

/** By which of the conditions a rule has, a bit each: many rules have the same. */
const combinations = new Map<number, readonly Condition[]>();

/** The conditions that a rule has, in their order. */
export function conditionsOf(rule: RuleDefinition): readonly Condition[] {
  let bits = 0;
  for (let at = 0; at < conditions.length; at += 1) if (conditions[at]?.asks(rule) === true) bits |= 1 << at;
  let found = combinations.get(bits);
  if (found === undefined) {
    found = conditions.filter((_, at) => (bits & (1 << at)) !== 0);
    combinations.set(bits, found);
  }
  return found;
}

/** Every condition is met. */
export const met = null;

/** The first condition that is not met, or what the engine dies of on the way. */
export function firstFailure(
  rule: RuntimeRule,
  event: Event,
  state: ConditionState,
): Condition | RuleCrash | typeof met {
  const asked = rule.conditions;
  // By number: an iterator costs as much as most conditions before the function is optimised.
  for (let at = 0; at < asked.length; at += 1) {
    const condition = asked[at];
    const isMet = condition?.isMet(rule, event, state) ?? true;
    if (condition !== undefined && isMet !== true) return isMet === false ? condition : isMet;
  }
  return met;
}
