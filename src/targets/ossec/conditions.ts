import type { RuleModel, RuleParentModel } from "../../model/model.js";
import { type ElementContext, plainElement } from "./elements.js";

/** Whose events a rule looks at; none: all of the default category. */
export function parentElements(under: RuleParentModel): readonly ElementContext[] {
  switch (under.kind) {
    case "rules":
      return [plainElement("if_sid", under.ids.join(", "))];
    case "group":
      return [plainElement("if_group", under.group)];
    case "category":
      return under.category === null ? [] : [plainElement("category", under.category)];
  }
}

/** What a rule does and says beside its level and its description. */
export function furtherElements({ options = [], info = [] }: RuleModel): readonly ElementContext[] {
  return [
    ...options.map((word) => plainElement("options", word)),
    ...info.map(({ type, text }) => ({
      ...plainElement("info", text),
      // Without an attribute it is a text.
      type: type === "text" ? null : type,
    })),
  ];
}
