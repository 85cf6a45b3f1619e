import type { LintRule } from "../model.js";

export const fieldCrash: LintRule = {
  code: "OSSEC-FIELD-CRASH",
  effect: "refused",
  title: "A <field> on which the loader dies",
  why: "A field without the attribute name, or more fields than decoder_order_size, crash the loader.",
  instead: "Give the field a name.",
  reference: "docs/reference/ossec.md#rule-elements (field)",
  bad: { rules: `<rule id="100100" level="5">«<field>»x</field><description>a</description></rule>` },
  good: { rules: `<rule id="100100" level="5"><match>bad</match><description>a</description></rule>` },
};
