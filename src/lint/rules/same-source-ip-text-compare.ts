import { elementNamed } from "../elements.js";
import { compositesOf } from "../helpers.js";
import type { LintRule } from "../model.js";

export const sameSourceIpTextCompare: LintRule = {
  code: "OSSEC-SAME-SOURCE-IP-TEXT-COMPARE",
  trap: "same-source-ip-text-compare",
  effect: "misread",
  severity: "info",
  dialects: ["ossec", "wazuh"],
  note: true,
  title: "Source addresses are compared as texts",
  why: "same_source_ip compares the texts: 2001:db8::1 and 2001:0db8:0:0::1 are two sources.",
  instead: "Let the sensor write addresses in one form.",
  reference: "docs/reference/ossec.md#correlation (text comparison)",
  bad: {
    decoders: String.raw`<decoder name="app"><prematch>^app </prematch><regex offset="after_prematch">^from (\S+)</regex><order>srcip</order></decoder>`,
    rules: `<rule id="100100" level="3"><decoded_as>app</decoded_as><description>base</description></rule>\n<rule id="100101" level="10" frequency="4" timeframe="60"><if_matched_sid>100100</if_matched_sid>«<same_source_ip />»<description>many</description></rule>`,
  },
  good: {
    rules: `<rule id="100100" level="3"><match>bad login</match><description>base</description></rule>`,
  },
  check(context, report) {
    for (const written of compositesOf(context)) {
      if (!written.rule.correlation.same.includes("srcip")) continue;
      const same = elementNamed(written, "same_source_ip");
      report(
        same?.content ?? written.place,
        `rule ${written.rule.id} takes two spellings of one IPv6 address for two sources`,
      );
    }
  },
};
