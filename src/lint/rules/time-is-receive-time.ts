import { attributeNamed, elementNamed, valuePlace } from "../elements.js";
import { searchPlace } from "../helpers.js";
import type { LintRule } from "../model.js";

export const timeIsReceiveTime: LintRule = {
  code: "OSSEC-TIME-IS-RECEIVE-TIME",
  trap: "time-is-receive-time",
  effect: "misread",
  dialects: ["ossec", "wazuh"],
  severity: "info",
  note: true,
  title: "Times are times of receipt",
  why: "The date inside a line is never read: time, weekday and timeframe go by the clock of the engine when it gets the line.",
  instead: "Do not feed old logs to such a rule.",
  reference: "docs/reference/ossec.md#life-of-an-event (Event time)",
  bad: {
    rules: `<rule id="100100" level="5"><match>bad</match><time>«6 pm - 8 am»</time><description>a</description></rule>`,
  },
  good: { rules: `<rule id="100100" level="5"><match>bad</match><description>a</description></rule>` },
  check(context, report) {
    for (const written of context.rules) {
      const { rule } = written;
      const element = elementNamed(written, "time", "weekday");
      const attribute = rule.search === null ? undefined : attributeNamed(written, "timeframe");
      if (element !== undefined)
        report(element.content, `rule ${rule.id} goes by the time of receipt, not by the date in the line`);
      else if (attribute !== undefined)
        report(
          valuePlace(attribute),
          `rule ${rule.id} counts by the time of receipt, not by the dates in the lines`,
        );
      else if (rule.search !== null)
        report(
          searchPlace(written),
          `rule ${rule.id} counts by the time of receipt, not by the dates in the lines`,
        );
    }
  },
};
