import { attributeNamed, valuePlace } from "../elements.js";
import type { LintRule } from "../model.js";

export const childLowerLevelWins: LintRule = {
  code: "OSSEC-CHILD-LOWER-LEVEL-WINS",
  trap: "child-lower-level-wins",
  effect: "misread",
  dialects: ["ossec", "wazuh"],
  title: "A child of a lower level than its parent",
  why: "The deepest matching rule is reported: when the child matches, its lower level counts.",
  instead: "Give the child at least the parent's level, unless it is meant to play the event down.",
  reference: "docs/reference/ossec.md#matching-rules (the deepest match is reported)",
  bad: {
    rules: `<rule id="100100" level="10"><match>bad</match><description>a</description></rule>\n<rule id="100101" level="«3»"><if_sid>100100</if_sid><match>x</match><description>a</description></rule>`,
  },
  good: {
    rules: `<rule id="100100" level="3"><match>bad</match><description>a</description></rule>\n<rule id="100101" level="10"><if_sid>100100</if_sid><match>x</match><description>a</description></rule>`,
  },
  check(context, report) {
    for (const written of context.rules) {
      const { rule } = written;
      if (written.overwrite || rule.level === 0 || rule.noalert) continue;
      const parents = (context.tree.places.get(rule) ?? []).flatMap(({ parent }) =>
        parent === null ||
        parent.node.rule.noalert ||
        parent.node.rule.level <= rule.level ||
        rule.parents.ifSid === null
          ? []
          : [parent.node.rule],
      );
      const [parent] = parents;
      const level = attributeNamed(written, "level");
      if (parent === undefined || level === undefined) continue;
      report(
        valuePlace(level),
        `rule ${rule.id} (level ${rule.level}) is reported instead of its parent ${parent.id} (level ${parent.level})`,
        // A child of a stock rule is how its level is changed.
        {
          note:
            context.stock.isStock(context.written.rule(parent).place) &&
            !context.stock.isStock(written.place),
        },
      );
    }
  },
};
