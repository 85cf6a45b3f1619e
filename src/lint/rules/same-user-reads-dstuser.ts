import { elementNamed } from "../elements.js";
import { mayCount } from "../fields.js";
import { compositesOf } from "../helpers.js";
import type { LintRule } from "../model.js";

export const sameUserReadsDstuser: LintRule = {
  code: "OSSEC-SAME-USER-READS-DSTUSER",
  trap: "same-user-reads-dstuser",
  effect: "dead",
  dialects: ["ossec", "wazuh"],
  title: "same_user where nothing fills dstuser",
  why: "same_user compares dstuser (order names user and dstuser) and nothing else. Events that only have srcuser are never the same.",
  instead: "Let the decoder's order say user instead of srcuser.",
  reference: "docs/reference/ossec.md#correlation (same_user = dstuser only)",
  bad: {
    decoders: String.raw`<decoder name="app"><prematch>^app </prematch><regex offset="after_prematch">^by (\S+)</regex><order>srcuser</order></decoder>`,
    rules: `<rule id="100100" level="3"><decoded_as>app</decoded_as><description>base</description></rule>\n<rule id="100101" level="10" frequency="4" timeframe="60"><if_matched_sid>100100</if_matched_sid>«<same_user />»<description>many</description></rule>`,
  },
  good: {
    decoders: String.raw`<decoder name="app"><prematch>^app </prematch><regex offset="after_prematch">^by (\S+)</regex><order>user</order></decoder>`,
    rules: `<rule id="100100" level="3"><decoded_as>app</decoded_as><description>base</description></rule>\n<rule id="100101" level="10" frequency="4" timeframe="60"><if_matched_sid>100100</if_matched_sid><same_user /><description>many</description></rule>`,
  },
  check(context, report) {
    if (!context.complete) return;
    for (const written of compositesOf(context)) {
      if (!written.rule.correlation.same.includes("dstuser") || mayCount(context, written.rule, "dstuser"))
        continue;
      const element = elementNamed(written, "same_user");
      const other = mayCount(context, written.rule, "srcuser")
        ? ": they fill srcuser, which same_user does not read"
        : "";
      report(
        element?.content ?? written.place,
        `rule ${written.rule.id} can never fire: no decoder of the events that it compares fills dstuser${other}`,
      );
    }
  },
};
