/** A failed condition in words: what the rule asks for and what the event has. */
import type { PatternDefinition } from "../definitions.js";
import type { ConditionName, ConditionState } from "./conditions.js";
import { dynamicField } from "./conditions.js";
import type { Event } from "./event.js";
import { listMatches, listSubject } from "./list-test.js";
import type { RuntimeRule } from "./rule-tree.js";
import type { FailedCondition } from "./trace.js";

const two = (value: number): string => `${value}`.padStart(2, "0");
const clock = (minutes: number): string => `${two(Math.floor(minutes / 60))}:${two(minutes % 60)}`;
const days = ["Sunday", "Monday", "Tuesday", "Wednesday", "Thursday", "Friday", "Saturday"];

const pattern = (source: PatternDefinition | null): string => source?.text ?? "";

function failedField(rule: RuntimeRule, event: Event): Omit<FailedCondition, "condition"> {
  for (const field of rule.fields) {
    const value = dynamicField(event, field.name) ?? null;
    if (value !== null && field.matcher.test(value)) continue;
    return { wanted: `${field.name}: ${field.matcher.text}`, found: value };
  }
  return { wanted: "", found: null };
}

function failedList(rule: RuntimeRule, event: Event): Omit<FailedCondition, "condition"> {
  const list = rule.lists.find((test) => !listMatches(test, event));
  if (list === undefined) return { wanted: "", found: null };
  const note = list.condition.loaded ? undefined : "the list is not loaded";
  return {
    wanted: `${list.lookup} in ${list.condition.list}`,
    found: listSubject(list.field, event),
    ...(note === undefined ? {} : { note }),
  };
}

function failedSearch(rule: RuntimeRule, state: ConditionState): Omit<FailedCondition, "condition"> {
  const { frequency, timeframe } = rule.definition;
  const result = state.lastSearch;
  const reasons = {
    end: "no further event is remembered",
    timeframe: `the next one is older than ${timeframe} seconds`,
    marked: "the next one was counted already when a rule of this level or a higher one fired",
  };
  return {
    wanted: `${frequency + 1} earlier events within ${timeframe} seconds (frequency ${frequency})`,
    found: `${result?.found ?? 0}`,
    note: reasons[result?.stoppedBy ?? "end"],
  };
}

/** Describes why `rule` did not match `event`. Reads only; nothing is tested that remembers. */
export function describeFailure(
  condition: ConditionName,
  rule: RuntimeRule,
  event: Event,
  state: ConditionState,
): FailedCondition {
  const { definition } = rule;
  const describe = (): Omit<FailedCondition, "condition"> => {
    switch (condition) {
      case "decoded_as":
        return { wanted: rule.decodedAs ?? "", found: event.decoder.name };
      case "program_name":
        return { wanted: pattern(definition.programName), found: event.programName };
      case "id":
        return { wanted: pattern(definition.idPattern), found: event.id };
      case "match":
        return { wanted: pattern(definition.match), found: event.log };
      case "regex":
        return { wanted: pattern(definition.regex), found: event.log };
      case "action":
        return { wanted: rule.action ?? "", found: event.action };
      case "url":
        return { wanted: pattern(definition.url), found: event.url };
      case "field":
        return failedField(rule, event);
      case "srcip":
        return { wanted: definition.srcip.map(({ text }) => text).join(" or "), found: event.srcip };
      case "dstip":
        return { wanted: definition.dstip.map(({ text }) => text).join(" or "), found: event.dstip };
      case "srcport":
        return { wanted: pattern(definition.srcport), found: event.srcport };
      case "dstport":
        return { wanted: pattern(definition.dstport), found: event.dstport };
      case "compiled_rule":
        return { wanted: definition.compiledRule ?? "", found: event.log };
      case "user":
        return { wanted: pattern(definition.user), found: event.dstuser ?? event.srcuser };
      case "srcgeoip":
        return { wanted: pattern(definition.srcgeoip), found: null };
      case "dstgeoip":
        return { wanted: pattern(definition.dstgeoip), found: null };
      case "maxsize":
        return { wanted: `at least ${definition.maxsize} bytes`, found: `${event.log.length}` };
      case "time": {
        const { time } = definition;
        const { hour, minute } = state.now();
        const wanted =
          time === null ? "" : `${time.negated ? "!" : ""}${clock(time.from)} - ${clock(time.to)}`;
        return { wanted, found: clock(hour * 60 + minute) };
      }
      case "weekday": {
        const wanted = days.filter((_, day) => definition.weekday?.days[day] === true).join(", ");
        return { wanted, found: days[state.now().weekday] ?? null };
      }
      case "extra_data":
        return { wanted: pattern(definition.extraData), found: event.data };
      case "hostname":
        return { wanted: pattern(definition.hostname), found: event.hostname };
      case "status":
        return { wanted: pattern(definition.status), found: event.status };
      case "check_diff":
        return { wanted: "a text that differs from the last one", found: event.log };
      case "if_fts": {
        const wanted = "a combination of fields not seen before";
        const note = event.decoder.fts.size === 0 ? "the decoder has no <fts>" : "seen before";
        return { wanted, found: event.decoder.name, note };
      }
      case "list":
        return failedList(rule, event);
      case "frequency":
        return failedSearch(rule, state);
    }
  };
  return { condition, ...describe() };
}
