import { elementNamed } from "../elements.js";
import type { LintRule } from "../model.js";

export const userPrefersDstuser: LintRule = {
  code: "OSSEC-USER-PREFERS-DSTUSER",
  trap: "user-prefers-dstuser",
  effect: "misread",
  dialects: ["ossec", "wazuh"],
  title: "<user> looks at dstuser first",
  why: "When a decoder fills both, <user> tests dstuser only; srcuser is tested only when dstuser is empty.",
  instead: "Test what is meant with <regex>, or let a decoder fill only one of the two.",
  reference: "docs/reference/ossec.md#matching-rules (user = dstuser if set, else srcuser)",
  bad: {
    decoders: String.raw`<decoder name="su"><prematch>^su </prematch><regex offset="after_prematch">^(\S+) to (\S+)</regex><order>srcuser, dstuser</order></decoder>`,
    rules: `<rule id="100100" level="5"><decoded_as>su</decoded_as><user>«^eve»</user><description>a</description></rule>`,
  },
  good: {
    decoders: String.raw`<decoder name="su"><prematch>^su </prematch><regex offset="after_prematch">^(\S+) to \S+</regex><order>srcuser</order></decoder>`,
    rules: `<rule id="100100" level="5"><decoded_as>su</decoded_as><user>^eve</user><description>a</description></rule>`,
  },
  check(context, report) {
    for (const written of context.rules) {
      const element = elementNamed(written, "user", "user_pcre2");
      if (element === undefined) continue;
      const places = context.tree.places.get(written.rule) ?? [];
      if (places.every(({ decodedAs }) => decodedAs === null)) continue;
      const both = context
        .outcomesOf(written.rule)
        .find(({ slots }) => slots.has("srcuser") && slots.has("dstuser"));
      if (both === undefined) continue;
      report(
        element.content,
        `rule ${written.rule.id} tests dstuser where decoder "${both.name ?? ""}" fills both users`,
      );
    }
  },
};
