import { elementsNamed } from "../elements.js";
import type { LintRule } from "../model.js";

export const wazuhSrcipBang: LintRule = {
  code: "WAZUH-SRCIP-BANG",
  trap: "srcip-bang-dropped",
  effect: "dangerous",
  dialects: ["wazuh"],
  title: "A ! before an address",
  why: "A leading ! of <srcip> and <dstip> is dropped: !10.0.0.0/8 means 10.0.0.0/8, the opposite of what it means in OSSEC.",
  instead: 'Write <srcip negate="yes">10.0.0.0/8</srcip>.',
  reference: "docs/reference/wazuh.md#addresses-in-wazuh",
  bad: {
    rules: String.raw`<rule id="100100" level="5"><srcip>«!10.0.0.0/8»</srcip><description>a</description></rule>`,
  },
  good: {
    rules: String.raw`<rule id="100100" level="5"><srcip negate="yes">10.0.0.0/8</srcip><description>a</description></rule>`,
  },
  check(context, report) {
    for (const written of context.rules) {
      for (const name of ["srcip", "dstip"]) {
        for (const { value, content } of elementsNamed(written, name)) {
          if (value.startsWith("!"))
            report(
              content,
              `rule ${written.rule.id} asks for ${value.slice(1)}, not for all but it: the ! is dropped`,
            );
        }
      }
    }
  },
};
