import { elementNamed } from "../elements.js";
import type { LintRule } from "../model.js";

export const ifFtsWithoutFts: LintRule = {
  code: "OSSEC-IF-FTS-WITHOUT-FTS",
  effect: "dead",
  dialects: ["ossec", "wazuh"],
  title: "if_fts where no decoder has fts",
  why: "if_fts asks whether the decoder's fts fields were seen before. A decoder without <fts> never says so.",
  instead: "Add <fts> to the decoder.",
  reference: "docs/reference/ossec.md#decoder-fields (fts), #rule-elements (if_fts)",
  bad: {
    decoders: String.raw`<decoder name="app"><prematch>^app </prematch><regex offset="after_prematch">^(\S+)</regex><order>user</order></decoder>`,
    rules: `<rule id="100100" level="5"><decoded_as>app</decoded_as>«<if_fts />»<description>a</description></rule>`,
  },
  good: {
    decoders: String.raw`<decoder name="app"><prematch>^app </prematch><regex offset="after_prematch">^(\S+)</regex><order>user</order><fts>name, user</fts></decoder>`,
    rules: `<rule id="100100" level="5"><decoded_as>app</decoded_as><if_fts /><description>a</description></rule>`,
  },
  check(context, report) {
    if (!context.complete) return;
    for (const written of context.rules) {
      const element = elementNamed(written, "if_fts");
      if (element === undefined || written.overwrite) continue;
      const outcomes = context.outcomesOf(written.rule);
      if (
        outcomes.length === 0 ||
        outcomes.some(({ opaque, decoder }) => opaque || (decoder !== null && decoder.fts.length > 0))
      )
        continue;
      report(element.content, `rule ${written.rule.id} never matches: no decoder of its events has fts`);
    }
  },
};
