import { lowerCase } from "../../ossec/load/text.js";
import type { LintContext } from "../context.js";
import { listed } from "../helpers.js";
import type { LintRule } from "../model.js";
import { didYouMean } from "../near-names.js";

export const ifGroupSubstring: LintRule = {
  code: "OSSEC-IF-GROUP-SUBSTRING",
  trap: "if-group-substring",
  effect: "misread",
  dialects: ["ossec", "wazuh"],
  title: "if_group finds part of a name",
  why: "if_group and if_matched_group look for the text anywhere in the group text: scan is also found in portscan.",
  instead: "Take a name that is part of no other.",
  reference: "spec/ossec.md 3.4, 6.4",
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
        const found = memory.get(element.value) ?? look(element.value, names);
        memory.set(element.value, found);
        const [missing] = found.missing;
        if (missing !== undefined) {
          report(
            element.content,
            `no rule is in the group ${missing.word}: <${name}> of rule ${written.rule.id} finds it as a part of ${listed(missing.parts, 4)}`,
            { help: `Write the whole name.${didYouMean(missing.word, names.all)}` },
          );
        } else if (found.also.length > 0)
          report(element.content, `<${name}> of rule ${written.rule.id} also finds ${listed(found.also, 4)}`);
      }
    }
  },
};

interface GroupNames {
  readonly all: ReadonlySet<string>;
}

interface Found {
  /** Words that are no group of any rule, and the names that hold them. */
  readonly missing: readonly { readonly word: string; readonly parts: readonly string[] }[];
  /** Names that hold a word which is a group of its own. */
  readonly also: readonly string[];
}

function groupNames({ loaded }: LintContext): GroupNames {
  const all = new Set<string>();
  for (const { group } of loaded.rules)
    for (const name of lowerCase(group).split(/[,\s]+/)) if (name !== "") all.add(name);
  return { all };
}

function look(text: string, { all }: GroupNames): Found {
  const missing: { readonly word: string; readonly parts: readonly string[] }[] = [];
  const also = new Set<string>();
  const wanted = lowerCase(text)
    .split("|")
    .map((word) => word.replace(/^\^|[,$]+$/g, ""))
    .filter((word) => word !== "");
  for (const word of wanted) {
    const parts = [...all].filter((name) => name !== word && name.includes(word)).sort();
    if (all.has(word)) for (const name of parts) if (!isGlued(name, word, all)) also.add(name);
    if (!all.has(word) && parts.length > 0) missing.push({ word, parts });
  }
  return { missing, also: [...also].sort() };
}

/** Two names that grew together for want of a comma: the rule is meant to be in both groups. */
function isGlued(name: string, word: string, all: ReadonlySet<string>): boolean {
  return (
    (name.endsWith(word) && all.has(name.slice(0, -word.length))) ||
    (name.startsWith(word) && all.has(name.slice(word.length)))
  );
}
