import type { RuleModel } from "../../model/model.js";

/** A rule as the bundle has it, or a preset where the bundle says nothing. */
export function linkRule(id: number, { level, description, groups }: Omit<RuleModel, "id">): RuleModel {
  return { id, level, groups: [...new Set(groups)], description };
}
