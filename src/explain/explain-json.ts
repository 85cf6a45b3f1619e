/** An explanation as a JSON object. */

import { schemaVersions } from "../diagnostics/schema-version.js";
import { eventJson } from "../logtest/event-json.js";
import type { RuleDefinition } from "../ossec/definitions.js";
import type { FailedCondition } from "../ossec/engine/trace.js";
import { utf8 } from "./bytes.js";
import type { DecoderReport } from "./decoders.js";
import type { LineExplanation, RuleVerdict } from "./explain.js";
import type { Pasted } from "./original.js";
import type { RuleAttempt } from "./recorder.js";

function ruleJson(rule: RuleDefinition): Readonly<Record<string, unknown>> {
  return { id: rule.id, level: rule.level, description: utf8(rule.description ?? "") };
}

function failedJson(failed: FailedCondition | null): Readonly<Record<string, unknown>> | null {
  if (failed === null) return null;
  const { condition, wanted, found, note, others = 0 } = failed;
  return {
    condition,
    wanted: utf8(wanted),
    found: found === null ? null : utf8(found),
    ...(note === undefined ? {} : { note: utf8(note) }),
    ...(others === 0 ? {} : { others }),
  };
}

function attemptJson({ rule, depth, failed }: RuleAttempt): Readonly<Record<string, unknown>> {
  return { rule: ruleJson(rule), depth, matched: failed === null, failed: failedJson(failed) };
}

export function reportJson({ decoder, fate }: DecoderReport): Readonly<Record<string, unknown>> {
  const name = utf8(decoder.name);
  switch (fate.kind) {
    case "matched":
      return { name, fate: fate.kind };
    case "failed":
      return { name, fate: fate.kind, failed: failedJson(fate.failed) };
    case "not-tried":
      return { name, fate: fate.kind, reason: utf8(fate.reason) };
  }
}

export const pastedJson = (pasted: Pasted | null): Readonly<Record<string, unknown>> =>
  pasted === null ? {} : { pasted: { from: pasted.from, cut: utf8(pasted.cut) } };

/** What `zopf explain LINE --format json` prints. */
export function explanationJson(
  explanation: LineExplanation,
  pasted: Pasted | null = null,
): Readonly<Record<string, unknown>> {
  const { event, decoders, rules, nearest, header, type } = explanation;
  return {
    ...eventJson(event),
    schemaVersion: schemaVersions.explain,
    ...pastedJson(pasted),
    date: utf8(header.date),
    header: utf8(header.header),
    type: type === null ? null : { name: type.type, by: type.by === null ? null : utf8(type.by.name) },
    own: {
      decoders: explanation.ownDecoders.map(reportJson),
      rules: explanation.ownRules.map(({ rule, verdict }) => ({ id: rule.id, ...verdictJson(verdict) })),
    },
    passedOver: explanation.passedOver.map(reportJson),
    decoders: decoders.map(({ decoder, failed }) => ({
      name: utf8(decoder.name),
      matched: failed === null,
      failed: failedJson(failed),
    })),
    rules: rules.map(attemptJson),
    nearestDecoder: explanation.nearestDecoder === null ? null : reportJson(explanation.nearestDecoder),
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
