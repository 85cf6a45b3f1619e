import { removeElements } from "../edits.js";
import { elementNamed, elementsNamed } from "../elements.js";
import type { LintRule } from "../model.js";

export const matchHidesMatchPcre2: LintRule = {
  code: "OSSEC-MATCH-HIDES-MATCH-PCRE2",
  trap: "match-hides-match-pcre2",
  effect: "misread",
  title: "<match> hides <match_pcre2>",
  why: "When a rule has both forms the PCRE2 one is ignored.",
  instead: "Keep one of the two.",
  reference: "docs/reference/ossec.md#pcre2",
  bad: {
    rules: `<rule id="100100" level="5"><match>bad</match><match_pcre2>«log[io]n»</match_pcre2><description>a</description></rule>`,
  },
  fixed: { rules: `<rule id="100100" level="5"><match>bad</match><description>a</description></rule>` },
  good: {
    rules: `<rule id="100100" level="5"><match_pcre2>bad log[io]n</match_pcre2><description>a</description></rule>`,
  },
  check(context, report) {
    for (const written of context.rules) {
      const hidden = elementNamed(written, "match_pcre2");
      if (hidden !== undefined && elementNamed(written, "match") !== undefined)
        report(
          hidden.content,
          `<match_pcre2> of rule ${written.rule.id} is ignored beside <match>`,
          removeElements("Take the ignored element away.", ...elementsNamed(written, "match_pcre2")),
        );
    }
  },
};
