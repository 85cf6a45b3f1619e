import { lowerCase } from "../../ossec/load/text.js";
import { removeElements } from "../edits.js";
import { elementNamed } from "../elements.js";
import type { Dialect, LintRule } from "../model.js";

export const overwriteIfSidIgnored: LintRule = {
  code: "OSSEC-OVERWRITE-IF-SID-IGNORED",
  trap: "overwrite-if-sid-ignored",
  effect: "misread",
  dialects: ["ossec", "wazuh"],
  title: "An overwrite that names another parent",
  why: "if_sid, if_group, if_level and category of an overwriting rule are ignored: the rule stays where it is attached.",
  instead: "Silence the old rule with an overwrite of level 0, and write a new one with a new id.",
  reference: "docs/reference/ossec.md#place-in-the-tree (overwrite), docs/reference/wazuh.md#in-short",
  bad: {
    rules: `<rule id="100100" level="3"><match>bad</match><description>a</description></rule>\n<rule id="100101" level="3"><match>worse</match><description>a</description></rule>\n<rule id="100101" level="5" overwrite="yes"><if_sid>«100100»</if_sid><match>worse</match><description>a</description></rule>`,
  },
  fixed: {
    rules: `<rule id="100100" level="3"><match>bad</match><description>a</description></rule>\n<rule id="100101" level="3"><match>worse</match><description>a</description></rule>\n<rule id="100101" level="5" overwrite="yes"><match>worse</match><description>a</description></rule>`,
  },
  good: {
    rules: `<rule id="100100" level="3"><match>bad</match><description>a</description></rule>\n<rule id="100100" level="5" overwrite="yes"><match>bad</match><description>a</description></rule>`,
  },
  check(context, report) {
    for (const written of context.rules) {
      if (!written.overwrite) continue;
      for (const element of written.elements) {
        const name = lowerCase(element.name);
        if (!ignored[context.dialect].includes(name)) continue;
        const was = elementNamed(context.written.rule(written.rule), name)?.value;
        report(
          element.content,
          `<${name}> of an overwrite is ignored: rule ${written.rule.id} stays where it is attached`,
          {
            ...removeElements("Take the ignored element away.", element),
            ...(was === element.value ? { severity: "info" as const, note: true } : {}),
          },
        );
      }
    }
  },
};

/** docs/reference/ossec.md#place-in-the-tree and docs/reference/wazuh.md#in-short. */
const ignored: Readonly<Record<Dialect, readonly string[]>> = {
  ossec: ["if_sid", "if_group", "if_level", "category"],
  wazuh: ["if_sid", "if_group", "if_level", "if_matched_group", "if_matched_sid"],
};
