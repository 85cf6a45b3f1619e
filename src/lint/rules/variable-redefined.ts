import { lowerCase } from "../../ossec/load/text.js";
import { readEntries } from "../../ossec/xml/reader.js";
import { fixOf, removal } from "../edits.js";
import type { LintRule } from "../model.js";

export const variableRedefined: LintRule = {
  code: "OSSEC-VARIABLE-REDEFINED",
  trap: "variable-redefined",
  effect: "misread",
  dialects: ["ossec", "wazuh"],
  title: "A variable that is defined twice",
  why: "The first definition of a name wins; letter case does not count.",
  instead: "Take one of the two away, or give it another name.",
  reference: "docs/reference/ossec.md#xml (Variables)",
  bad: {
    rules: `<var name="NET">192.0.2.</var>\n<var name="«NET»">198.51.100.</var>\n<group name="local,">\n<rule id="100100" level="5"><match>$NET</match><description>a</description></rule>\n</group>`,
  },
  fixed: {
    rules: `<var name="NET">192.0.2.</var>\n<group name="local,">\n<rule id="100100" level="5"><match>$NET</match><description>a</description></rule>\n</group>`,
  },
  good: {
    rules: `<var name="NET">192.0.2.</var>\n<group name="local,">\n<rule id="100100" level="5"><match>$NET</match><description>a</description></rule>\n</group>`,
  },
  check(context, report) {
    for (const source of context.loaded.written.files) {
      if (!/<var\b/i.test(source.text)) continue;
      const seen = new Map<string, string>();
      const { entries } = readEntries(source, context.loaded.dialect);
      for (const [index, entry] of entries.entries()) {
        const name = entries[index + 1];
        if (!entry.isVariable || entry.isAttribute || name?.isAttribute !== true) continue;
        const key = lowerCase(name.value);
        const earlier = seen.get(key);
        if (earlier === undefined) seen.set(key, entry.value);
        else
          report(
            { source, start: name.valueStart, end: name.valueEnd },
            `the variable ${name.value} is defined above: it stays "${earlier}"`,
            fixOf("Take the later definition away.", removal({ source, start: entry.start, end: entry.end })),
          );
      }
    }
  },
};
