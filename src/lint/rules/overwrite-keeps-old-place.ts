import { attributeNamed, valuePlace } from "../elements.js";
import type { LintRule } from "../model.js";

export const overwriteKeepsOldPlace: LintRule = {
  code: "OSSEC-OVERWRITE-KEEPS-OLD-PLACE",
  trap: "overwrite-keeps-old-place",
  effect: "misread",
  dialects: ["ossec", "wazuh"],
  title: "An overwritten rule keeps its place among its siblings",
  why: "Siblings are sorted by level when they are loaded. An overwrite changes the level and not the place: the rule is tried when its old level was.",
  instead:
    "Silence the old rule with an overwrite of level 0 and write a new one, or mind what stands before it.",
  reference: "docs/reference/ossec.md#place-in-the-tree (overwrite)",
  bad: {
    rules: `<rule id="100100" level="3"><match>bad</match><description>a</description></rule>\n<rule id="100100" level="«12»" overwrite="yes"><match>bad</match><description>a</description></rule>`,
  },
  good: {
    rules: `<rule id="100100" level="3"><match>bad</match><description>a</description></rule>\n<rule id="100100" level="3" overwrite="yes"><match>worse</match><description>a</description></rule>`,
  },
  check(context, report) {
    for (const written of context.rules) {
      if (!written.overwrite) continue;
      const level = attributeNamed(written, "level");
      const old = attributeNamed(context.written.rule(written.rule), "level");
      if (
        level === undefined ||
        old === undefined ||
        level === old ||
        Number(level.value) === Number(old.value)
      )
        continue;
      report(
        valuePlace(level),
        `rule ${written.rule.id} is tried where its level ${old.value} put it, not where level ${level.value} would`,
        // There is no other way to give a rule of a file that one may not edit another level.
        { note: context.written.rule(written.rule).place.source.file !== written.place.source.file },
      );
    }
  },
};
