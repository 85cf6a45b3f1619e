import { elementsNamed } from "../elements.js";
import type { LintRule } from "../model.js";

export const minuteNotChecked: LintRule = {
  code: "OSSEC-MINUTE-NOT-CHECKED",
  trap: "minute-not-checked",
  effect: "misread",
  dialects: ["ossec", "wazuh"],
  title: "A minute above 59",
  why: "The loader takes it, and compares texts: 22:70 lies between 22:59 and 23:00.",
  instead: "Write a minute from 00 to 59.",
  reference: "docs/reference/ossec.md#rule-elements (time)",
  bad: {
    rules: `<rule id="100100" level="5"><match>bad</match><time>«22:70 - 23:00»</time><description>a</description></rule>`,
  },
  good: {
    rules: `<rule id="100100" level="5"><match>bad</match><time>22:10 - 23:00</time><description>a</description></rule>`,
  },
  check(context, report) {
    for (const written of context.rules) {
      for (const element of elementsNamed(written, "time")) {
        const minute = [...element.value.matchAll(/:(\d\d)/g)].find(([, digits]) => Number(digits) > 59);
        if (minute !== undefined)
          report(element.content, `rule ${written.rule.id}: there is no minute ${minute[1] ?? ""}`);
      }
    }
  },
};
