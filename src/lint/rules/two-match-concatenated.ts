import { lowerCase } from "../../ossec/load/text.js";
import type { ElementRange } from "../../ossec/source-map.js";
import { joinInto } from "../edits.js";
import { shown } from "../helpers.js";
import type { LintRule } from "../model.js";

export const twoMatchConcatenated: LintRule = {
  code: "OSSEC-TWO-MATCH-CONCATENATED",
  trap: "two-match-concatenated",
  effect: "misread",
  dialects: ["ossec", "wazuh"],
  title: "Two elements of one kind are joined",
  why: "<match>foo</match><match>bar</match> is foobar: the texts are put together without anything between them.",
  instead: "Write alternatives in one element: foo|bar.",
  reference: "docs/reference/ossec.md#rule-elements (Repeated elements)",
  bad: {
    rules: `<rule id="100100" level="5"><match>bad</match><match>«login»</match><description>a</description></rule>`,
  },
  fixed: { rules: `<rule id="100100" level="5"><match>badlogin</match><description>a</description></rule>` },
  good: { rules: `<rule id="100100" level="5"><match>bad|login</match><description>a</description></rule>` },
  check(context, report) {
    for (const written of context.rules) {
      const seen = new Map<string, string>();
      const last = new Map<string, ElementRange>();
      for (const pattern of written.elements) {
        const name = lowerCase(pattern.name);
        if (!joined.has(name)) continue;
        const before = seen.get(name);
        const previous = last.get(name);
        last.set(name, pattern);
        seen.set(name, (before ?? "") + pattern.value);
        // A text that goes on with | is meant to be joined.
        if (before === undefined || before.endsWith("|") || pattern.value.startsWith("|")) continue;
        report(
          pattern.content,
          `the <${name}> elements of rule ${written.rule.id} are joined: "${shown(seen.get(name) ?? "")}"`,
          previous === undefined ? {} : joinInto(previous, pattern),
        );
      }
    }
  },
};

const joined: ReadonlySet<string> = new Set(
  [
    "match",
    "regex",
    "pcre2",
    "id",
    "srcport",
    "dstport",
    "status",
    "hostname",
    "extra_data",
    "program_name",
    "user",
    "srcgeoip",
    "dstgeoip",
    "url",
    "action",
    "if_group",
    "if_matched_group",
    "if_matched_regex",
  ].flatMap((name) => [name, `${name}_pcre2`]),
);
