import { elementsNamed } from "../elements.js";
import type { LintRule } from "../model.js";

export const srcipMixedPolarity: LintRule = {
  code: "OSSEC-SRCIP-MIXED-POLARITY",
  effect: "misread",
  title: "An exception behind the addresses that it is to be taken from",
  why: "Entries are looked at in order, and the first that holds the address decides. When none does, the last one decides: if it is negated the rule matches every other address in the world, and the exception itself never excludes what an entry before it holds.",
  instead: "Write the negated entries first.",
  reference: "docs/reference/ossec.md#corner-cases-of-analysis (several srcip or dstip)",
  bad: {
    decoders: String.raw`<decoder name="app"><prematch>^app </prematch><regex offset="after_prematch">^from (\S+)</regex><order>srcip</order></decoder>`,
    rules: `<rule id="100100" level="5"><decoded_as>app</decoded_as><srcip>10.0.0.0/8</srcip><srcip>«!10.1.1.1»</srcip><description>a</description></rule>`,
  },
  good: {
    decoders: String.raw`<decoder name="app"><prematch>^app </prematch><regex offset="after_prematch">^from (\S+)</regex><order>srcip</order></decoder>`,
    rules: `<rule id="100100" level="5"><decoded_as>app</decoded_as><srcip>!10.1.1.1</srcip><srcip>10.0.0.0/8</srcip><description>a</description></rule>`,
  },
  check(context, report) {
    for (const written of context.rules) {
      for (const name of ["srcip", "dstip"] as const) {
        const entries = elementsNamed(written, name);
        const last = entries.at(-1);
        if (last === undefined || !last.value.startsWith("!")) continue;
        if (entries.every(({ value }) => value.startsWith("!"))) continue;
        report(
          last.content,
          `rule ${written.rule.id} matches every ${name} that none of its entries holds: the last one, ${last.value}, is negated`,
        );
      }
    }
  },
};
