import { elementsNamed } from "../elements.js";
import type { LintRule } from "../model.js";

export const wazuhListLost: LintRule = {
  code: "WAZUH-LIST-LOST",
  trap: "three-lists-first-lost",
  effect: "dangerous",
  dialects: ["wazuh"],
  title: "More than two lists in a rule",
  why: "Of three lists or more only the last two count: the others are not looked up.",
  instead: "Let a child rule ask for the other lists.",
  reference: "docs/reference/wazuh.md#lists-in-wazuh",
  bad: {
    rules: String.raw`<rule id="100100" level="5"><list field="srcip">«etc/lists/a»</list><list field="user">etc/lists/b</list><list field="url">etc/lists/c</list><description>a</description></rule>`,
  },
  good: {
    rules: String.raw`<rule id="100100" level="5"><list field="user">etc/lists/b</list><list field="url">etc/lists/c</list><description>a</description></rule>`,
  },
  check(context, report) {
    for (const written of context.rules) {
      const lists = elementsNamed(written, "list");
      for (const { content, value } of lists.slice(0, -2))
        report(
          content,
          `the list ${value} of rule ${written.rule.id} is not looked up: only the last two of ${lists.length} count`,
        );
    }
  },
};
