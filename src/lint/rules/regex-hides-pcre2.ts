import { removeElements } from "../edits.js";
import { elementNamed, elementsNamed } from "../elements.js";
import type { LintRule } from "../model.js";

export const regexHidesPcre2: LintRule = {
  code: "OSSEC-REGEX-HIDES-PCRE2",
  trap: "regex-hides-pcre2",
  effect: "misread",
  title: "<regex> hides <pcre2>",
  why: "When a rule has both forms the PCRE2 one is ignored.",
  instead: "Keep one of the two.",
  reference: "docs/reference/ossec.md#pcre2",
  bad: {
    rules: `<rule id="100100" level="5"><regex>bad</regex><pcre2>«log[io]n»</pcre2><description>a</description></rule>`,
  },
  fixed: { rules: `<rule id="100100" level="5"><regex>bad</regex><description>a</description></rule>` },
  good: {
    rules: `<rule id="100100" level="5"><pcre2>bad log[io]n</pcre2><description>a</description></rule>`,
  },
  check(context, report) {
    for (const written of context.rules) {
      const hidden = elementNamed(written, "pcre2");
      if (hidden !== undefined && elementNamed(written, "regex") !== undefined)
        report(
          hidden.content,
          `<pcre2> of rule ${written.rule.id} is ignored beside <regex>`,
          removeElements("Take the ignored element away.", ...elementsNamed(written, "pcre2")),
        );
    }
    for (const decoder of context.loaded.decoders.all) {
      const hidden = elementNamed(context.written.decoder(decoder), "pcre2");
      if (hidden !== undefined && elementNamed(context.written.decoder(decoder), "regex") !== undefined)
        report(
          hidden.content,
          `<pcre2> of decoder "${decoder.name}" is ignored beside <regex>`,
          removeElements(
            "Take the ignored element away.",
            ...elementsNamed(context.written.decoder(decoder), "pcre2"),
          ),
        );
    }
  },
};
