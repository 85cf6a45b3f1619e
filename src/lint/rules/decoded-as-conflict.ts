import { elementsNamed } from "../elements.js";
import type { LintRule } from "../model.js";

export const decodedAsConflict: LintRule = {
  code: "OSSEC-DECODED-AS-CONFLICT",
  effect: "dead",
  dialects: ["ossec", "wazuh"],
  title: "Two decoders on one way through the tree",
  why: "A rule and one of its ancestors ask for different decoders. An event has one.",
  instead: "Hang the rule under a parent of its own decoder.",
  reference: "docs/reference/ossec.md#matching-rules (all given conditions must hold)",
  bad: {
    decoders: `<decoder name="one"><prematch>^one</prematch></decoder>\n<decoder name="two"><prematch>^two</prematch></decoder>`,
    rules: `<rule id="100100" level="3"><decoded_as>one</decoded_as><description>a</description></rule>\n<rule id="100101" level="5"><if_sid>100100</if_sid><decoded_as>«two»</decoded_as><description>a</description></rule>`,
  },
  good: {
    decoders: `<decoder name="one"><prematch>^one</prematch></decoder>`,
    rules: `<rule id="100100" level="3"><decoded_as>one</decoded_as><description>a</description></rule>\n<rule id="100101" level="5"><if_sid>100100</if_sid><decoded_as>one</decoded_as><description>a</description></rule>`,
  },
  check(context, report) {
    for (const written of context.rules) {
      const places = context.tree.places.get(written.rule) ?? [];
      const element = elementsNamed(written, "decoded_as").at(-1);
      if (element === undefined || places.length === 0 || !places.every(({ conflict }) => conflict)) continue;
      if (places.some(({ parent }) => parent?.conflict === true)) continue;
      report(
        element.content,
        `rule ${written.rule.id} never matches: a rule above it asks for decoder "${places[0]?.parent?.decodedAs ?? ""}"`,
      );
    }
  },
};
