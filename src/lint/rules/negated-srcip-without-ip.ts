import { lowerCase } from "../../ossec/load/text.js";
import { mayFill } from "../context.js";
import type { LintRule } from "../model.js";

export const negatedSrcipWithoutIp: LintRule = {
  code: "OSSEC-NEGATED-SRCIP-WITHOUT-IP",
  trap: "negated-srcip-without-ip",
  effect: "misread",
  title: "A negated address is false without an address",
  why: "A condition on a field that is not set is false, negated or not: events without an address never match.",
  instead: "Add a sibling for events without an address if those are meant too.",
  reference: "docs/reference/ossec.md#matching-rules, #addresses",
  bad: {
    rules: `<rule id="100100" level="5"><match>bad</match><srcip>«!192.0.2.1»</srcip><description>a</description></rule>`,
  },
  good: {
    rules: `<rule id="100100" level="5"><match>bad</match><srcip>192.0.2.1</srcip><description>a</description></rule>`,
  },
  check(context, report) {
    for (const written of context.rules) {
      for (const element of written.elements) {
        const name = lowerCase(element.name);
        if ((name !== "srcip" && name !== "dstip") || !element.value.startsWith("!")) continue;
        const outcomes = context.outcomesOf(written.rule);
        const always =
          outcomes.length > 0 && outcomes.every(({ slots, opaque }) => opaque || slots.has(name));
        report(
          element.content,
          `<${name}> of rule ${written.rule.id} is false for events without ${name}`,
          // Where the address is there, the condition does what it says.
          { note: mayFill(outcomes, name), ...(always ? { severity: "info" } : {}) },
        );
      }
    }
  },
};
