import type { FieldSlot } from "../../ossec/definitions.js";
import { elementNamed } from "../elements.js";
import { mayCount } from "../fields.js";
import { compositesOf } from "../helpers.js";
import type { LintRule } from "../model.js";

export const sameFieldMissing: LintRule = {
  code: "OSSEC-SAME-FIELD-MISSING",
  effect: "dead",
  dialects: ["ossec", "wazuh"],
  title: "A comparison of a field that nothing fills",
  why: "same_id, same_src_port, same_dst_port and different_url hold only between events that both have the field.",
  instead: "Let a decoder fill the field, or take the comparison away.",
  reference: "docs/reference/ossec.md#correlation",
  bad: {
    decoders: `<decoder name="app"><prematch>^app </prematch></decoder>`,
    rules: `<rule id="100100" level="3"><decoded_as>app</decoded_as><description>base</description></rule>\n<rule id="100101" level="10" frequency="4" timeframe="60"><if_matched_sid>100100</if_matched_sid>«<same_id />»<description>many</description></rule>`,
  },
  good: {
    decoders: String.raw`<decoder name="app"><prematch>^app </prematch><regex offset="after_prematch">^(\d+) </regex><order>id</order></decoder>`,
    rules: `<rule id="100100" level="3"><decoded_as>app</decoded_as><description>base</description></rule>\n<rule id="100101" level="10" frequency="4" timeframe="60"><if_matched_sid>100100</if_matched_sid><same_id /><description>many</description></rule>`,
  },
  check(context, report) {
    if (!context.complete) return;
    for (const written of compositesOf(context)) {
      const { same, different } = written.rule.correlation;
      const wanted: readonly (readonly [boolean, string, FieldSlot])[] = [
        [same.includes("id"), "same_id", "id"],
        [same.includes("srcport"), "same_src_port", "srcport"],
        [same.includes("dstport"), "same_dst_port", "dstport"],
        [different.includes("url"), "different_url", "url"],
      ];
      for (const [set, name, slot] of wanted) {
        if (!set || mayCount(context, written.rule, slot)) continue;
        report(
          elementNamed(written, name)?.content ?? written.place,
          `rule ${written.rule.id} can never fire: no decoder of the events that it compares fills ${slot}`,
        );
      }
    }
  },
};
