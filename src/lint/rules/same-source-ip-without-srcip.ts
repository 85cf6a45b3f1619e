import { elementNamed } from "../elements.js";
import { mayCount } from "../fields.js";
import { compositesOf } from "../helpers.js";
import type { LintRule } from "../model.js";

export const sameSourceIpWithoutSrcip: LintRule = {
  code: "OSSEC-SAME-SOURCE-IP-WITHOUT-SRCIP",
  trap: "same-source-ip-without-srcip",
  effect: "dead",
  dialects: ["ossec", "wazuh"],
  title: "same_source_ip where nothing fills srcip",
  why: "Two events are from the same source only if both have a source address. No decoder of the counted events fills srcip.",
  instead: "Let a decoder fill srcip, or take same_source_ip away.",
  reference: "docs/reference/ossec.md#correlation (both must have a value)",
  bad: {
    decoders: `<decoder name="app"><prematch>^app </prematch></decoder>`,
    rules: `<rule id="100100" level="3"><decoded_as>app</decoded_as><description>base</description></rule>\n<rule id="100101" level="10" frequency="4" timeframe="60"><if_matched_sid>100100</if_matched_sid>«<same_source_ip />»<description>many</description></rule>`,
  },
  good: {
    decoders: String.raw`<decoder name="app"><prematch>^app </prematch><regex offset="after_prematch">^from (\S+)</regex><order>srcip</order></decoder>`,
    rules: `<rule id="100100" level="3"><decoded_as>app</decoded_as><description>base</description></rule>\n<rule id="100101" level="10" frequency="4" timeframe="60"><if_matched_sid>100100</if_matched_sid><same_source_ip /><description>many</description></rule>`,
  },
  check(context, report) {
    if (!context.complete) return;
    for (const written of compositesOf(context)) {
      if (!written.rule.correlation.same.includes("srcip") || mayCount(context, written.rule, "srcip"))
        continue;
      const element = elementNamed(written, "same_source_ip");
      report(
        element?.content ?? written.place,
        `rule ${written.rule.id} can never fire: no decoder of the events that it compares fills srcip`,
      );
    }
  },
};
