import type { RuleModel } from "../../model/model.js";
import type { RuleTextDeclaration } from "../decode/rule.js";

/** What is known of a rule but its id and its groups. */
type DeclaredRule = Omit<RuleTextDeclaration, "id" | "groups"> & Pick<RuleModel, "level" | "groups">;

/** A rule as the bundle has it, or a preset where the bundle says nothing. */
export function linkRule(id: number, declared: DeclaredRule): RuleModel {
  const { level, description, groups, ignore } = declared;
  const options = optionsOf(declared);
  return {
    id,
    level,
    groups: [...new Set(groups)],
    description,
    ...(options.length === 0 ? {} : { options }),
    ...(ignore === undefined ? {} : { ignore }),
  };
}

/** Words of `<options>` (docs/reference/ossec.md#rule-elements). */
function optionsOf({ mail, log, respond }: DeclaredRule): readonly string[] {
  return [
    ...(mail === undefined ? [] : [mail ? "alert_by_email" : "no_email_alert"]),
    ...(log === undefined ? [] : [log ? "log_alert" : "no_log"]),
    ...(respond === undefined ? [] : ["no_ar"]),
  ];
}
