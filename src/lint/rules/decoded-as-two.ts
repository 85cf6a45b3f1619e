import { removeElements } from "../edits.js";
import { elementsNamed } from "../elements.js";
import type { LintRule } from "../model.js";

export const decodedAsTwo: LintRule = {
  code: "OSSEC-DECODED-AS-TWO",
  trap: "decoded-as-two",
  effect: "misread",
  dialects: ["ossec", "wazuh"],
  title: "Of two decoded_as the last one wins",
  why: "A rule tests one decoder name.",
  instead: "Write a rule for each decoder.",
  reference: "docs/reference/ossec.md#rule-elements (Repeated elements)",
  bad: {
    decoders: `<decoder name="one"><prematch>^one</prematch></decoder>\n<decoder name="two"><prematch>^two</prematch></decoder>`,
    rules: `<rule id="100100" level="5"><decoded_as>one</decoded_as><decoded_as>«two»</decoded_as><description>a</description></rule>`,
  },
  fixed: {
    rules: `<rule id="100100" level="5"><decoded_as>two</decoded_as><description>a</description></rule>`,
  },
  good: {
    decoders: `<decoder name="one"><prematch>^one</prematch></decoder>`,
    rules: `<rule id="100100" level="5"><decoded_as>one</decoded_as><description>a</description></rule>`,
  },
  check(context, report) {
    for (const written of context.rules) {
      const all = elementsNamed(written, "decoded_as");
      const last = all.at(-1);
      if (all.length > 1 && last !== undefined)
        report(
          last.content,
          `only decoder "${last.value}" is tested by rule ${written.rule.id}`,
          removeElements("Keep the last one.", ...all.slice(0, -1)),
        );
    }
  },
};
