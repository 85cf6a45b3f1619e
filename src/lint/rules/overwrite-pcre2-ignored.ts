import { lowerCase } from "../../ossec/load/text.js";
import { removeElements } from "../edits.js";
import { elementNamed } from "../elements.js";
import type { LintRule } from "../model.js";

export const overwritePcre2Ignored: LintRule = {
  code: "OSSEC-OVERWRITE-PCRE2-IGNORED",
  trap: "overwrite-pcre2-ignored",
  effect: "misread",
  title: "An overwrite with conditions that are not replaced",
  why: "Conditions in PCRE2 form, <field> and <list> of an overwriting rule are ignored; those of the old rule stay.",
  instead: "Silence the old rule with an overwrite of level 0, and write a new one with a new id.",
  reference: "docs/reference/ossec.md#place-in-the-tree (overwrite)",
  bad: {
    rules: `<rule id="100100" level="3"><match>bad</match><description>a</description></rule>\n<rule id="100100" level="5" overwrite="yes"><match_pcre2>«worse»</match_pcre2><description>a</description></rule>`,
  },
  fixed: {
    rules: `<rule id="100100" level="3"><match>bad</match><description>a</description></rule>\n<rule id="100100" level="5" overwrite="yes"><description>a</description></rule>`,
  },
  good: {
    rules: `<rule id="100100" level="3"><match>bad</match><description>a</description></rule>\n<rule id="100100" level="5" overwrite="yes"><match>worse</match><description>a</description></rule>`,
  },
  check(context, report) {
    for (const written of context.rules) {
      if (!written.overwrite) continue;
      const names = new Set(written.elements.map(({ name }) => lowerCase(name)));
      for (const element of context.written.rule(written.rule).elements) {
        const name = lowerCase(element.name);
        if (!/(?:^|_)pcre2$|^field$|^list$/.test(name) || names.has(name)) continue;
        // A plain form hides the PCRE2 form that stays.
        if (names.has(name === "pcre2" ? "regex" : name.replace(/_pcre2$/, ""))) continue;
        report(
          written.place,
          `<${name}> of rule ${written.rule.id} stays a condition of the overwritten rule`,
        );
      }
      for (const element of written.elements) {
        if (/(?:^|_)pcre2$|^field$|^list$/i.test(element.name))
          report(
            element.content,
            `<${lowerCase(element.name)}> of an overwrite is ignored: that of rule ${written.rule.id} stays what it was`,
            {
              ...removeElements("Take the ignored element away.", element),
              // A copy of the whole rule, of which something else was changed.
              note:
                elementNamed(context.written.rule(written.rule), lowerCase(element.name))?.value ===
                element.value,
            },
          );
      }
    }
  },
};
