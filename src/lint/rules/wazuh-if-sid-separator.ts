import { elementsNamed } from "../elements.js";
import type { LintRule } from "../model.js";

export const wazuhIfSidSeparator: LintRule = {
  code: "WAZUH-IF-SID-SEPARATOR",
  trap: "if-sid-trailing-separator",
  effect: "dangerous",
  dialects: ["wazuh"],
  title: "An if_sid that ends with a separator",
  why: "A comma or a blank at the end of if_sid hangs the rule under the root of its category as well: it is tried on every event, not only on those of its parents.",
  instead: "Take the separator away.",
  reference: "docs/reference/wazuh.md#tree-in-wazuh",
  bad: {
    rules: String.raw`<rule id="100100" level="3"><match>bad login</match><description>base</description></rule>
<rule id="100101" level="5"><if_sid>«100100,»</if_sid><match>root</match><description>a</description></rule>`,
  },
  good: {
    rules: String.raw`<rule id="100100" level="3"><match>bad login</match><description>base</description></rule>
<rule id="100101" level="5"><if_sid>100100</if_sid><match>root</match><description>a</description></rule>`,
  },
  check(context, report) {
    for (const written of context.rules) {
      const parts = elementsNamed(written, "if_sid");
      const last = parts.at(-1);
      if (
        written.overwrite ||
        last === undefined ||
        !/\d[\d, ]*[, ]$/.test(parts.map(({ value }) => value).join(""))
      )
        continue;
      report(
        last.content,
        `rule ${written.rule.id} is tried on every event: its if_sid ends with a separator`,
      );
    }
  },
};
