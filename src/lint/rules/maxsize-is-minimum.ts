import { valuePlace } from "../elements.js";
import { positive } from "../helpers.js";
import type { LintRule } from "../model.js";

export const maxsizeIsMinimum: LintRule = {
  code: "OSSEC-MAXSIZE-IS-MINIMUM",
  trap: "maxsize-is-minimum",
  effect: "misread",
  dialects: ["ossec", "wazuh"],
  title: "maxsize is a minimum",
  why: "The rule matches lines of at least that many bytes.",
  instead: "There is no test for short lines; take the attribute away if it is not meant as a minimum.",
  reference: "docs/reference/ossec.md#rule-attributes",
  bad: {
    rules: `<rule id="100100" level="5" maxsize="«20»"><match>bad login</match><description>a</description></rule>`,
  },
  good: { rules: `<rule id="100100" level="5"><match>bad login</match><description>a</description></rule>` },
  check(context, report) {
    for (const written of context.rules) {
      const maxsize = positive(written, "maxsize", 4);
      if (maxsize === null) continue;
      report(
        valuePlace(maxsize),
        `rule ${written.rule.id} matches only messages of ${Number(maxsize.value.slice(0, 4))} bytes and more`,
      );
    }
  },
};
