/** Which conditions of a rule read which decoded field, and who fills it. */
import type { FieldSlot, RuleDefinition } from "../ossec/definitions.js";
import { type LintContext, mayFill } from "./context.js";
import { baseRulesOf } from "./helpers.js";

/** Names of fields that every event has a place for; a field of another name is dynamic. */
export const staticFieldNames: ReadonlySet<string> = new Set([
  "srcuser",
  "dstuser",
  "user",
  "srcip",
  "dstip",
  "srcport",
  "dstport",
  "protocol",
  "action",
  "id",
  "url",
  "data",
  "extra_data",
  "status",
  "system_name",
]);

/** Conditions that are false when the field is not set: element name and the slots that satisfy it. */
export const conditionSlots: readonly {
  readonly names: readonly string[];
  readonly slots: readonly FieldSlot[];
  readonly has: (rule: RuleDefinition) => boolean;
}[] = [
  { names: ["id", "id_pcre2"], slots: ["id"], has: (rule) => rule.idPattern !== null },
  { names: ["action"], slots: ["action"], has: (rule) => rule.action !== null },
  { names: ["url", "url_pcre2"], slots: ["url"], has: (rule) => rule.url !== null },
  { names: ["srcip"], slots: ["srcip"], has: (rule) => rule.srcip.some(({ negated }) => !negated) },
  { names: ["dstip"], slots: ["dstip"], has: (rule) => rule.dstip.some(({ negated }) => !negated) },
  { names: ["srcport", "srcport_pcre2"], slots: ["srcport"], has: (rule) => rule.srcport !== null },
  { names: ["dstport", "dstport_pcre2"], slots: ["dstport"], has: (rule) => rule.dstport !== null },
  { names: ["user", "user_pcre2"], slots: ["dstuser", "srcuser"], has: (rule) => rule.user !== null },
  { names: ["extra_data", "extra_data_pcre2"], slots: ["extradata"], has: (rule) => rule.extraData !== null },
  { names: ["status", "status_pcre2"], slots: ["status"], has: (rule) => rule.status !== null },
];

/** May both the composite's own event and one that it counts have the field? */
export function mayCount(context: LintContext, rule: RuleDefinition, slot: FieldSlot): boolean {
  const own = context.outcomesOf(rule);
  if (own.length > 0 && !mayFill(own, slot)) return false;
  const bases = baseRulesOf(context, rule);
  // Without known bases (if_matched_regex, an empty list) nothing is claimed.
  if (bases.length === 0) return true;
  return bases.some((base) => {
    const outcomes = context.outcomesOf(base);
    return outcomes.length === 0 || mayFill(outcomes, slot);
  });
}
