import { elementNamed } from "../elements.js";
import type { LintRule } from "../model.js";

export const ifLevelHuge: LintRule = {
  code: "OSSEC-IF-LEVEL-HUGE",
  trap: "if-level-huge",
  effect: "misread",
  title: "if_level reaches far more rules than it seems",
  why: "The rule is attached under every loaded rule of that level and above, and under all rules of level 0, which are 99 inside the engine.",
  instead: "Hang the rule under a group: if_group.",
  reference: "docs/reference/ossec.md#place-in-the-tree (if_level)",
  bad: {
    rules: `<rule id="100100" level="3"><match>bad</match><description>a</description></rule>\n<rule id="100101" level="5"><if_level>«3»</if_level><match>x</match><description>a</description></rule>`,
  },
  good: {
    rules: `<rule id="100100" level="3"><match>bad</match><group>bad,</group><description>a</description></rule>\n<rule id="100101" level="5"><if_group>bad</if_group><match>x</match><description>a</description></rule>`,
  },
  check(context, report) {
    for (const written of context.rules) {
      const element = elementNamed(written, "if_level");
      if (element === undefined || written.overwrite || /^0*$/.test(element.value)) continue;
      const places = context.tree.places.get(written.rule)?.length ?? 0;
      report(
        element.content,
        `rule ${written.rule.id} is attached under ${places} ${places === 1 ? "rule" : "rules"}, those of level 0 among them`,
      );
    }
  },
};
