/** From drafts to the definitions that the engine runs. */
import type { RuleDefinition, RuleNode } from "../definitions.js";
import type { RuleSource, WrittenDefinition } from "../source-map.js";
import type { XmlElement } from "../xml/document.js";
import { nothing, type RuleDraft, type Siblings } from "./rule-draft.js";
import type { RuleLanguage } from "./rule-language.js";
import type { RuleTree } from "./rule-tree.js";

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

const written = ({ opening, attributes, children }: XmlElement): WrittenDefinition => ({
  place: opening,
  attributes,
  elements: children,
});

function writtenRule({ element, idPlace, overwrites }: RuleDraft): RuleSource {
  const later = overwrites.length === 0 ? nothing : overwrites.map(({ element }) => written(element));
  const { opening, attributes, children } = element;
  return { place: opening, idPlace, attributes, elements: children, overwrites: later };
}

function define(rule: RuleDraft, index: number, language: RuleLanguage): RuleDefinition {
  const { data } = rule;
  const patterns = language.patternsOf(rule);
  const { mail, log, noActiveResponse, noFullLog, noCounter } = data;
  const options = { mail, log, noActiveResponse, noFullLog, noCounter };
  const parents = { ifSid: rule.ifSid, ifLevel: rule.ifLevel, ifGroup: rule.ifGroup };
  return {
    index,
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
    programName: patterns.programName,
    idPattern: patterns.idPattern,
    systemName: patterns.systemName,
    protocol: patterns.protocol,
    match: patterns.match,
    regex: patterns.regex,
    action: data.action,
    url: patterns.url,
    location: patterns.location,
    fields: rule.fields,
    srcip: data.srcip,
    dstip: data.dstip,
    srcport: patterns.srcport,
    dstport: patterns.dstport,
    compiledRule: data.compiledRule,
    user: patterns.user,
    srcgeoip: patterns.srcgeoip,
    dstgeoip: patterns.dstgeoip,
    time: data.time,
    weekday: data.weekday,
    data: patterns.data,
    extraData: patterns.extraData,
    hostname: patterns.hostname,
    status: patterns.status,
    checkDiff: data.checkDiff,
    ifFts: data.ifFts,
    lists: rule.lists,
    correlation: data.correlation,
    search: language.searchOf(rule),
    ifMatchedGroup: data.ifMatchedGroup,
    feedsSidList: rule.feedsSidList,
    feedsGroupListsOf: rule.feedsGroupListsOf ?? nothing,
    lastEventsOf: rule.lastEventsOf?.id ?? null,
    options,
    ignoreFields: rule.ignoreFields,
    checkIfIgnored: rule.checkIfIgnored,
    activeResponses: data.activeResponses,
    info: rule.info,
    cve: data.cve,
    mitre: rule.mitre,
    refused: rule.refused,
    parents,
  };
}

export interface FinishedRules {
  readonly rules: readonly RuleDefinition[];
  readonly ruleById: ReadonlyMap<number, RuleDefinition>;
  readonly roots: readonly RuleNode[];
  readonly maxFrequency: number;
  /** Where each of the rules is written. */
  readonly written: readonly RuleSource[];
}

function finishedNodes(siblings: Siblings | null): readonly RuleNode[] {
  if (siblings === null) return nothing;
  const found: RuleNode[] = [];
  for (const { nodes } of siblings.runs) {
    for (const { finished } of nodes) if (finished !== null) found.push(finished);
  }
  return found;
}

export function finishRules(tree: RuleTree, language: RuleLanguage): FinishedRules {
  const rules: RuleDefinition[] = [];
  const written: RuleSource[] = [];
  let maxFrequency = 0;
  for (const draft of tree.all) {
    maxFrequency = Math.max(maxFrequency, draft.data.frequency);
    if (draft.overwrite && draft.nodes.length === 0 && tree.byId.has(draft.id)) continue;
    draft.definition = define(draft, rules.length, language);
    rules.push(draft.definition);
    written.push(writtenRule(draft));
  }
  const ruleById = new Map<number, RuleDefinition>();
  for (const { id, definition } of tree.byId.values()) if (definition !== null) ruleById.set(id, definition);
  // Children were added after their parents: from the last one on, every child is built before it is needed.
  for (let index = tree.nodes.length - 1; index >= 0; index--) {
    const node = tree.nodes[index];
    const rule = node?.rule.definition ?? null;
    if (node !== undefined && rule !== null) node.finished = { rule, children: finishedNodes(node.children) };
  }
  const roots = finishedNodes(tree.roots);
  return { rules, ruleById, roots, maxFrequency, written };
}
