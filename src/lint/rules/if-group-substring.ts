import { lowerCase } from "../../ossec/load/text.js";
import type { LintRule } from "../model.js";

export const ifGroupSubstring: LintRule = {
  code: "OSSEC-IF-GROUP-SUBSTRING",
  trap: "if-group-substring",
  effect: "misread",
  dialects: ["ossec", "wazuh"],
  title: "if_group finds part of a name",
  why: "if_group and if_matched_group look for the text anywhere in the group text: scan is also found in portscan.",
  instead: "Take a name that is part of no other.",
  reference: "spec/ossec.md 3.4, 6.4",
  bad: {
    rules: `<rule id="100100" level="3"><match>bad</match><group>portscan,</group><description>a</description></rule>\n<rule id="100101" level="5"><if_group>«scan»</if_group><match>x</match><description>a</description></rule>`,
  },
  good: {
    rules: `<rule id="100100" level="3"><match>bad</match><group>portscan,</group><description>a</description></rule>\n<rule id="100101" level="5"><if_group>portscan</if_group><match>x</match><description>a</description></rule>`,
  },
  check(context, report) {
    const groups = new Set(context.loaded.rules.map(({ group }) => group));
    const memory = new Map<string, readonly string[]>();
    const partsOf = (text: string): readonly string[] => {
      const known = memory.get(text);
      if (known !== undefined) return known;
      const wanted = lowerCase(text)
        .split("|")
        .map((word) => word.replace(/^\^|[,$]+$/g, ""))
        .filter((word) => word !== "");
      const parts = new Set<string>();
      for (const group of groups) {
        const names = lowerCase(group).split(/[,\s]+/);
        for (const word of wanted) {
          if (names.includes(word)) continue;
          for (const name of names) if (name !== word && name.includes(word)) parts.add(name);
        }
      }
      const made = [...parts].sort();
      memory.set(text, made);
      return made;
    };
    for (const written of context.rules) {
      for (const element of written.elements) {
        const name = lowerCase(element.name);
        if (name !== "if_group" && name !== "if_matched_group") continue;
        const parts = partsOf(element.value);
        if (parts.length > 0)
          report(
            element.content,
            `<${name}> of rule ${written.rule.id} also finds ${parts.slice(0, 4).join(", ")}${parts.length > 4 ? " …" : ""}`,
          );
      }
    }
  },
};
