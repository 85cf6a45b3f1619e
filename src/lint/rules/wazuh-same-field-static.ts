import { lowerCase } from "../../ossec/load/text.js";
import { staticFieldNames } from "../fields.js";
import { compositesOf } from "../helpers.js";
import type { LintRule } from "../model.js";

export const wazuhSameFieldStatic: LintRule = {
  code: "WAZUH-SAME-FIELD-STATIC",
  trap: "same-field-static-name",
  effect: "dead",
  dialects: ["wazuh"],
  title: "A same_field of a static field",
  why: "same_field and different_field look for dynamic fields. Of a static name (srcip, user …) there is none: same_field never holds, different_field always.",
  instead: "Write <same_srcip />, <same_user />, <different_srcip /> and so on.",
  reference: "docs/reference/wazuh.md#correlation-in-wazuh",
  bad: {
    rules: String.raw`<rule id="100100" level="3"><match>bad login</match><description>base</description></rule>
<rule id="100101" level="10" frequency="5" timeframe="60"><if_matched_sid>100100</if_matched_sid><same_field>«srcip»</same_field><description>many</description></rule>`,
  },
  good: {
    rules: String.raw`<rule id="100100" level="3"><match>bad login</match><description>base</description></rule>
<rule id="100101" level="10" frequency="5" timeframe="60"><if_matched_sid>100100</if_matched_sid><same_srcip /><description>many</description></rule>`,
  },
  check(context, report) {
    for (const written of compositesOf(context)) {
      for (const { name, value, content } of written.elements) {
        const kind = /^(?:not_)?same_field$|^different_field$/i.test(name) ? lowerCase(name) : null;
        if (kind === null || !staticFieldNames.has(lowerCase(value.trim()))) continue;
        report(
          content,
          kind === "same_field"
            ? `rule ${written.rule.id} can never fire: no event has a dynamic field ${value.trim()}`
            : `no event has a dynamic field ${value.trim()}, so rule ${written.rule.id} counts all`,
        );
      }
    }
  },
};
