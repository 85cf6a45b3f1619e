import { elementsNamed } from "../elements.js";
import type { LintRule } from "../model.js";

export const timeTwelveAm: LintRule = {
  code: "OSSEC-TIME-TWELVE-AM",
  effect: "misread",
  dialects: ["ossec", "wazuh"],
  title: "12 am is read as noon",
  why: "The hour before am stays what it is, so 12 am is 12:00: `12 am - 6 am` holds from noon to six in the morning.",
  instead: "Write midnight as 00:00, on a clock of 24 hours.",
  reference: "docs/reference/ossec.md#corner-cases-of-analysis (time)",
  bad: {
    rules: `<rule id="100100" level="5"><match>bad</match><time>«12 am - 6 am»</time><description>a</description></rule>`,
  },
  good: {
    rules: `<rule id="100100" level="5"><match>bad</match><time>00:00 - 06:00</time><description>a</description></rule>`,
  },
  check(context, report) {
    for (const written of context.rules) {
      for (const element of elementsNamed(written, "time")) {
        if (!/(?:^|[^\d:])12(?::\d+)?\s*am?/i.test(element.value)) continue;
        const meant = element.value.replace(
          /(^|[^\d:])(\d{1,2})(:\d{1,2})?\s*([ap])m/gi,
          (_all, before: string, hour: string, minute: string | undefined, half: string) => {
            const hours = (Number(hour) % 12) + (half.toLowerCase() === "p" ? 12 : 0);
            return `${before}${String(hours).padStart(2, "0")}${minute ?? ":00"}`;
          },
        );
        report(element.content, `rule ${written.rule.id}: 12 am is read as 12:00, noon`, {
          help: `Write <time>${meant}</time>.`,
        });
      }
    }
  },
};
