import { attributeNamed, valuePlace } from "../elements.js";
import type { LintRule } from "../model.js";

export const noalertFallsThrough: LintRule = {
  code: "OSSEC-NOALERT-FALLS-THROUGH",
  trap: "noalert-falls-through",
  effect: "dead",
  dialects: ["ossec", "wazuh"],
  title: "A noalert rule without children",
  why: "A noalert rule is not reported, and the next sibling is tried as if it had not matched. Without children of its own it does nothing at all.",
  instead: "To silence events write a rule of level 0.",
  reference: "docs/reference/ossec.md#matching-rules (noalert: not reported, the next sibling is tried)",
  bad: {
    rules: `<rule id="100100" level="5" noalert="«1»"><match>bad login</match><description>a</description></rule>`,
  },
  good: { rules: `<rule id="100100" level="0"><match>bad login</match><description>a</description></rule>` },
  check(context, report) {
    if (!context.complete) return;
    for (const written of context.rules) {
      const { rule } = written;
      const noalert = attributeNamed(written, "noalert");
      if (noalert === undefined || rule.id < 10 || !rule.noalert) continue;
      const places = context.tree.places.get(rule) ?? [];
      if (places.length === 0 || places.some(({ node }) => node.children.length > 0)) continue;
      report(
        valuePlace(noalert),
        `rule ${rule.id} does nothing: it is noalert and has no children, so the next sibling takes its events`,
      );
    }
  },
};
