import { reportTruncated } from "../helpers.js";
import type { LintRule } from "../model.js";

export const numberTruncated: LintRule = {
  code: "OSSEC-NUMBER-TRUNCATED",
  effect: "misread",
  dialects: ["ossec", "wazuh"],
  title: "A number with more digits than the engine reads",
  why: "maxsize and accuracy keep four digits, ignore six.",
  instead: "Write a shorter number.",
  reference: "docs/reference/ossec.md#rule-attributes",
  bad: {
    rules: `<rule id="100100" level="5" ignore="«1000000»"><match>bad login</match><description>a</description></rule>`,
  },
  fixed: {
    rules: `<rule id="100100" level="5" ignore="100000"><match>bad login</match><description>a</description></rule>`,
  },
  good: { rules: `<rule id="100100" level="5"><match>bad login</match><description>a</description></rule>` },
  check(context, report) {
    for (const [name, width] of [
      ["maxsize", 4],
      ["accuracy", 4],
      ["ignore", 6],
    ] as const) {
      // Of these Wazuh's width is known for ignore only.
      if (context.dialect === "wazuh" && name !== "ignore") continue;
      reportTruncated(
        context,
        report,
        name,
        width,
        (written, kept) => `${name} ${written} is read as ${kept}: ${width} digits are kept`,
      );
    }
  },
};
