/** Rule files: groups and rules (rules.c, docs/reference/ossec.md#rule-shape). */
import type { ActiveResponseDefinition, Correlation } from "../definitions.js";
import type { XmlDocument, XmlElement } from "../xml/document.js";
import { bindResponses } from "./bind-responses.js";
import { codes } from "./codes.js";
import { newDraft } from "./new-draft.js";
import { readAttributes } from "./rule-attributes.js";
import { noCorrelation } from "./rule-draft.js";
import { compilePatterns, type ReadPattern } from "./rule-patterns.js";
import { fail, noTexts, type RuleContext, type RuleReading } from "./rule-reading.js";
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
        element.opening,
        `a rule file holds <group> elements, not <${element.name}>`,
      );
    } else if (first === undefined || lowerCase(first.name) !== "name" || second !== undefined) {
      const wrong = second ?? first;
      problems.report(
        codes.ruleRoot,
        wrong === undefined ? element.opening : wrong.valuePlace,
        "a <group> has the attribute name and no other",
      );
    } else {
      groups.push({ element, name: first.value });
    }
  }
  for (const { element, name } of groups) {
    if (element.children.length === 0 && element.closed) {
      problems.report(codes.ruleRoot, element.opening, "this <group> holds no rule");
    }
    for (const rule of element.children) {
      if (lowerCase(rule.name) !== "rule") {
        problems.report(codes.ruleRoot, rule.opening, `a <group> holds rules, not <${rule.name}>`);
      } else if (rule.closed) {
        readRule(document, name, rule, context, target);
      }
    }
  }
}

function readRule(
  document: XmlDocument,
  groupName: string,
  element: XmlElement,
  context: RuleContext,
  { tree, responses }: RulesTarget,
): void {
  const { problems } = context;
  const attributes = readAttributes(
    element,
    context.dialect.rules.attributes,
    problems,
    context.options.defaultTimeframe,
  );
  if (attributes === null) return;
  const { id, overwrite } = attributes;
  const draft = newDraft(document, element, attributes, groupName, context);
  const duplicate = overwrite ? undefined : tree.byId.get(id);
  if (duplicate !== undefined) {
    const isLeftOut = context.dialect.rules.withoutPlace === "left-out";
    problems.report(
      codes.ruleDuplicate,
      attributes.idPlace,
      `the rule id ${id} is already taken by the rule in ${duplicate.document.source.file}`,
      {
        help: 'Take another id, or write overwrite="yes" to change that rule.',
        ...(isLeftOut ? { outcome: "left-out", engineMessage: 7612 } : {}),
      },
    );
    if (isLeftOut) draft.leftOut = true;
    else draft.refused = true;
  }
  const texts = noTexts(groupName);
  const patterns: ReadPattern[] = [];
  const reading: RuleReading = { context, draft, attributes, patterns, texts };
  if (element.children.length === 0) {
    fail(
      reading,
      codes.ruleElement,
      element.opening,
      `the rule ${id} has no elements, so it would match everything: the engine refuses it`,
    );
  }
  for (const child of element.children) readElement(reading, child);
  finishReading(reading);
  context.dialect.rules.check(reading);
  draft.data.activeResponses = bindResponses(draft, responses, context.dialect);
  tree.add(draft, duplicate !== undefined || draft.leftOut, context);
}

function comparesAny({ same, different, sameFields, differentFields, global }: Correlation): boolean {
  return (
    same.length > 0 || different.length > 0 || sameFields.length > 0 || differentFields.length > 0 || global
  );
}

function readElement(reading: RuleReading, child: XmlElement): void {
  const { exactElements, elements } = reading.context.dialect.rules;
  const read = exactElements.get(child.name) ?? elements.get(lowerCase(child.name));
  if (read !== undefined) read(reading, child);
  else fail(reading, codes.ruleElement, child.opening, `a rule has no element <${child.name}>`);
}

function finishReading(reading: RuleReading): void {
  const { draft, texts, patterns } = reading;
  const { data } = draft;
  data.group = texts.group ?? "";
  data.description = texts.description;
  data.cve = texts.cve;
  draft.ifSid = texts.if_sid;
  draft.ifLevel = texts.if_level;
  draft.ifGroup = texts.if_group;
  const flagged = data.correlation !== noCorrelation && comparesAny(data.correlation);
  if ((flagged || data.frequency > 0) && !data.context) {
    fail(
      reading,
      codes.ruleComposite,
      draft.element.opening,
      `the rule ${draft.id} compares with earlier events (${flagged ? "same_* or different_*" : "frequency"}) but has no if_matched_sid, if_matched_group or if_matched_regex`,
    );
  }
  if (draft.ifSid === null && draft.ifGroup === null) {
    const matched = patterns.find(({ element }) => element.name === "if_matched_group");
    if (matched !== undefined) draft.ifGroup = matched.text;
  }
  if (data.ifMatchedSid !== 0 && draft.ifSid === null && draft.ifGroup === null) {
    draft.ifSid = String(data.ifMatchedSid);
  }
  if (patterns.length > 0) compilePatterns(reading);
}
