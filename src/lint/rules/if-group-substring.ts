import { didYouMean, nearNames } from "../../diagnostics/near-names.js";
import type { RuleDefinition } from "../../ossec/definitions.js";
import { lowerCase } from "../../ossec/load/text.js";
import type { LintContext } from "../context.js";
import { listed } from "../helpers.js";
import type { LintRule } from "../model.js";

export const ifGroupSubstring: LintRule = {
  code: "OSSEC-IF-GROUP-SUBSTRING",
  trap: "if-group-substring",
  effect: "misread",
  dialects: ["ossec", "wazuh"],
  title: "if_group finds part of a name",
  why: "if_group and if_matched_group look for the text anywhere in the group text: scan is also found in portscan.",
  instead: "Take a name that is part of no other.",
  reference: "docs/reference/ossec.md#word-match, #place-in-the-tree",
  bad: {
    rules: `<rule id="100100" level="3"><match>bad</match><group>portscan,</group><description>a</description></rule>\n<rule id="100101" level="5"><if_group>«scan»</if_group><match>x</match><description>a</description></rule>`,
  },
  good: {
    rules: `<rule id="100100" level="3"><match>bad</match><group>portscan,</group><description>a</description></rule>\n<rule id="100101" level="5"><if_group>portscan</if_group><match>x</match><description>a</description></rule>`,
  },
  check(context, report) {
    const names = groupNames(context);
    const memory = new Map<string, Found>();
    for (const written of context.rules) {
      for (const element of written.elements) {
        const name = lowerCase(element.name);
        if (name !== "if_group" && name !== "if_matched_group") continue;
        const found = memory.get(element.value) ?? look(context, element.value, names);
        memory.set(element.value, found);
        const [missing] = found.missing;
        const [rare] = found.rare;
        if (rare !== undefined) {
          const parts = rare.parts.length === 0 ? "" : `, and finds it as a part of ${listed(rare.parts, 4)}`;
          report(
            element.content,
            `<${name}> of rule ${written.rule.id} asks for the group ${rare.word}, in which only rule ${listed(rare.rules)} is${parts}`,
            {
              help: `Did you mean ${rare.near.map(({ name: near, count }) => `${near} (${count} rules)`).join(" or ")}?`,
            },
          );
        } else if (missing !== undefined) {
          report(
            element.content,
            `no rule is in the group ${missing.word}: <${name}> of rule ${written.rule.id} finds it as a part of ${listed(missing.parts, 4)}`,
            { help: `Write the whole name.${didYouMean(missing.word, names.keys(), 4)}` },
          );
        } else if (found.also.length > 0)
          report(element.content, `<${name}> of rule ${written.rule.id} also finds ${listed(found.also, 4)}`);
      }
    }
  },
};

/** Ids of the rules of each group. */
type GroupNames = ReadonlyMap<string, readonly RuleDefinition[]>;

/** So many times more rules are in a name that was rather meant. */
const muchMore = 10;

interface Found {
  /** Groups of a rule or two of the stock rules, with names that are like theirs and that many rules have. */
  readonly rare: readonly {
    readonly word: string;
    readonly rules: readonly number[];
    readonly parts: readonly string[];
    readonly near: readonly { readonly name: string; readonly count: number }[];
  }[];
  /** Words that are no group of any rule, and the names that hold them. */
  readonly missing: readonly { readonly word: string; readonly parts: readonly string[] }[];
  /** Names that hold a word which is a group of its own. */
  readonly also: readonly string[];
}

function groupNames({ loaded }: LintContext): GroupNames {
  const names = new Map<string, RuleDefinition[]>();
  for (const rule of loaded.rules) {
    for (const name of new Set(lowerCase(rule.group).split(/[,\s]+/))) {
      if (name === "") continue;
      const known = names.get(name);
      if (known === undefined) names.set(name, [rule]);
      else known.push(rule);
    }
  }
  return names;
}

function look({ stock, written }: LintContext, text: string, names: GroupNames): Found {
  const rare: Found["rare"][number][] = [];
  const missing: Found["missing"][number][] = [];
  const also = new Set<string>();
  const wanted = lowerCase(text)
    .split("|")
    .map((word) => word.replace(/^\^|[,$]+$/g, ""))
    .filter((word) => word !== "");
  for (const word of wanted) {
    const parts = [...names.keys()].filter((name) => name !== word && name.includes(word)).sort();
    const rules = names.get(word);
    if (rules === undefined) {
      if (parts.length > 0) missing.push({ word, parts });
      continue;
    }
    const near =
      rules.length > 2 || !rules.every((rule) => stock.isStock(written.rule(rule).place))
        ? []
        : nearNames(word, names.keys(), 4)
            .map((name) => ({ name, count: names.get(name)?.length ?? 0 }))
            .filter(({ count }) => count >= muchMore * rules.length);
    if (near.length > 0) rare.push({ word, rules: rules.map(({ id }) => id), parts, near });
    const isOwn = (name: string): boolean =>
      (names.get(name) ?? []).some((rule) => !stock.isStock(written.rule(rule).place));
    // That stock names hold one another is nothing to be done about.
    const isStocks = rules.some((rule) => stock.isStock(written.rule(rule).place));
    for (const name of parts) if (!isGlued(name, word, names) && (!isStocks || isOwn(name))) also.add(name);
  }
  return { rare, missing, also: [...also].sort() };
}

/** Two names that grew together for want of a comma: the rule is meant to be in both groups. */
function isGlued(name: string, word: string, names: GroupNames): boolean {
  return (
    (name.endsWith(word) && names.has(name.slice(0, -word.length))) ||
    (name.startsWith(word) && names.has(name.slice(word.length)))
  );
}
