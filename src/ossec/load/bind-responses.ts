import type { ActiveResponseDefinition, PatternDefinition } from "../definitions.js";
import type { Dialect } from "../dialect.js";
import type { RuleDraft } from "./rule-draft.js";

/**
 * Active responses of a rule, as indices, in order (Rule_AddAR, docs/reference/ossec.md#active-response). None for level 0,
 * accuracy 0 and no_ar.
 */
export function bindResponses(
  rule: RuleDraft,
  responses: readonly ActiveResponseDefinition[],
  dialect: Dialect,
): readonly number[] {
  const { treeLevel, noActiveResponse, group } = rule.data;
  const level = treeLevel === 9900 || treeLevel < 100 ? 0 : Math.floor(treeLevel / 100);
  if (level === 0 || noActiveResponse) return [];
  const bound: number[] = [];
  for (const [index, response] of responses.entries()) {
    const byLevel = response.level !== 0 && level >= response.level;
    const byGroup = response.rulesGroup !== null && groupMatches(response.rulesGroup, group, dialect);
    const needsBoth =
      dialect.conf.levelAndGroup === "both" && response.level !== 0 && response.rulesGroup !== null;
    const bySort = needsBoth ? byLevel && byGroup : byLevel || byGroup;
    if (bySort || response.rulesId.includes(rule.id)) bound.push(index);
  }
  return bound;
}

/** A broken pattern matches nothing and is not reported by the engine. */
function groupMatches(pattern: PatternDefinition, group: string, dialect: Dialect): boolean {
  const compiled = dialect.compilePattern(pattern);
  return compiled.ok && compiled.value.test(group);
}
