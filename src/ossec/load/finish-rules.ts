/** From drafts to the definitions that the engine runs. */
import type { EventSearch, PatternDefinition, RuleDefinition, RuleNode } from "../definitions.js";
import type { XmlElement } from "../xml/document.js";
import { nothing, type PatternSlot, type RuleDraft, type Siblings, type TreeNode } from "./rule-draft.js";
import type { RuleTree } from "./rule-tree.js";
import { siblingNodes } from "./siblings.js";

/**
 * The level as reported: the engine undoes its sorting marks once for each place of the rule in the tree,
 * so levels of 100 and more are divided again and again.
 */
function finalLevel(rule: RuleDraft): number {
  let level = rule.data.treeLevel;
  for (let place = 0; place < Math.max(rule.nodes.length, 1) && level >= 100; place++) {
    level = level === 9900 ? 0 : Math.floor(level / 100);
  }
  return level;
}

function searchOf(rule: RuleDraft): EventSearch | null {
  const { context, flags, ifMatchedRegex } = rule.data;
  if (!context || flags.checkDiff) return null;
  switch (rule.searchKind) {
    case "none":
      return null;
    case "sid":
      return { kind: "sid", sid: rule.data.ifMatchedSid, found: rule.sidFound };
    case "group":
      return { kind: "group" };
    case "events":
      return { kind: "events", regex: ifMatchedRegex };
  }
}

function pattern(rule: RuleDraft, slot: PatternSlot): PatternDefinition | null {
  return rule.data.plain[slot] ?? rule.pcre2[slot];
}

function written(element: XmlElement): RuleDefinition["overwrites"][number] {
  return { place: element.opening, attributes: element.attributes, elements: element.children };
}

function define(rule: RuleDraft): RuleDefinition {
  const { data, element } = rule;
  return {
    id: rule.id,
    level: finalLevel(rule),
    accuracy: rule.accuracy,
    maxsize: data.maxsize,
    timeframe: data.timeframe,
    frequency: data.frequency,
    ignore: data.ignore,
    noalert: data.noalert,
    overwritten: rule.overwrites.length > 0,
    category: rule.category,
    group: data.group,
    description: data.description,
    decodedAs: data.decodedAs,
    programName: pattern(rule, "program_name"),
    idPattern: pattern(rule, "id"),
    match: pattern(rule, "match"),
    regex: pattern(rule, "regex"),
    action: data.action,
    url: pattern(rule, "url"),
    fields: rule.fields,
    srcip: data.srcip,
    dstip: data.dstip,
    srcport: pattern(rule, "srcport"),
    dstport: pattern(rule, "dstport"),
    compiledRule: data.compiledRule,
    user: pattern(rule, "user"),
    srcgeoip: pattern(rule, "srcgeoip"),
    dstgeoip: pattern(rule, "dstgeoip"),
    time: data.time,
    weekday: data.weekday,
    extraData: pattern(rule, "extra_data"),
    hostname: pattern(rule, "hostname"),
    status: pattern(rule, "status"),
    ifFts: data.ifFts,
    lists: rule.lists,
    flags: data.flags,
    search: searchOf(rule),
    ifMatchedGroup: data.ifMatchedGroup,
    feedsSidList: rule.feedsSidList,
    feedsGroupListsOf: rule.feedsGroupListsOf ?? nothing,
    lastEventsOf: rule.lastEventsOf?.id ?? null,
    options: { mail: data.mail, log: data.log, noActiveResponse: data.noActiveResponse },
    ignoreFields: rule.ignoreFields,
    checkIfIgnored: rule.checkIfIgnored,
    activeResponses: data.activeResponses,
    info: rule.info,
    cve: data.cve,
    place: element.opening,
    idPlace: rule.idPlace,
    refused: rule.refused,
    parents: { ifSid: rule.ifSid, ifLevel: rule.ifLevel, ifGroup: rule.ifGroup },
    attributes: element.attributes,
    elements: element.children,
    overwrites:
      rule.overwrites.length === 0 ? nothing : rule.overwrites.map(({ element }) => written(element)),
  };
}

export interface FinishedRules {
  readonly rules: readonly RuleDefinition[];
  readonly ruleById: ReadonlyMap<number, RuleDefinition>;
  readonly roots: readonly RuleNode[];
  readonly maxFrequency: number;
}

export function finishRules(tree: RuleTree): FinishedRules {
  const definitions = new Map<RuleDraft, RuleDefinition>();
  const rules: RuleDefinition[] = [];
  let maxFrequency = 0;
  for (const draft of tree.all) {
    maxFrequency = Math.max(maxFrequency, draft.data.frequency);
    if (draft.overwrite && draft.nodes.length === 0 && tree.byId.has(draft.id)) continue;
    const definition = define(draft);
    definitions.set(draft, definition);
    rules.push(definition);
  }
  const ruleById = new Map<number, RuleDefinition>();
  for (const [id, draft] of tree.byId) {
    const definition = definitions.get(draft);
    if (definition !== undefined) ruleById.set(id, definition);
  }
  const built = new Map<TreeNode, RuleNode>();
  const children = (siblings: Siblings | null): readonly RuleNode[] => {
    if (siblings === null) return nothing;
    const found: RuleNode[] = [];
    for (const child of siblingNodes(siblings)) {
      const finished = built.get(child);
      if (finished !== undefined) found.push(finished);
    }
    return found;
  };
  // Children were added after their parents: from the last one on, every child is built before it is needed.
  for (let index = tree.nodes.length - 1; index >= 0; index--) {
    const node = tree.nodes[index];
    const rule = node === undefined ? undefined : definitions.get(node.rule);
    if (node !== undefined && rule !== undefined) {
      built.set(node, { rule, children: children(node.children) });
    }
  }
  const roots = children(tree.roots);
  return { rules, ruleById, roots, maxFrequency };
}
