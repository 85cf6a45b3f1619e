/** Rule files: groups and rules (rules.c, spec/ossec.md 6.1). */
import type { ActiveResponseDefinition, PatternDefinition } from "../definitions.js";
import { attributePlace, openingPlace, type XmlDocument, type XmlElement } from "../xml/document.js";
import { bindResponses } from "./bind-responses.js";
import { codes } from "./codes.js";
import { asPattern, checkPattern } from "./patterns.js";
import { readAttributes } from "./rule-attributes.js";
import {
  noFlags,
  noPatterns,
  nothing,
  type PatternSlot,
  type Patterns,
  patternSlots,
  type RuleDraft,
} from "./rule-draft.js";
import { readElement } from "./rule-elements.js";
import { fail, type RuleContext, type RuleReading } from "./rule-reading.js";
import type { RuleTree } from "./rule-tree.js";
import { lowerCase } from "./text.js";

export interface RulesTarget {
  readonly tree: RuleTree;
  readonly responses: readonly ActiveResponseDefinition[];
}

/** Reads the rules of a file into the tree. */
export function readRules(document: XmlDocument, context: RuleContext, target: RulesTarget): void {
  const { problems } = context;
  const groups: { readonly element: XmlElement; readonly name: string }[] = [];
  for (const element of document.roots) {
    const [first, second] = element.attributes;
    if (lowerCase(element.name) !== "group") {
      problems.report(
        codes.ruleRoot,
        openingPlace(document, element),
        `a rule file holds <group> elements, not <${element.name}>`,
      );
    } else if (first === undefined || lowerCase(first.name) !== "name" || second !== undefined) {
      const wrong = second ?? first;
      problems.report(
        codes.ruleRoot,
        wrong === undefined ? openingPlace(document, element) : attributePlace(document, wrong),
        "a <group> has the attribute name and no other",
      );
    } else {
      groups.push({ element, name: first.value });
    }
  }
  for (const { element, name } of groups) {
    if (element.children.length === 0 && element.closed) {
      problems.report(codes.ruleRoot, openingPlace(document, element), "this <group> holds no rule");
    }
    for (const rule of element.children) {
      if (lowerCase(rule.name) !== "rule") {
        problems.report(
          codes.ruleRoot,
          openingPlace(document, rule),
          `a <group> holds rules, not <${rule.name}>`,
        );
      } else if (rule.closed) {
        readRule(document, element, name, rule, context, target);
      }
    }
  }
}

function readRule(
  document: XmlDocument,
  group: XmlElement,
  groupName: string,
  element: XmlElement,
  context: RuleContext,
  { tree, responses }: RulesTarget,
): void {
  const { problems } = context;
  const attributes = readAttributes(document, element, problems);
  if (attributes === null) return;
  const { id, level, accuracy, overwrite } = attributes;
  const duplicate = overwrite ? undefined : tree.byId.get(id);
  if (duplicate !== undefined) {
    problems.report(
      codes.ruleDuplicate,
      attributes.idPlace,
      `the rule id ${id} is already taken by the rule in ${duplicate.document.source.file}`,
      { help: 'Take another id, or write overwrite="yes" to change that rule.' },
    );
  }
  const treeLevel = level === 0 ? 99 : level;
  const draft: RuleDraft = {
    id,
    accuracy,
    overwrite,
    category: "syslog",
    data: {
      treeLevel: accuracy === 0 ? treeLevel : treeLevel * 100,
      maxsize: attributes.maxsize,
      frequency: attributes.frequency,
      timeframe: attributes.timeframe,
      ignore: attributes.ignore,
      group: groupName,
      description: null,
      cve: null,
      plain: noPatterns,
      time: null,
      weekday: null,
      srcip: nothing,
      dstip: nothing,
      action: null,
      decodedAs: null,
      compiledRule: null,
      ifMatchedSid: 0,
      ifMatchedGroup: null,
      ifMatchedRegex: null,
      context: false,
      flags: noFlags,
      ifFts: false,
      noalert: attributes.noalert,
      mail: context.emailAlertLevel <= level,
      log: context.logAlertLevel <= level,
      noActiveResponse: false,
      activeResponses: nothing,
    },
    pcre2: noPatterns,
    fields: nothing,
    lists: nothing,
    ignoreFields: nothing,
    checkIfIgnored: nothing,
    info: nothing,
    ifSid: null,
    ifLevel: null,
    ifGroup: null,
    nodes: [],
    searchKind: "none",
    sidFound: false,
    feedsSidList: false,
    feedsGroupListsOf: null,
    lastEventsOf: null,
    refused: attributes.refused || duplicate !== undefined,
    document,
    element,
    idPlace: attributes.idPlace,
    overwrites: nothing,
  };
  const nameAttribute = group.attributes[0];
  const groupPlace =
    nameAttribute === undefined ? openingPlace(document, group) : attributePlace(document, nameAttribute);
  const reading: RuleReading = {
    document,
    context,
    draft,
    patterns: new Map(),
    texts: new Map([["group", { text: groupName, places: [groupPlace] }]]),
  };
  if (element.children.length === 0) {
    fail(
      reading,
      codes.ruleElement,
      openingPlace(document, element),
      `the rule ${id} has no elements, so it would match everything: the engine refuses it`,
    );
  }
  for (const child of element.children) readElement(reading, child);
  finishReading(reading);
  draft.data.activeResponses = bindResponses(draft, responses);
  tree.add(draft, duplicate !== undefined, context);
}

function finishReading(reading: RuleReading): void {
  const { draft, texts, document } = reading;
  const { data } = draft;
  const text = (name: string): string | null => texts.get(name)?.text ?? null;
  data.group = text("group") ?? "";
  data.description = text("description");
  data.cve = text("cve");
  data.action = text("action");
  draft.ifSid = text("if_sid");
  draft.ifLevel = text("if_level");
  draft.ifGroup = text("if_group");
  const flagged = data.flags !== noFlags && Object.values(data.flags).some((flag) => flag);
  if ((flagged || data.frequency > 0) && !data.context) {
    fail(
      reading,
      codes.ruleComposite,
      openingPlace(document, draft.element),
      `the rule ${draft.id} compares with earlier events (${flagged ? "same_* or different_*" : "frequency"}) but has no if_matched_sid, if_matched_group or if_matched_regex`,
    );
  }
  const matchedGroup = reading.patterns.get("if_matched_group");
  if (matchedGroup !== undefined && draft.ifSid === null && draft.ifGroup === null) {
    draft.ifGroup = matchedGroup.text;
  }
  if (data.ifMatchedSid !== 0 && draft.ifSid === null && draft.ifGroup === null) {
    draft.ifSid = String(data.ifMatchedSid);
  }
  if (reading.patterns.size === 0) return;
  compileSlots(reading);
  data.ifMatchedGroup = checked(reading, "if_matched_group", "osmatch", false);
  data.ifMatchedRegex = checked(reading, "if_matched_regex", "osregex", false);
}

const slotNames = patternSlots.map((slot) => ({
  slot,
  language: slot === "regex" ? ("osregex" as const) : ("osmatch" as const),
  pcre2Name: slot === "regex" ? "pcre2" : `${slot}_pcre2`,
  isPort: slot === "srcport" || slot === "dstport",
}));

/** The engine's message about a broken port pattern reads the rule's `<id>`, which is seldom there. */
function compileSlots(reading: RuleReading): void {
  const { draft, patterns } = reading;
  const plain: { -readonly [Slot in PatternSlot]: Patterns[Slot] } = { ...noPatterns };
  const pcre2 = { ...plain };
  const diesOfId = !patterns.has("id") && !patterns.has("id_pcre2");
  for (const { slot, language, pcre2Name, isPort } of slotNames) {
    plain[slot] = checked(reading, slot, language, isPort && diesOfId);
    pcre2[slot] = checked(reading, pcre2Name, "pcre2", isPort && diesOfId);
  }
  draft.data.plain = plain;
  draft.pcre2 = pcre2;
}

function checked(
  reading: RuleReading,
  name: string,
  language: PatternDefinition["language"],
  crash: boolean,
): PatternDefinition | null {
  const joined = reading.patterns.get(name);
  if (joined === undefined) return null;
  const pattern = asPattern(language, joined);
  if (checkPattern(pattern, reading.context.problems, `<${name}>`, crash).ok) return pattern;
  reading.draft.refused = true;
  return null;
}
