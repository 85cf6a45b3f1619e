import { removeElements } from "../edits.js";
import { elementsNamed } from "../elements.js";
import type { LintRule } from "../model.js";

export const repeatedElementLastWins: LintRule = {
  code: "OSSEC-REPEATED-ELEMENT-LAST-WINS",
  effect: "misread",
  title: "Of repeated elements the last one wins",
  why: "time, weekday and if_matched_sid are not joined: an earlier one is forgotten.",
  instead: "Keep one, or write a rule for each.",
  reference: "docs/reference/ossec.md#rule-elements (Repeated elements)",
  bad: {
    rules: `<rule id="100100" level="5"><match>bad</match><time>1 am - 2 am</time><time>«5 am - 6 am»</time><description>a</description></rule>`,
  },
  fixed: {
    rules: `<rule id="100100" level="5"><match>bad</match><time>5 am - 6 am</time><description>a</description></rule>`,
  },
  good: {
    rules: `<rule id="100100" level="5"><match>bad</match><time>1 am - 6 am</time><description>a</description></rule>`,
  },
  check(context, report) {
    for (const written of context.rules) {
      for (const name of ["time", "weekday", "if_matched_sid"]) {
        const all = elementsNamed(written, name);
        const last = all.at(-1);
        if (all.length > 1 && last !== undefined)
          report(
            last.content,
            `only the last <${name}> of rule ${written.rule.id} counts`,
            removeElements("Keep the last one.", ...all.slice(0, -1)),
          );
      }
    }
  },
};
