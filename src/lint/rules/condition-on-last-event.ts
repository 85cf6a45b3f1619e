import type { PatternDefinition, RuleDefinition } from "../../ossec/definitions.js";
import { ancestorsOf, type LintContext } from "../context.js";
import { elementNamed } from "../elements.js";
import { baseRulesOf, compositesOf } from "../helpers.js";
import type { LintRule } from "../model.js";
import { implies } from "../tokens.js";

export const conditionOnLastEvent: LintRule = {
  code: "OSSEC-CONDITION-ON-LAST-EVENT",
  effect: "misread",
  dialects: ["ossec", "wazuh"],
  title: "A composite's condition that is tested on the last event only",
  why: "match, regex, url, extra_data, user, srcip … of a composite are tested on the event that would fire it. The earlier events are counted whether they meet them or not. Not said where the base rule asks for the same, where a same_* makes it the same for all (srcip with same_source_ip), and where if_sid names another rule for the last event on purpose.",
  instead:
    "Put the condition into a rule of its own below the base rule, and count that one with if_matched_sid.",
  reference:
    "docs/reference/ossec.md#correlation (other conditions of a composite are tested on the current event only)",
  bad: {
    rules: `<rule id="100100" level="3"><match>bad login</match><description>base</description></rule>\n<rule id="100101" level="10" frequency="4" timeframe="60"><if_matched_sid>100100</if_matched_sid><match>«for root»</match><description>many for root</description></rule>`,
  },
  good: {
    rules: `<rule id="100100" level="3"><match>bad login</match><description>base</description></rule>\n<rule id="100101" level="3"><if_sid>100100</if_sid><match>for root</match><description>base</description></rule>\n<rule id="100102" level="10" frequency="4" timeframe="60"><if_matched_sid>100101</if_matched_sid><description>many for root</description></rule>`,
  },
  check(context, report) {
    for (const written of compositesOf(context)) {
      const { rule } = written;
      if (written.overwrite || rule.refused || rule.search === null || rule.search.kind === "events")
        continue;
      if (elementNamed(written, "if_sid", "if_group") !== undefined) continue;
      const bases = baseRulesOf(context, rule);
      if (bases.length === 0) continue;
      const loose = conditions.filter(
        (condition) =>
          condition.has(rule) &&
          !condition.isSame(rule) &&
          !bases.every((base) =>
            ancestorsOf(context, base).some((one) => condition.given(context, one, rule)),
          ),
      );
      const names = loose.map(({ name }) => name);
      const element = elementNamed(written, ...loose.flatMap(({ name }) => [name, `${name}_pcre2`]), "pcre2");
      if (loose.length === 0 || element === undefined) continue;
      report(
        element.content,
        `rule ${rule.id} tests ${names.map((name) => `<${name}>`).join(", ")} on the last event only: the ${rule.frequency + 1} before it are counted whatever they hold`,
        {
          help: `Write a rule with <if_sid>${bases[0]?.id ?? ""}</if_sid> and this condition, and let <if_matched_sid> name that one.`,
        },
      );
    }
  },
};

interface Condition {
  readonly name: string;
  readonly has: (rule: RuleDefinition) => boolean;
  /** Every event that is counted has the same value. */
  readonly isSame: (rule: RuleDefinition) => boolean;
  /** Does `one`, which every counted event met, ask for what `rule` asks for? */
  readonly given: (context: LintContext, one: RuleDefinition, rule: RuleDefinition) => boolean;
}

const never = (): boolean => false;

function pattern(
  name: string,
  of: (rule: RuleDefinition) => PatternDefinition | null,
  isSame: Condition["isSame"] = never,
): Condition {
  return {
    name,
    isSame,
    has: (rule) => of(rule) !== null,
    given(context, one, rule) {
      const [mine, wanted] = [of(one), of(rule)];
      if (mine === null || wanted === null) return false;
      if (mine.language === wanted.language && mine.text === wanted.text) return true;
      return implies(context.alternativesOf(mine), context.alternativesOf(wanted));
    },
  };
}

const conditions: readonly Condition[] = [
  pattern("match", ({ match }) => match),
  pattern("regex", ({ regex }) => regex),
  pattern("url", ({ url }) => url),
  pattern("extra_data", ({ extraData }) => extraData),
  pattern("status", ({ status }) => status),
  pattern(
    "id",
    ({ idPattern }) => idPattern,
    ({ correlation }) => correlation.same.includes("id"),
  ),
  pattern(
    "user",
    ({ user }) => user,
    ({ correlation }) => correlation.same.includes("dstuser"),
  ),
  pattern(
    "hostname",
    ({ hostname }) => hostname,
    ({ correlation }) => correlation.same.includes("hostname"),
  ),
  pattern(
    "srcport",
    ({ srcport }) => srcport,
    ({ correlation }) => correlation.same.includes("srcport"),
  ),
  pattern(
    "dstport",
    ({ dstport }) => dstport,
    ({ correlation }) => correlation.same.includes("dstport"),
  ),
  {
    name: "action",
    has: ({ action }) => action !== null,
    isSame: never,
    given: (_context, one, { action }) => one.action?.text === action?.text,
  },
  {
    name: "srcip",
    has: ({ srcip }) => srcip.length > 0,
    isSame: ({ correlation }) => correlation.same.includes("srcip"),
    given: (_context, one, { srcip }) => sameTexts(one.srcip, srcip),
  },
  {
    name: "dstip",
    has: ({ dstip }) => dstip.length > 0,
    isSame: never,
    given: (_context, one, { dstip }) => sameTexts(one.dstip, dstip),
  },
  {
    name: "field",
    has: ({ fields }) => fields.length > 0,
    isSame: never,
    given: (_context, one, { fields }) =>
      fields.every(({ name, pattern: { text } }) =>
        one.fields.some((other) => other.name === name && other.pattern.text === text),
      ),
  },
];

type Texts = readonly { readonly text: string }[];

function sameTexts(one: Texts, other: Texts): boolean {
  return one.length === other.length && one.every(({ text }, index) => text === other[index]?.text);
}
