import { lowerCase } from "../../ossec/load/text.js";
import type { ElementRange } from "../../ossec/source-map.js";
import { ownerOf } from "../elements.js";
import type { LintRule, Report } from "../model.js";

export const contentNotTrimmed: LintRule = {
  code: "OSSEC-CONTENT-NOT-TRIMMED",
  trap: "content-not-trimmed",
  effect: "misread",
  dialects: ["ossec", "wazuh"],
  title: "Blanks or line ends around a value",
  why: "Values are not trimmed: what stands around the text belongs to it.",
  instead: "Write the value directly between the tags.",
  reference: "docs/reference/ossec.md#xml (Values are not trimmed)",
  bad: {
    rules: `<rule id="100100" level="5"><match>«\n  bad login\n»</match><description>a</description></rule>`,
  },
  good: { rules: `<rule id="100100" level="5"><match>bad login</match><description>a</description></rule>` },
  check(context, report) {
    for (const pattern of context.patterns) reportMergedHome(report, pattern.element, ownerOf(pattern));
    for (const written of context.rules) {
      for (const element of written.elements) {
        if (["action", "decoded_as"].includes(lowerCase(element.name)))
          reportMergedHome(report, element, `rule ${written.rule.id}`);
      }
    }
  },
};

function reportMergedHome(report: Report, { value, content, name }: ElementRange, owner: string): void {
  // Most values begin and end with something that is no blank.
  if (value.charCodeAt(0) > 32 && value.charCodeAt(value.length - 1) > 32) return;
  const before = /^\s/.test(value);
  const after = /\s$/.test(value);
  if ((!before && !after) || value.trim() === "") return;
  // One blank at one end may be a boundary of words that is meant.
  const meant = /^ ?\S[\s\S]*\S ?$|^ ?\S ?$/.test(value) && before !== after;
  if (meant && /regex|pcre2|prematch/i.test(name)) return;
  report(
    content,
    `the blanks around <${name}> of ${owner} belong to the value`,
    meant ? { severity: "info" } : {},
  );
}
