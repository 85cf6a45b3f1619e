import { elementsNamed } from "../elements.js";
import type { LintRule } from "../model.js";

export const groupWithoutComma: LintRule = {
  code: "OSSEC-GROUP-WITHOUT-COMMA",
  trap: "group-without-comma",
  effect: "misread",
  dialects: ["ossec", "wazuh"],
  title: "Group names that grow together",
  why: "The group of a rule is appended to that of its file as it stands: t and scan become tscan.",
  instead: "End every group text with a comma.",
  reference: "docs/reference/ossec.md#place-in-the-tree",
  bad: {
    rules: `<group name="local">\n<rule id="100100" level="5"><match>bad</match><group>«scan,»</group><description>a</description></rule>\n</group>`,
  },
  good: {
    rules: `<group name="local,">\n<rule id="100100" level="5"><match>bad</match><group>scan,</group><description>a</description></rule>\n</group>`,
  },
  check(context, report) {
    for (const written of context.rules) {
      const groups = elementsNamed(written, "group");
      if (groups.length === 0) continue;
      const own = groups.map(({ value }) => value).join("");
      const { group } = written.rule;
      let before =
        written.overwrite || !group.endsWith(own) ? "," : group.slice(0, group.length - own.length);
      for (const { value, content } of groups) {
        if (before !== "" && value !== "" && !/[,\s]$/.test(before) && !/^[,\s]/.test(value)) {
          report(
            content,
            `the group of rule ${written.rule.id} becomes "${(before + value).split(",").find((word) => word.includes(value.split(",")[0] ?? "")) ?? value}"`,
          );
        }
        before = value;
      }
    }
  },
};
