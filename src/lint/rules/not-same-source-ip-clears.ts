import { lowerCase } from "../../ossec/load/text.js";
import { elementNamed } from "../elements.js";
import type { LintRule } from "../model.js";
import { withoutNotSame } from "../not-same.js";

export const notSameSourceIpClears: LintRule = {
  code: "OSSEC-NOT-SAME-SOURCE-IP-CLEARS",
  trap: "not-same-source-ip-clears",
  effect: "misread",
  title: "not_same_source_ip only takes back same_source_ip",
  why: "It asks for nothing itself: it takes back a same_source_ip before it and leaves every other comparison as it is.",
  instead: "Take both away.",
  reference: "docs/reference/ossec.md#correlation",
  bad: {
    rules: `<rule id="100100" level="3"><match>bad</match><description>a</description></rule>\n<rule id="100101" level="10" frequency="4" timeframe="60"><if_matched_sid>100100</if_matched_sid><same_source_ip />«<not_same_source_ip />»<description>a</description></rule>`,
  },
  fixed: {
    rules: `<rule id="100100" level="3"><match>bad</match><description>a</description></rule>\n<rule id="100101" level="10" frequency="4" timeframe="60"><if_matched_sid>100100</if_matched_sid><description>a</description></rule>`,
  },
  good: {
    rules: `<rule id="100100" level="3"><match>bad</match><description>a</description></rule>\n<rule id="100101" level="10" frequency="4" timeframe="60"><if_matched_sid>100100</if_matched_sid><same_location /><description>a</description></rule>`,
  },
  check(context, report) {
    for (const written of context.rules) {
      const element = elementNamed(written, "not_same_source_ip");
      const same = written.elements.find(({ name }) => /^same_/i.test(name));
      if (element === undefined || same === undefined) continue;
      const takesBack = written.elements.some(
        ({ name, place }) => lowerCase(name) === "same_source_ip" && place.start < element.place.start,
      );
      report(
        element.content,
        takesBack
          ? `not_same_source_ip of rule ${written.rule.id} takes back its same_source_ip: sources are not compared at all`
          : `not_same_source_ip of rule ${written.rule.id} does nothing to its ${lowerCase(same.name)}`,
        withoutNotSame(written, element),
      );
    }
  },
};
