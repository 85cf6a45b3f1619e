import { lowerCase } from "../../ossec/load/text.js";
import { removeElements } from "../edits.js";
import { elementNamed } from "../elements.js";
import type { LintRule } from "../model.js";

export const plainHidesPcre2: LintRule = {
  code: "OSSEC-PLAIN-HIDES-PCRE2",
  effect: "misread",
  title: "A plain form hides the PCRE2 form",
  why: "When user, url, status, hostname, extra_data, program_name, id, a port, a geoip or a decoder's prematch is given in both forms, the PCRE2 one is ignored.",
  instead: "Keep one of the two.",
  reference: "docs/reference/ossec.md#pcre2",
  bad: {
    rules: `<rule id="100100" level="5"><hostname>www</hostname><hostname_pcre2>«^db[0-9]»</hostname_pcre2><description>a</description></rule>`,
  },
  fixed: { rules: `<rule id="100100" level="5"><hostname>www</hostname><description>a</description></rule>` },
  good: {
    rules: `<rule id="100100" level="5"><hostname_pcre2>^(www|db[0-9])</hostname_pcre2><description>a</description></rule>`,
  },
  check(context, report) {
    for (const owner of [
      ...context.rules,
      ...context.loaded.decoders.all.map((one) => context.written.decoder(one)),
    ]) {
      for (const element of owner.elements) {
        const { name, content } = element;
        if (!name.endsWith("_pcre2") || name === "match_pcre2") continue;
        const plain = lowerCase(name).slice(0, -"_pcre2".length);
        if (elementNamed(owner, plain) !== undefined)
          report(
            content,
            `<${name}> is ignored beside <${plain}>`,
            removeElements("Take the ignored element away.", element),
          );
      }
    }
  },
};
