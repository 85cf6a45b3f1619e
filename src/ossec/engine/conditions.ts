/**
 * The conditions of a rule in the order of the engine's tests (spec/ossec.md 7). One function decides;
 * what an observer is told is derived from its answer.
 */
import type { EngineVersion } from "../../model/model.js";
import { matchesAddressList } from "./address-list.js";
import { type SearchResult, searchEarlier } from "./correlation.js";
import type { CrashCause, Event } from "./event.js";
import type { EventMemory } from "./event-memory.js";
import type { FirstTimeSeen } from "./first-time-seen.js";
import { listMatches } from "./list-test.js";
import type { LiteralScan } from "./literal-scan.js";
import type { LocalTime } from "./local-time.js";
import type { OutputDifference } from "./output-difference.js";
import type { RuntimeRule } from "./rule-tree.js";

/** What conditions read beyond the event. */
export interface ConditionState {
  /** Its version. */
  readonly engine: EngineVersion;
  readonly now: () => LocalTime;
  readonly memory: EventMemory;
  /** Has read the event's `log`. */
  readonly scan: LiteralScan;
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

/** Names of the conditions in the order of the tests; an answer of {@link firstFailure} is an index. */
export const conditionNames = [
  "decoded_as",
  "program_name",
  "id",
  "match",
  "regex",
  "action",
  "url",
  "field",
  "srcip",
  "dstip",
  "srcport",
  "dstport",
  "compiled_rule",
  "user",
  "srcgeoip",
  "dstgeoip",
  "maxsize",
  "time",
  "weekday",
  "extra_data",
  "hostname",
  "status",
  "check_diff",
  "if_fts",
  "list",
  "frequency",
] as const;

export type ConditionName = (typeof conditionNames)[number];

/** Every condition is met. */
export const met = null;

/** The engine reads through a null pointer. */
export type RuleCrash = Extract<CrashCause, "field-without-order" | "unbound-search">;

export type Failure = ConditionName | RuleCrash | typeof met;

export function isCrash(failure: Failure): failure is RuleCrash {
  return failure === "field-without-order" || failure === "unbound-search";
}

function timeMatches(rule: RuntimeRule, state: ConditionState): boolean {
  const range = rule.definition.time;
  if (range === null) return true;
  const { hour, minute } = state.now();
  const at = hour * 60 + minute;
  const inside =
    range.from <= range.to ? at >= range.from && at <= range.to : at >= range.from || at <= range.to;
  return inside !== range.negated;
}

/** Value of a dynamic field by its name in the decoder that decoded last; undefined: the engine dies. */
export function dynamicField(event: Event, name: string): string | null | undefined {
  const names = event.decoder.dynamicNames;
  if (names === null) return undefined;
  const at = names.indexOf(name);
  return at < 0 ? null : (event.dynamic?.[at] ?? null);
}

function fieldFailure(rule: RuntimeRule, event: Event): Failure {
  for (const field of rule.fields) {
    const value = dynamicField(event, field.name);
    if (value === undefined) return "field-without-order";
    if (value === null || !field.matcher.test(value)) return "field";
  }
  return met;
}

/** Conditions on the event alone, up to the addresses. */
function plainFailure(rule: RuntimeRule, event: Event, scan: LiteralScan): Failure {
  if (rule.decodedAs !== null && rule.decodedAs !== event.decoder.identity) return "decoded_as";
  if (rule.programName !== null && (event.programName === null || !rule.programName.test(event.programName)))
    return "program_name";
  if (rule.id !== null && (event.id === null || !rule.id.test(event.id, scan))) return "id";
  if (rule.match !== null && !rule.match.test(event.log, scan)) return "match";
  if (rule.regex !== null && !rule.regex.test(event.log, scan)) return "regex";
  if (rule.action !== null && rule.action !== event.action) return "action";
  if (rule.url !== null && (event.url === null || !rule.url.test(event.url, scan))) return "url";
  if (rule.fields.length > 0) {
    const failure = fieldFailure(rule, event);
    if (failure !== met) return failure;
  }
  if (rule.srcip !== null && (event.srcip === null || !matchesAddressList(rule.srcip, event.srcip)))
    return "srcip";
  if (rule.dstip !== null && (event.dstip === null || !matchesAddressList(rule.dstip, event.dstip)))
    return "dstip";
  if (rule.srcport !== null && (event.srcport === null || !rule.srcport.test(event.srcport)))
    return "srcport";
  if (rule.dstport !== null && (event.dstport === null || !rule.dstport.test(event.dstport)))
    return "dstport";
  return met;
}

/** The further conditions, which few rules have; among them those that remember. */
function furtherFailure(rule: RuntimeRule, event: Event, state: ConditionState): Failure {
  const { definition } = rule;
  if (rule.compiledRule !== null && !rule.compiledRule(event, state.engine)) return "compiled_rule";
  if (rule.user !== null) {
    const user = event.dstuser ?? event.srcuser;
    if (user === null || !rule.user.test(user)) return "user";
  }
  // No event has a location by address: the engine is built without that library.
  if (definition.srcgeoip !== null) return "srcgeoip";
  if (definition.dstgeoip !== null) return "dstgeoip";
  if (event.log.length < definition.maxsize) return "maxsize";
  if (!timeMatches(rule, state)) return "time";
  if (definition.weekday?.days[state.now().weekday] === false) return "weekday";
  if (rule.extraData !== null && (event.data === null || !rule.extraData.test(event.data)))
    return "extra_data";
  if (rule.hostname !== null && !rule.hostname.test(event.hostname)) return "hostname";
  if (rule.status !== null && (event.status === null || !rule.status.test(event.status))) return "status";
  if (definition.flags.checkDiff) {
    const before = state.differences.changed(definition.id, event);
    if (before === null) return "check_diff";
    if (rule.lastEvents !== null) event.lastEvents = ["Previous output:", before];
  }
  if (definition.ifFts && (event.decoder.fts.size === 0 || !state.firstTimeSeen.isNew(event)))
    return "if_fts";
  for (const list of rule.lists) if (!listMatches(list, event)) return "list";
  if (rule.search !== null) {
    if (rule.search.kind === "unbound") return "unbound-search";
    state.lastSearch = searchEarlier(rule, event, state.memory, state.clockWentBack || state.watched);
    if (!state.lastSearch.fired) return "frequency";
    state.counted.set(rule, state.lastSearch.counted);
  }
  return met;
}

/** The first condition that is not met. Conditions that remember (`if_fts`, `check_diff`) do so here. */
export function firstFailure(rule: RuntimeRule, event: Event, state: ConditionState): Failure {
  const failure = plainFailure(rule, event, state.scan);
  return failure === met && rule.hasFurther ? furtherFailure(rule, event, state) : failure;
}
