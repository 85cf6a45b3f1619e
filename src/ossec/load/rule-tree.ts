/** The tree of rules (rules_list.c, spec/ossec.md 6.4). */
import { compilePattern, type Matcher, wordTest } from "../patterns/index.js";
import type { XmlDocument } from "../xml/document.js";
import type { Place } from "../xml/source.js";
import { codes } from "./codes.js";
import { createGroupIndex } from "./group-index.js";
import type { ProblemLog } from "./problems.js";
import type { RuleDraft, Siblings, TreeNode } from "./rule-draft.js";
import { changeLevel, insertSibling, noSiblings, siblingsBelow } from "./siblings.js";
import { atoi, lowerCase } from "./text.js";
import { reachedNodes } from "./tree-search.js";

/** More places than this are taken for a tree that the engine never finishes. */
const nodeLimit = 1 << 20;
/** An event is not put more often than this into one list. */
const feedLimit = 4096;

/** What other files define, where files are given without a known order, or not all of them. */
export interface References {
  /** Rules, groups and decoders that are not found may lie in files that were not given. */
  readonly open: boolean;
  /** Does another file than this one define the rule? Asked only where the order is unknown. */
  readonly definesRule: (id: number, except: XmlDocument) => boolean;
  readonly definesGroup: (words: string, except: XmlDocument) => boolean;
  readonly definesDecoder: (name: string, except: XmlDocument) => boolean;
}

export interface RuleTree {
  readonly roots: Siblings;
  /** Rules in the tree. */
  readonly byId: ReadonlyMap<number, RuleDraft>;
  readonly nodes: readonly TreeNode[];
  /** In load order, also those that are in no tree. */
  readonly all: readonly RuleDraft[];
  /** A rule file could not be read to its end: missing references are told no more, they may lie there. */
  incomplete: boolean;
  add(rule: RuleDraft, duplicate: boolean, context: TreeContext): void;
}

export interface TreeContext {
  readonly problems: ProblemLog;
  readonly references: References;
}

const sidElements = ["if_sid", "if_matched_sid"] as const;

function isDigit(byte: number): boolean {
  return byte >= 48 && byte <= 57;
}

/** The test of a pattern for texts in lower case, where it is no more than literals. */
function literalTest({ literalsDecide, requiredLiterals }: Matcher): ((folded: string) => boolean) | null {
  if (!literalsDecide || requiredLiterals === null) return null;
  return (folded) => {
    for (const literal of requiredLiterals) if (folded.includes(literal)) return true;
    return false;
  };
}

/** Place of an element's content by name, for messages. */
function placeOf(rule: RuleDraft, ...names: readonly string[]): Place {
  const child = rule.element.children.find((element) => names.includes(lowerCase(element.name)));
  return child === undefined ? rule.element.opening : child.content;
}

export function createRuleTree(): RuleTree {
  const roots = noSiblings();
  const nodes: TreeNode[] = [];
  const all: RuleDraft[] = [];
  const byId = new Map<number, RuleDraft>();
  /** Rules whose parents are missing: what names them is not told again. */
  const detached = new Set<number>();
  const groups = createGroupIndex();
  /** By the number of their group text. */
  const rulesOfGroup: Set<RuleDraft>[] = [];
  let full = false;

  function hang(rule: RuleDraft, parent: TreeNode | null): void {
    const node = insertSibling(parent === null ? roots : siblingsBelow(parent), rule, parent);
    nodes.push(node);
    if (rule.nodes.length === 0) {
      if (!byId.has(rule.id)) byId.set(rule.id, rule);
      rulesWithGroup(rule.data.group).add(rule);
    }
    if (rule.nodes.length === 0) rule.nodes = [node];
    else rule.nodes.push(node);
  }

  function rulesWithGroup(group: string): Set<RuleDraft> {
    const number = groups.add(group);
    const rules = rulesOfGroup[number] ?? new Set();
    rulesOfGroup[number] = rules;
    return rules;
  }

  function rulesWhoseGroup(
    words: readonly string[] | null,
    matches: (folded: string, text: string) => boolean,
  ): readonly RuleDraft[] {
    const { texts, folded } = groups;
    const found: RuleDraft[] = [];
    for (const number of words === null ? texts.keys() : groups.candidates(words)) {
      const rules = rulesOfGroup[number];
      if (rules === undefined || rules.size === 0) continue;
      if (matches(folded[number] ?? "", texts[number] ?? "")) for (const rule of rules) found.push(rule);
    }
    return found;
  }

  function hangAll(rule: RuleDraft, parents: readonly TreeNode[], context: TreeContext): void {
    // A rule that names itself adds to its own nodes meanwhile.
    const count = parents.length;
    for (let index = 0; index < count; index++) {
      const parent = parents[index];
      if (parent === undefined) break;
      if (nodes.length >= nodeLimit) {
        if (!full) {
          context.problems.report(
            codes.ruleTreeSize,
            placeOf(rule, "if_group", "if_level", "if_sid", "if_matched_group"),
            `with the rule ${rule.id} the tree has more than ${nodeLimit} places: every rule that hangs under many others multiplies them, and loading does not end`,
            { outcome: "hang" },
          );
        }
        full = true;
        rule.refused = true;
        return;
      }
      hang(rule, parent);
    }
  }

  function inherit(rule: RuleDraft, parent: RuleDraft): void {
    if (rule.lastEventsOf === null) rule.lastEventsOf = parent.lastEventsOf;
  }

  function missing(rule: RuleDraft, at: Place, message: string, context: TreeContext): void {
    const { open } = context.references;
    if (!open) rule.refused = true;
    if (tree.incomplete) return;
    context.problems.report(codes.ruleReference, at, message, { unresolved: open });
  }

  function addUnderIds(rule: RuleDraft, ids: string, context: TreeContext): void {
    let separated = true;
    for (let index = 0; index <= ids.length; index++) {
      const byte = index < ids.length ? ids.charCodeAt(index) : 0;
      if (byte === 44 || byte === 32) separated = true;
      else if (byte === 0 || isDigit(byte)) {
        if (!separated) continue;
        separated = false;
        let end = index;
        while (end < ids.length && isDigit(ids.charCodeAt(end))) end++;
        const id = atoi(ids.slice(index, end));
        // A separator at the end is read as id 0, and 0 as "no parent named".
        if (id === 0) addUnderCategory(rule, context);
        else addUnderId(rule, id, context);
      } else {
        rule.refused = true;
        context.problems.report(
          codes.ruleReference,
          placeOf(rule, ...sidElements),
          "if_sid is a list of rule ids separated by commas or blanks",
        );
        return;
      }
    }
  }

  function addUnderId(rule: RuleDraft, id: number, context: TreeContext): void {
    const parent = byId.get(id);
    if (parent !== undefined) {
      rule.category = parent.category;
      inherit(rule, parent);
      hangAll(rule, reachedNodes(parent.nodes), context);
    } else if (detached.has(id)) {
      detached.add(rule.id);
    } else {
      detached.add(rule.id);
      if (context.references.definesRule(id, rule.document)) return;
      missing(rule, placeOf(rule, ...sidElements), `no rule ${id} is loaded before this one`, context);
    }
  }

  function addUnderLevel(rule: RuleDraft, text: string, context: TreeContext): void {
    const written = atoi(text);
    if (written === 0) {
      context.problems.report(
        codes.ruleLevelZero,
        placeOf(rule, "if_level"),
        `if_level ${text === "" ? "without a number" : "0"} puts the rule ${rule.id} nowhere: it never matches`,
        { outcome: "warning" },
      );
      return;
    }
    const level = Math.imul(written, 100);
    if (level === 0) {
      addUnderCategory(rule, context);
      return;
    }
    const parents = nodes.filter((node) => node.rule.data.treeLevel >= level && node.rule.id !== rule.id);
    hangAll(rule, parents, context);
    if (parents.length === 0) {
      detached.add(rule.id);
      missing(
        rule,
        placeOf(rule, "if_level"),
        `no rule of level ${written} or more is loaded before this one`,
        context,
      );
    }
  }

  function addUnderGroup(rule: RuleDraft, words: string, context: TreeContext): void {
    const alternatives = words.split("|");
    // An empty alternative beside others is found in every text; an empty text as a whole in none.
    const everywhere = alternatives.length > 1 && alternatives.includes("");
    const test = wordTest(words);
    const parents = rulesWhoseGroup(
      everywhere ? null : alternatives.map((word) => (word.startsWith("^") ? word.slice(1) : word)),
      (folded) => everywhere || test(folded),
    ).filter((parent) => parent.id !== rule.id);
    for (const parent of parents) {
      inherit(rule, parent);
      hangAll(rule, parent.nodes, context);
    }
    if (parents.length === 0) {
      detached.add(rule.id);
      if (context.references.definesGroup(words, rule.document)) return;
      missing(
        rule,
        placeOf(rule, "if_group", "if_matched_group"),
        `no rule loaded before this one has "${words}" in its groups`,
        context,
      );
    }
  }

  function addUnderCategory(rule: RuleDraft, context: TreeContext): void {
    for (const run of roots.runs) {
      const root = run.nodes.find((node) => node.rule.category === rule.category);
      if (root !== undefined) {
        hangAll(rule, [root], context);
        return;
      }
    }
    detached.add(rule.id);
    missing(
      rule,
      placeOf(rule, "category"),
      `no root of the category ${rule.category} is loaded before this rule (rules_config.xml holds the roots)`,
      context,
    );
  }

  function overwriteRule(rule: RuleDraft, context: TreeContext): void {
    const old = byId.get(rule.id);
    if (old === undefined) {
      if (detached.has(rule.id) || context.references.definesRule(rule.id, rule.document)) return;
      missing(rule, rule.idPlace, `there is no rule ${rule.id} to overwrite`, context);
      return;
    }
    if (old.data.treeLevel !== rule.data.treeLevel) {
      for (const node of old.nodes) {
        const siblings = node.parent === null ? roots : siblingsBelow(node.parent);
        changeLevel(siblings, node, rule.data.treeLevel);
      }
    }
    rulesWithGroup(old.data.group).delete(old);
    const { srcgeoip, dstgeoip } = old.data.plain;
    old.data = { ...rule.data, plain: { ...rule.data.plain, srcgeoip, dstgeoip } };
    rulesWithGroup(old.data.group).add(old);
    if (rule.data.flags.checkDiff && old.lastEventsOf === null) old.lastEventsOf = old;
    old.overwrites = [...old.overwrites, rule];
    if (rule.refused) old.refused = true;
  }

  /** Which lists this composite reads, and who feeds them. */
  function bindSearch(rule: RuleDraft): void {
    const { ifMatchedSid, ifMatchedGroup, context, flags } = rule.data;
    if (ifMatchedSid !== 0) {
      rule.searchKind = "sid";
      const target = byId.get(ifMatchedSid);
      if (target !== undefined) {
        target.feedsSidList = true;
        rule.sidFound = true;
      }
    } else if (ifMatchedGroup !== null) {
      rule.searchKind = "group";
      const compiled = compilePattern(ifMatchedGroup);
      if (!compiled.ok) return;
      const { value } = compiled;
      const test = literalTest(value);
      const feeders = rulesWhoseGroup(value.requiredLiterals, (folded, text) =>
        test === null ? value.test(text) : test(folded),
      );
      for (const feeder of feeders) {
        const times = Math.min(feeder.nodes.length, feedLimit);
        feeder.feedsGroupListsOf ??= [];
        for (let time = 0; time < times; time++) feeder.feedsGroupListsOf.push(rule.id);
      }
    } else if (context && !flags.checkDiff) {
      rule.searchKind = "events";
    }
  }

  const tree: RuleTree = {
    roots,
    byId,
    nodes,
    all,
    incomplete: false,
    add(rule, duplicate, context) {
      all.push(rule);
      if (duplicate) return;
      if (rule.data.context) rule.lastEventsOf = rule;
      if (rule.id < 10) hang(rule, null);
      else if (rule.overwrite) {
        overwriteRule(rule, context);
        return;
      } else if (rule.ifSid !== null) addUnderIds(rule, rule.ifSid, context);
      else if (rule.ifLevel !== null) addUnderLevel(rule, rule.ifLevel, context);
      else if (rule.ifGroup !== null) addUnderGroup(rule, rule.ifGroup, context);
      else addUnderCategory(rule, context);
      bindSearch(rule);
    },
  };
  return tree;
}
