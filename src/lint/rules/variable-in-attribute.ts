import { readEntries } from "../../ossec/xml/reader.js";
import type { LintRule } from "../model.js";

export const variableInAttribute: LintRule = {
  code: "OSSEC-VARIABLE-IN-ATTRIBUTE",
  trap: "variable-in-attribute",
  effect: "misread",
  dialects: ["ossec", "wazuh"],
  title: "A $ in an attribute is a variable",
  why: "In a file with variables they are put in for $NAME in attribute values as well, group names and ids included.",
  instead: "Write the value itself where no variable is meant.",
  reference: "docs/reference/ossec.md#xml (Variables)",
  bad: {
    rules: `<var name="GROUP">local</var>\n<group name="«$GROUP»">\n<rule id="100100" level="5"><match>bad</match><description>a</description></rule>\n</group>`,
  },
  good: {
    rules: `<var name="GROUP">local</var>\n<group name="local,">\n<rule id="100100" level="5"><match>$GROUP</match><description>a</description></rule>\n</group>`,
  },
  check(context, report) {
    for (const source of context.loaded.written.files) {
      if (!/<var\b/i.test(source.text)) continue;
      const { entries } = readEntries(source, context.loaded.dialect);
      let defined = false;
      for (const entry of entries) {
        if (entry.isVariable) defined = true;
        else if (defined && entry.isAttribute && /\$[^$.|, ]/.test(entry.value) && entry.value.length > 2) {
          report(
            { source, start: entry.valueStart, end: entry.valueEnd },
            `the variable in ${entry.name}="${entry.value}" is put in`,
            /^(?:id|level|frequency|timeframe|ignore|maxsize)$/i.test(entry.name) ? { severity: "info" } : {},
          );
        }
      }
    }
  },
};
