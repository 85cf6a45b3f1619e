import type { RuleModel } from "../../model/model.js";
import { codes } from "../codes.js";
import type { DetectionDeclaration } from "../decode/bundle.js";
import { fieldInText, type RuleTextDeclaration } from "../decode/rule.js";
import type { LinkContext } from "./context.js";

/** What is known of a rule but its id and its groups. */
type DeclaredRule = Omit<RuleTextDeclaration, "id" | "groups"> & Pick<RuleModel, "level" | "groups">;

/** A rule as the bundle has it, or a preset where the bundle says nothing. */
export function linkRule(id: number, declared: DeclaredRule): RuleModel {
  const { level, description, groups, ignore, overwrite, info, mitre, accept } = declared;
  const options = optionsOf(declared);
  return {
    id,
    level,
    groups: [...new Set(groups)],
    description,
    ...(options.length === 0 ? {} : { options }),
    ...(ignore === undefined ? {} : { ignore }),
    ...(overwrite === undefined ? {} : { overwrite }),
    ...(info === undefined ? {} : { info: info.map(({ kind, value }) => ({ type: kind, text: value })) }),
    ...(mitre === undefined ? {} : { mitre }),
    ...(accept === undefined ? {} : { accept }),
  };
}

/** Words of `<options>` (docs/reference/ossec.md#rule-elements). */
function optionsOf({ mail, log, respond, fullLog }: DeclaredRule): readonly string[] {
  return [
    ...(mail === undefined ? [] : [mail ? "alert_by_email" : "no_email_alert"]),
    ...(log === undefined ? [] : [log ? "log_alert" : "no_log"]),
    ...(respond === undefined ? [] : ["no_ar"]),
    ...(fullLog === undefined ? [] : ["no_full_log"]),
  ];
}

/** Reports what only Wazuh's rules can say (docs/reference/wazuh.md#rule-elements-in-wazuh), and what only a rule about rules can. */
export function checkSayable(
  { places, report, ossec }: LinkContext,
  rule: Partial<RuleTextDeclaration>,
  kind: DetectionDeclaration["kind"],
): void {
  if (rule.overwrite !== undefined && (kind !== "rule" || rule.id === undefined)) {
    const { label, span } = places.at(rule, "overwrite");
    report(
      codes.ruleEffect(
        span(),
        kind === "rule"
          ? `${label}: which rule it is to replace is not said`
          : `${label}: only a rule about rules (kind: "rule") takes the place of another`,
        kind === "rule" ? "write its id" : undefined,
      ),
    );
  }
  if (ossec.dialect === "wazuh") return;
  for (const key of ["mitre", "fullLog"] as const)
    if (rule[key] !== undefined) {
      const { label, span } = places.at(rule, key);
      report(codes.onlyWazuh(span(), `${label}: OSSEC's rules know nothing of the kind`, "leave it out"));
    }
  const field = rule.description?.match(fieldInText)?.[0];
  if (field !== undefined) {
    const { label, span } = places.at(rule, "description");
    report(
      codes.text(
        span(),
        `${label} cannot be used: OSSEC puts no field into a description, and takes ${field} for a variable where the file defines any`,
      ),
    );
  }
}
