/** An explanation as a JSON object. */

import { eventJson } from "../logtest/event-json.js";
import type { RuleDefinition } from "../ossec/definitions.js";
import type { FailedCondition } from "../ossec/engine/trace.js";
import type { LineExplanation, RuleVerdict } from "./explain.js";
import type { RuleAttempt } from "./recorder.js";

const utf8 = (latin1: string): string => Buffer.from(latin1, "latin1").toString("utf8");

function ruleJson(rule: RuleDefinition): Readonly<Record<string, unknown>> {
  return { id: rule.id, level: rule.level, description: utf8(rule.description ?? "") };
}

function failedJson(failed: FailedCondition | null): Readonly<Record<string, unknown>> | null {
  if (failed === null) return null;
  const { condition, wanted, found, note } = failed;
  return {
    condition,
    wanted: utf8(wanted),
    found: found === null ? null : utf8(found),
    ...(note === undefined ? {} : { note: utf8(note) }),
  };
}

function attemptJson({ rule, depth, failed }: RuleAttempt): Readonly<Record<string, unknown>> {
  return { rule: ruleJson(rule), depth, matched: failed === null, failed: failedJson(failed) };
}

/** What `zopf explain LINE --format json` prints. */
export function explanationJson(explanation: LineExplanation): Readonly<Record<string, unknown>> {
  const { event, decoders, rules, nearest } = explanation;
  return {
    ...eventJson(event),
    decoders: decoders.map(({ decoder, failed }) => ({
      name: utf8(decoder.name),
      matched: failed === null,
      failed: failedJson(failed),
    })),
    rules: rules.map(attemptJson),
    nearest: nearest === null ? null : attemptJson(nearest),
  };
}

/** What `zopf explain RULE --format json` prints for a line. */
export function verdictJson(verdict: RuleVerdict): Readonly<Record<string, unknown>> {
  switch (verdict.kind) {
    case "child":
    case "taken":
      return { verdict: verdict.kind, by: ruleJson(verdict.by) };
    case "failed":
    case "parent-failed":
      return { verdict: verdict.kind, ...attemptJson(verdict.attempt) };
    case "category":
      return { verdict: verdict.kind, category: verdict.category };
    default:
      return { verdict: verdict.kind };
  }
}
