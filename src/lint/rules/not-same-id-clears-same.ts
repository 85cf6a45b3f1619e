import { elementNamed } from "../elements.js";
import type { LintRule } from "../model.js";
import { withoutNotSame } from "../not-same.js";

export const notSameIdClearsSame: LintRule = {
  code: "OSSEC-NOT-SAME-ID-CLEARS-SAME",
  trap: "not-same-id-clears-same",
  effect: "misread",
  title: "not_same_id leaves the other comparisons as they are",
  why: "not_same_id only takes back a same_id before it. Beside same_source_ip it does nothing.",
  instead: "There is no such test.",
  reference: "docs/reference/ossec.md#correlation",
  bad: {
    decoders: String.raw`<decoder name="app"><prematch>^app </prematch><regex offset="after_prematch">^from (\S+)</regex><order>srcip</order></decoder>`,
    rules: `<rule id="100100" level="3"><decoded_as>app</decoded_as><description>a</description></rule>\n<rule id="100101" level="10" frequency="4" timeframe="60"><if_matched_sid>100100</if_matched_sid><same_source_ip />«<not_same_id />»<description>a</description></rule>`,
  },
  fixed: {
    rules: `<rule id="100100" level="3"><decoded_as>app</decoded_as><description>a</description></rule>\n<rule id="100101" level="10" frequency="4" timeframe="60"><if_matched_sid>100100</if_matched_sid><same_source_ip /><description>a</description></rule>`,
  },
  good: {
    decoders: String.raw`<decoder name="app"><prematch>^app </prematch><regex offset="after_prematch">^from (\S+)</regex><order>srcip</order></decoder>`,
    rules: `<rule id="100100" level="3"><decoded_as>app</decoded_as><description>a</description></rule>\n<rule id="100101" level="10" frequency="4" timeframe="60"><if_matched_sid>100100</if_matched_sid><same_source_ip /><description>a</description></rule>`,
  },
  check(context, report) {
    for (const written of context.rules) {
      const element = elementNamed(written, "not_same_id");
      if (element === undefined) continue;
      const takesBack = written.elements.some(
        ({ name, place }) => name === "same_id" && place.start < element.place.start,
      );
      report(
        element.content,
        takesBack
          ? `not_same_id of rule ${written.rule.id} takes back its same_id: ids are not compared at all`
          : `not_same_id of rule ${written.rule.id} is never tested and changes no other comparison`,
        withoutNotSame(written, element),
      );
    }
  },
};
