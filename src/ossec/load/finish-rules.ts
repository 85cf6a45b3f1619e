/** From drafts to the definitions that the engine runs. */
import type { EventSearch, RuleDefinition, RuleNode } from "../definitions.js";
import { openingPlace } from "../xml/document.js";
import { attributePlaces, elementPlaces, lazily } from "./elements.js";
import type { PatternSlot, RuleDraft, TreeNode } from "./rule-draft.js";
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

function overwritePlaces({ document, element }: RuleDraft): RuleDefinition["overwrites"][number] {
  return {
    place: openingPlace(document, element),
    attributes: attributePlaces(document, element.attributes),
    elements: elementPlaces(document, element.children),
  };
}

function define(rule: RuleDraft): RuleDefinition {
  const { data, document, element } = rule;
  const attributes = lazily(() => attributePlaces(document, element.attributes));
  const elements = lazily(() => elementPlaces(document, element.children));
  const overwrites = lazily(() => rule.overwrites.map(overwritePlaces));
  const pattern = (slot: PatternSlot) => data.plain[slot] ?? rule.pcre2[slot];
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
    programName: pattern("program_name"),
    idPattern: pattern("id"),
    match: pattern("match"),
    regex: pattern("regex"),
    action: data.action,
    url: pattern("url"),
    fields: rule.fields,
    srcip: data.srcip,
    dstip: data.dstip,
    srcport: pattern("srcport"),
    dstport: pattern("dstport"),
    compiledRule: data.compiledRule,
    user: pattern("user"),
    srcgeoip: pattern("srcgeoip"),
    dstgeoip: pattern("dstgeoip"),
    time: data.time,
    weekday: data.weekday,
    extraData: pattern("extra_data"),
    hostname: pattern("hostname"),
    status: pattern("status"),
    ifFts: data.ifFts,
    lists: rule.lists,
    flags: data.flags,
    search: searchOf(rule),
    ifMatchedGroup: data.ifMatchedGroup,
    feedsSidList: rule.feedsSidList,
    feedsGroupListsOf: rule.feedsGroupListsOf,
    lastEventsOf: rule.lastEventsOf?.id ?? null,
    options: { mail: data.mail, log: data.log, noActiveResponse: data.noActiveResponse },
    ignoreFields: rule.ignoreFields,
    checkIfIgnored: rule.checkIfIgnored,
    activeResponses: data.activeResponses,
    info: rule.info,
    cve: data.cve,
    place: openingPlace(document, element),
    idPlace: rule.idPlace,
    refused: rule.refused,
    get attributes() {
      return attributes();
    },
    get elements() {
      return elements();
    },
    get overwrites() {
      return overwrites();
    },
    parents: { ifSid: rule.ifSid, ifLevel: rule.ifLevel, ifGroup: rule.ifGroup },
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
  interface Built extends RuleNode {
    readonly children: RuleNode[];
  }
  const built = new Map<TreeNode, Built>();
  for (const node of tree.nodes) {
    const rule = definitions.get(node.rule);
    if (rule !== undefined) built.set(node, { rule, children: [] });
  }
  for (const [node, { children }] of built) {
    for (const child of siblingNodes(node.children)) {
      const finished = built.get(child);
      if (finished !== undefined) children.push(finished);
    }
  }
  const roots: RuleNode[] = [];
  for (const root of siblingNodes(tree.roots)) {
    const finished = built.get(root);
    if (finished !== undefined) roots.push(finished);
  }
  return { rules, ruleById, roots, maxFrequency };
}
