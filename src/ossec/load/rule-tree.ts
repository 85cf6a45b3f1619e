/** The tree of rules (rules_list.c, docs/reference/ossec.md#place-in-the-tree). */

import type { PatternDefinition } from "../definitions.js";
import type { Dialect } from "../dialect.js";
import { type Matcher, wordTest } from "../patterns/index.js";
import { isAscii } from "../patterns/unicode/utf8.js";
import type { XmlDocument } from "../xml/document.js";
import type { SourceRange } from "../xml/source.js";
import { codes } from "./codes.js";
import type { ProblemLog } from "./problems.js";
import type { RuleDraft, TreeNode } from "./rule-draft.js";
import { RulesByGroup } from "./rules-by-group.js";
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

export interface TreeContext {
  readonly dialect: Dialect;
  readonly problems: ProblemLog;
  readonly references: References;
}

const sidElements = ["if_sid", "if_matched_sid"] as const;

const wrongIds = "if_sid is a list of rule ids separated by commas or blanks";

function isDigit(byte: number): boolean {
  return byte >= 48 && byte <= 57;
}

/** The test of a pattern for texts of ASCII in lower case, where it is no more than literals. */
function literalTest({ literalsDecide, requiredLiterals }: Matcher): ((folded: string) => boolean) | null {
  if (!literalsDecide || requiredLiterals === null) return null;
  return (folded) => {
    for (const literal of requiredLiterals) if (folded.includes(literal)) return true;
    return false;
  };
}

/** Place of an element's content by name, for messages. */
function placeOf(rule: RuleDraft, ...names: readonly string[]): SourceRange {
  const child = rule.element.children.find((element) => names.includes(lowerCase(element.name)));
  return child === undefined ? rule.element.opening : child.content;
}

/** Behind the digits that begin there. */
function endOfNumber(text: string, from: number): number {
  let end = from;
  while (end < text.length && isDigit(text.charCodeAt(end))) end++;
  return end;
}

export class RuleTree {
  readonly roots = noSiblings();
  /** A rule file could not be read to its end: missing references are reported no more, they may lie there. */
  incomplete = false;
  readonly #nodes: TreeNode[] = [];
  readonly #all: RuleDraft[] = [];
  readonly #byId = new Map<number, RuleDraft>();
  readonly #byGroup = new RulesByGroup();
  /** Rules whose parents are missing: what names them is not told again. */
  readonly #detached = new Set<number>();
  #full = false;

  /** Rules in the tree. */
  get byId(): ReadonlyMap<number, RuleDraft> {
    return this.#byId;
  }

  get nodes(): readonly TreeNode[] {
    return this.#nodes;
  }

  /** In load order, also those that are in no tree. */
  get all(): readonly RuleDraft[] {
    return this.#all;
  }

  /** Adds a rule where the engine would; a duplicate is only listed. */
  add(rule: RuleDraft, duplicate: boolean, context: TreeContext): void {
    this.#all.push(rule);
    if (duplicate) return;
    if (rule.data.context) rule.lastEventsOf = rule;
    if (rule.id < 10) this.#hang(rule, null);
    else if (rule.overwrite && this.#overwrite(rule, context)) return;
    else if (rule.ifSid !== null) this.#addUnderIds(rule, rule.ifSid, context);
    else if (rule.ifLevel !== null) this.#addUnderLevel(rule, rule.ifLevel, context);
    else if (rule.ifGroup !== null) this.#addUnderGroup(rule, rule.ifGroup, context);
    else this.#addUnderCategory(rule, context);
    if (!rule.leftOut) this.#bindSearch(rule, context.dialect);
  }

  #hang(rule: RuleDraft, parent: TreeNode | null): void {
    const node = insertSibling(parent === null ? this.roots : siblingsBelow(parent), rule, parent);
    this.#nodes.push(node);
    if (rule.nodes.length > 0) {
      rule.nodes.push(node);
      return;
    }
    if (!this.#byId.has(rule.id)) this.#byId.set(rule.id, rule);
    this.#byGroup.add(rule);
    rule.nodes = [node];
  }

  #hangAll(rule: RuleDraft, parents: readonly TreeNode[], context: TreeContext): void {
    // A rule that names itself adds to its own nodes meanwhile.
    const count = parents.length;
    for (let index = 0; index < count; index++) {
      const parent = parents[index];
      if (parent === undefined) break;
      if (this.#nodes.length >= nodeLimit) {
        this.#reportFull(rule, context);
        return;
      }
      this.#hang(rule, parent);
    }
  }

  #reportFull(rule: RuleDraft, { problems }: TreeContext): void {
    rule.refused = true;
    if (this.#full) return;
    this.#full = true;
    problems.report(
      codes.ruleTreeSize,
      placeOf(rule, "if_group", "if_level", "if_sid", "if_matched_group"),
      `with the rule ${rule.id} the tree has more than ${nodeLimit} places: every rule that is attached under many others multiplies them, and loading does not end`,
      { outcome: "hang" },
    );
  }

  #reportMissing(rule: RuleDraft, at: SourceRange, message: string, context: TreeContext): void {
    const { open } = context.references;
    const isLeftOut = context.dialect.rules.withoutPlace === "left-out";
    if (isLeftOut) rule.leftOut = true;
    else if (!open) rule.refused = true;
    if (this.incomplete) return;
    context.problems.report(codes.ruleReference, at, message, {
      unresolved: open,
      ...(isLeftOut ? { outcome: "left-out" } : {}),
    });
  }

  #addUnderIds(rule: RuleDraft, ids: string, context: TreeContext): void {
    const leavesOut = context.dialect.rules.withoutPlace === "left-out";
    if (leavesOut && !/^[0-9, ]+$/.test(ids)) {
      this.#reportMissing(rule, placeOf(rule, ...sidElements), wrongIds, context);
      return;
    }
    let separated = true;
    for (let index = 0; index <= ids.length; index++) {
      const byte = index < ids.length ? ids.charCodeAt(index) : 0;
      if (byte === 44 || byte === 32) separated = true;
      else if (byte === 0 || isDigit(byte)) {
        if (!separated) continue;
        separated = false;
        const id = atoi(ids.slice(index, endOfNumber(ids, index)));
        // A separator at the end is read as id 0, and 0 as "no parent named".
        if (id === 0) this.#addUnderCategory(rule, context);
        else this.#addUnderId(rule, id, context);
      } else {
        rule.refused = true;
        context.problems.report(codes.ruleReference, placeOf(rule, ...sidElements), wrongIds);
        return;
      }
    }
    if (leavesOut && rule.nodes.length === 0 && !rule.leftOut) {
      const at = placeOf(rule, ...sidElements);
      this.#reportMissing(rule, at, "none of its parents is loaded before this rule", context);
    }
  }

  #addUnderId(rule: RuleDraft, id: number, context: TreeContext): void {
    const parent = this.#byId.get(id);
    if (parent !== undefined) {
      rule.category = parent.category;
      inherit(rule, parent);
      this.#hangAll(rule, reachedNodes(parent.nodes), context);
      return;
    }
    const known = this.#detached.has(id);
    this.#detached.add(rule.id);
    const at = placeOf(rule, ...sidElements);
    const message = `no rule ${id} is loaded before this one`;
    if (context.references.definesRule(id, rule.document)) return;
    if (context.dialect.rules.withoutPlace === "refused") {
      if (!known) this.#reportMissing(rule, at, message, context);
    } else if (!this.incomplete) {
      const unresolved = context.references.open;
      context.problems.report(codes.ruleReference, at, message, {
        unresolved,
        outcome: "warning",
        engineMessage: 7617,
      });
    }
  }

  #addUnderLevel(rule: RuleDraft, text: string, context: TreeContext): void {
    const written = atoi(text);
    const at = placeOf(rule, "if_level");
    if (written === 0 && context.dialect.rules.withoutPlace === "left-out") {
      this.#reportMissing(rule, at, "if_level 0 is no level", context);
      return;
    }
    if (written === 0) {
      context.problems.report(
        codes.ruleLevelZero,
        at,
        `if_level ${text === "" ? "without a number" : "0"} puts the rule ${rule.id} nowhere: it never matches`,
        { outcome: "warning" },
      );
      return;
    }
    const level = Math.imul(written, 100);
    if (level === 0) {
      this.#addUnderCategory(rule, context);
      return;
    }
    const parents = this.#nodes.filter(
      (node) => node.rule.data.treeLevel >= level && node.rule.id !== rule.id,
    );
    this.#hangAll(rule, parents, context);
    if (parents.length > 0) return;
    this.#detached.add(rule.id);
    const message = `no rule of level ${written} or more is loaded before this one`;
    this.#reportMissing(rule, at, message, context);
  }

  #addUnderGroup(rule: RuleDraft, words: string, context: TreeContext): void {
    const alternatives = words.split("|");
    // An empty alternative beside others is found in every text; an empty text as a whole in none.
    const everywhere = alternatives.length > 1 && alternatives.includes("");
    const test = wordTest(words);
    const parents = this.#byGroup
      .whose(
        everywhere ? null : alternatives.map((word) => (word.startsWith("^") ? word.slice(1) : word)),
        (folded) => everywhere || test(folded),
      )
      .filter((parent) => parent.id !== rule.id);
    for (const parent of parents) {
      inherit(rule, parent);
      this.#hangAll(rule, parent.nodes, context);
    }
    if (parents.length > 0) return;
    this.#detached.add(rule.id);
    if (context.references.definesGroup(words, rule.document)) return;
    const at = placeOf(rule, "if_group", "if_matched_group");
    const message = `no rule loaded before this one has "${words}" in its groups`;
    this.#reportMissing(rule, at, message, context);
  }

  #addUnderCategory(rule: RuleDraft, context: TreeContext): void {
    for (const run of this.roots.runs) {
      const root = run.nodes.find((node) => node.rule.category === rule.category);
      if (root === undefined) continue;
      this.#hangAll(rule, [root], context);
      return;
    }
    this.#detached.add(rule.id);
    const message = `no root of the category ${rule.category} is loaded before this rule (rules_config.xml holds the roots)`;
    this.#reportMissing(rule, placeOf(rule, "category"), message, context);
  }

  /**
   * Puts what `overwrite="yes"` replaces into the old rule, whose search and places stay (docs/reference/ossec.md#place-in-the-tree, #corner-cases-of-analysis).
   * False: there is none, and the rule is added like any other.
   */
  #overwrite(rule: RuleDraft, context: TreeContext): boolean {
    const { dialect, problems, references } = context;
    const { rules: language } = dialect;
    const old = this.#byId.get(rule.id);
    if (old === undefined) {
      const message = `there is no rule ${rule.id} to overwrite`;
      if (language.nothingToOverwrite === "added") {
        problems.report(codes.ruleReference, rule.idPlace, `${message}: it is loaded like any other`, {
          unresolved: references.open,
          outcome: "warning",
          engineMessage: 7613,
        });
        return false;
      }
      if (!this.#detached.has(rule.id) && !references.definesRule(rule.id, rule.document))
        this.#reportMissing(rule, rule.idPlace, message, context);
      return true;
    }
    if (old.data.treeLevel !== rule.data.treeLevel) this.#changeLevel(old, rule.data.treeLevel);
    this.#byGroup.delete(old);
    language.overwrite(old, rule, problems);
    this.#byGroup.add(old);
    if (rule.data.checkDiff && old.lastEventsOf === null) old.lastEventsOf = old;
    old.overwrites = [...old.overwrites, rule];
    if (rule.refused) old.refused = true;
    // The old rule goes on to search where it did; but the new target is one now.
    if (language.overwriteMarksTarget) this.#markTarget(rule.data.ifMatchedSid);
    return true;
  }

  #changeLevel(rule: RuleDraft, level: number): void {
    for (const node of rule.nodes) {
      const siblings = node.parent === null ? this.roots : siblingsBelow(node.parent);
      changeLevel(siblings, node, level);
    }
  }

  /** From now on the events of this rule stand in a list of their own, and in no other; false: there is no such rule. */
  #markTarget(id: number): boolean {
    const target = this.#byId.get(id);
    if (target !== undefined) target.feedsSidList = true;
    return target !== undefined;
  }

  /** Which lists this composite reads, and who feeds them. */
  #bindSearch(rule: RuleDraft, dialect: Dialect): void {
    const { ifMatchedSid, ifMatchedGroup, context, checkDiff } = rule.data;
    if (ifMatchedSid !== 0) {
      rule.bound = { kind: "sid", sid: ifMatchedSid, found: this.#markTarget(ifMatchedSid) };
    } else if (ifMatchedGroup !== null) {
      rule.bound = groupSearch;
      this.#feedGroupList(rule, ifMatchedGroup, dialect);
    } else if (context && !checkDiff) {
      rule.bound = eventSearch;
    }
  }

  #feedGroupList(composite: RuleDraft, pattern: PatternDefinition, dialect: Dialect): void {
    const compiled = dialect.compilePattern(pattern);
    if (!compiled.ok) return;
    const { value } = compiled;
    const test = literalTest(value);
    const feeders = this.#byGroup.whose(value.requiredLiterals, (folded, text) =>
      test !== null && isAscii(folded) ? test(folded) : value.test(text),
    );
    for (const feeder of feeders) {
      const times = Math.min(feeder.nodes.length, feedLimit);
      feeder.feedsGroupListsOf ??= [];
      for (let time = 0; time < times; time++) feeder.feedsGroupListsOf.push(composite.id);
    }
  }
}

const groupSearch = { kind: "group" } as const;
const eventSearch = { kind: "events" } as const;

/** Rules below a composite show its last events. */
function inherit(rule: RuleDraft, parent: RuleDraft): void {
  if (rule.lastEventsOf === null) rule.lastEventsOf = parent.lastEventsOf;
}
