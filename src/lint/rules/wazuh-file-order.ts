import { elementsNamed } from "../elements.js";
import type { LintRule } from "../model.js";

export const wazuhFileOrder: LintRule = {
  code: "WAZUH-FILE-ORDER",
  trap: "file-order-by-base-name",
  effect: "dead",
  dialects: ["wazuh"],
  title: "A parent in a file that is read later",
  why: "All files are read in the order of their base names, whatever folder they are in, upper case before lower. A rule whose parents come later is left out.",
  instead: "Rename the file so that it comes behind the other one.",
  reference: "docs/reference/wazuh.md#home-and-rule-set",
  bad: {
    rules: String.raw`<rule id="100100" level="5"><if_sid>«100101»</if_sid><match>root</match><description>a</description></rule>
<rule id="100101" level="5"><match>bad</match><description>a</description></rule>`,
  },
  good: {
    rules: String.raw`<rule id="100101" level="5"><match>bad</match><description>a</description></rule>
<rule id="100100" level="5"><if_sid>100101</if_sid><match>root</match><description>a</description></rule>`,
  },
  check(context, report) {
    if (!context.ordered) return;
    // Of several with one id the first is the rule: the others are left out, or overwrite it.
    const places = new Map(
      context.rules.map((written, index) => [written.rule.id, { written, index }] as const).toReversed(),
    );
    for (const [index, written] of context.rules.entries()) {
      const [element] = elementsNamed(written, "if_sid");
      if (element === undefined || written.overwrite) continue;
      for (const id of element.value.match(/\d+/g) ?? []) {
        const parent = places.get(Number(id));
        if (parent === undefined || parent.index <= index || parent.written.rule === written.rule) continue;
        const { file } = parent.written.place.source;
        const below = file === written.place.source.file;
        report(
          element.content,
          `rule ${written.rule.id} does not find its parent ${id}: that is read later (${below ? "it stands below" : file})`,
          below ? { help: `Move the rule behind rule ${id}.` } : {},
        );
      }
    }
  },
};
