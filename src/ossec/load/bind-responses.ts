import type { EngineVersion } from "../../model/model.js";
import type { ActiveResponseDefinition, PatternDefinition } from "../definitions.js";
import { compilePattern } from "../patterns/index.js";
import { utf8Check } from "../utf8-check.js";
import type { RuleDraft } from "./rule-draft.js";

/**
 * Active responses of a rule, as indices, in order (Rule_AddAR, docs/reference/ossec.md#active-response). None for level 0,
 * accuracy 0 and no_ar.
 */
export function bindResponses(
  rule: RuleDraft,
  responses: readonly ActiveResponseDefinition[],
  engine: EngineVersion,
): readonly number[] {
  const { treeLevel, noActiveResponse, group } = rule.data;
  const level = treeLevel === 9900 || treeLevel < 100 ? 0 : Math.floor(treeLevel / 100);
  if (level === 0 || noActiveResponse) return [];
  const bound: number[] = [];
  for (const [index, response] of responses.entries()) {
    const byLevel = response.level !== 0 && level >= response.level;
    const byGroup = response.rulesGroup !== null && groupMatches(response.rulesGroup, group, engine);
    if (byLevel || byGroup || response.rulesId.includes(rule.id)) bound.push(index);
  }
  return bound;
}

/** A broken pattern matches nothing and is not reported by the engine. */
function groupMatches(pattern: PatternDefinition, group: string, engine: EngineVersion): boolean {
  const compiled = compilePattern(pattern, utf8Check(engine));
  return compiled.ok && compiled.value.test(group);
}
