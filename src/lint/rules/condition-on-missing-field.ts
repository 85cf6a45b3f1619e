import { mayFill } from "../context.js";
import { elementNamed } from "../elements.js";
import { conditionSlots } from "../fields.js";
import type { LintRule } from "../model.js";

export const conditionOnMissingField: LintRule = {
  code: "OSSEC-CONDITION-ON-MISSING-FIELD",
  trap: "condition-on-missing-field",
  effect: "dead",
  dialects: ["ossec", "wazuh"],
  title: "A condition on a field that nothing fills",
  why: "A condition on a field that is not set is false. No decoder that can have decoded the event fills it.",
  instead: "Let a decoder fill the field (its order), or test the text with <match> or <regex>.",
  reference: "docs/reference/ossec.md#matching-rules (a condition on an absent field is false)",
  bad: {
    decoders: `<decoder name="app"><prematch>^app </prematch></decoder>`,
    rules: `<rule id="100100" level="5"><decoded_as>app</decoded_as><id>«^4»</id><description>a</description></rule>`,
  },
  good: {
    decoders: String.raw`<decoder name="app"><prematch>^app </prematch><regex offset="after_prematch">^(\d+)</regex><order>id</order></decoder>`,
    rules: `<rule id="100100" level="5"><decoded_as>app</decoded_as><id>^4</id><description>a</description></rule>`,
  },
  check(context, report) {
    if (!context.complete) return;
    for (const written of context.rules) {
      const { rule } = written;
      if (written.overwrite) continue;
      const wanted = conditionSlots.filter(({ has }) => has(rule));
      if (wanted.length === 0) continue;
      const outcomes = context.outcomesOf(rule);
      if (outcomes.length === 0) continue;
      for (const { names, slots } of wanted) {
        if (slots.some((slot) => mayFill(outcomes, slot))) continue;
        const element = elementNamed(written, ...names);
        if (element !== undefined)
          report(
            element.content,
            `rule ${rule.id} never matches: no decoder of its events fills ${slots.join(" or ")}`,
          );
      }
    }
  },
};
