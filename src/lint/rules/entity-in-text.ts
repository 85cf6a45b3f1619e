import { lowerCase } from "../../ossec/load/text.js";
import { rewrite } from "../edits.js";
import type { LintRule } from "../model.js";

export const entityInText: LintRule = {
  code: "OSSEC-ENTITY-IN-TEXT",
  effect: "misread",
  severity: "info",
  dialects: ["ossec", "wazuh"],
  title: "An XML entity in a text",
  why: "The reader knows no entities, so alerts show them as they stand.",
  instead: "Write the character itself.",
  reference: "docs/reference/ossec.md#xml (Entities do not exist)",
  bad: {
    rules: `<rule id="100100" level="5"><match>bad</match><description>«a &amp; b»</description></rule>`,
  },
  fixed: { rules: `<rule id="100100" level="5"><match>bad</match><description>a & b</description></rule>` },
  good: { rules: `<rule id="100100" level="5"><match>bad</match><description>a & b</description></rule>` },
  check(context, report) {
    for (const written of context.rules) {
      for (const element of written.elements) {
        const name = lowerCase(element.name);
        if (name !== "description" && name !== "info" && name !== "group") continue;
        const found = /&(?:lt|gt|amp|quot|apos|#\d+);/i.exec(element.value);
        if (found !== null)
          report(
            element.content,
            `<${name}> of rule ${written.rule.id} shows "${found[0]}" as it stands`,
            // A < cannot be written without a backslash, and a group is matched.
            name === "group" || /&(?:lt|#\d+);/i.test(element.value)
              ? {}
              : rewrite("Write the characters.", element.content, element.value, decoded(element.value)),
          );
      }
    }
  },
};

const characters: Readonly<Record<string, string>> = { gt: ">", quot: '"', apos: "'", amp: "&" };

function decoded(text: string): string {
  return text.replace(
    /&(gt|quot|apos|amp);/gi,
    (entity, name: string) => characters[name.toLowerCase()] ?? entity,
  );
}
