import { elementsNamed } from "../elements.js";
import type { LintRule } from "../model.js";

export const wazuhIfLevelRoots: LintRule = {
  code: "WAZUH-IF-LEVEL-ROOTS",
  trap: "if-level-hits-roots",
  effect: "dangerous",
  dialects: ["wazuh"],
  title: "An if_level, which holds for every event",
  why: "Level 0 counts as 99 where parents are looked for, so a rule with if_level hangs under the roots of its category, too, and is tried on every event.",
  instead: "Name the parents with if_sid or if_group.",
  reference: "docs/reference/wazuh.md#tree-in-wazuh",
  bad: {
    rules: String.raw`<rule id="100100" level="7"><match>bad</match><description>a</description></rule>
<rule id="100101" level="9"><if_level>«7»</if_level><match>root</match><description>a</description></rule>`,
  },
  good: {
    rules: String.raw`<rule id="100100" level="7"><match>bad</match><description>a</description></rule>
<rule id="100101" level="9"><if_sid>100100</if_sid><match>root</match><description>a</description></rule>`,
  },
  check(context, report) {
    for (const written of context.rules) {
      const [first] = elementsNamed(written, "if_level");
      if (
        first === undefined ||
        !/^\d+$/.test(first.value) ||
        written.overwrite ||
        written.rule.parents.ifSid !== null
      )
        continue;
      report(
        first.content,
        `rule ${written.rule.id} is tried on every event, of whatever level the rules above are`,
      );
    }
  },
};
