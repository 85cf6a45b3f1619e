/** A rule before its elements are read. */
import type { XmlDocument, XmlElement } from "../xml/document.js";
import type { RuleAttributes } from "./rule-attributes.js";
import { noCorrelation, noPatterns, nothing, type Replaceable, type RuleDraft } from "./rule-draft.js";
import type { RuleContext } from "./rule-reading.js";

function newReplaceable(attributes: RuleAttributes, group: string, context: RuleContext): Replaceable {
  const { level } = attributes;
  const treeLevel = level === 0 ? 99 : level;
  return {
    treeLevel: attributes.accuracy === 0 ? treeLevel : treeLevel * 100,
    maxsize: attributes.maxsize,
    frequency: attributes.frequency,
    timeframe: attributes.timeframe,
    ignore: attributes.ignore,
    group,
    description: null,
    cve: null,
    plain: noPatterns,
    asksAddresses: false,
    asksFurther: attributes.maxsize > 0,
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
    correlation: noCorrelation,
    checkDiff: false,
    ifFts: false,
    noalert: attributes.noalert,
    mail: context.emailAlertLevel <= level,
    log: context.logAlertLevel <= level,
    noActiveResponse: false,
    noFullLog: false,
    noCounter: false,
    activeResponses: nothing,
  };
}

// Objects inside of object literals cost several times as much: they are made beforehand.

export function newDraft(
  document: XmlDocument,
  element: XmlElement,
  attributes: RuleAttributes,
  group: string,
  context: RuleContext,
): RuleDraft {
  const data = newReplaceable(attributes, group, context);
  const nodes: RuleDraft["nodes"] = [];
  return {
    id: attributes.id,
    accuracy: attributes.accuracy,
    overwrite: attributes.overwrite,
    category: "syslog",
    data,
    pcre2: noPatterns,
    fields: nothing,
    lists: nothing,
    ignoreFields: nothing,
    checkIfIgnored: nothing,
    info: nothing,
    mitre: null,
    ifSid: null,
    ifLevel: null,
    ifGroup: null,
    nodes,
    definition: null,
    bound: null,
    feedsSidList: false,
    feedsGroupListsOf: null,
    lastEventsOf: null,
    refused: attributes.refused,
    leftOut: false,
    document,
    element,
    idPlace: attributes.idPlace,
    overwrites: nothing,
  };
}
