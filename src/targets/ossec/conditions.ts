import type { RuleModel, RuleParentModel } from "../../model/model.js";
import { type ElementContext, plainElement } from "./elements.js";

/** Whose events a rule looks at. */
export function parentElement(under: RuleParentModel): ElementContext {
  return under.kind === "rules"
    ? plainElement("if_sid", under.ids.join(", "))
    : plainElement("if_group", under.group);
}

/** What a rule does beside its level: one option an element. */
export function optionElements({ options = [] }: RuleModel): readonly ElementContext[] {
  return options.map((word) => plainElement("options", word));
}
