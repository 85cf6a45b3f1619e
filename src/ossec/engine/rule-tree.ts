/** Rules made runnable: compiled patterns, and the state that the engine keeps in them. */

import type { AddressEntry } from "../addresses/address.js";
import type {
  ActiveResponseDefinition,
  EventType,
  RuleDefinition,
  RuleNode,
  Ruleset,
} from "../definitions.js";
import type { Dialect } from "../dialect.js";
import type { Matcher } from "../patterns/index.js";
import type { AddressList } from "./address-list.js";
import type { Comparisons } from "./comparisons.js";
import { type CompiledRule, compiledRules } from "./compiled-rules.js";
import { type Condition, conditionsOf } from "./conditions.js";
import { comparisonsOf } from "./correlation.js";
import type { KnownProgram, RuntimeDecoder } from "./decoder-set.js";
import { EventLists } from "./event-lists.js";
import type { EventMemory } from "./event-memory.js";
import type { EventQueue } from "./event-queue.js";
import { type ListTest, listTest } from "./list-test.js";
import { alwaysOpen } from "./literal-tables.js";
import { type FieldMatcher, fieldMatcher, type LogMatcher, logMatcher } from "./log-matcher.js";
import type { PatternCompiler } from "./patterns.js";
import type { Prefilters } from "./prefilters.js";
import type { Column, Feeding } from "./stored-events.js";

/** Lines of earlier events that an alert shows; shared by a composite and the rules below it. */
export interface LastEvents {
  lines: string[];
}

/** Where a composite looks for earlier events. */
export type RuntimeSearch =
  /** The list of one rule or of a group; null: the target is missing, the rule is dead. */
  | {
      readonly kind: "list";
      readonly events: EventQueue | null;
      readonly showsLastCounted: boolean;
      readonly comparisons: Comparisons;
    }
  | {
      readonly kind: "memory";
      readonly regex: Matcher | null;
      readonly comparisons: Comparisons;
      /** An event of another agent hangs the engine (Wazuh); null: agents are not told apart. */
      readonly agent: Column | null;
    }
  /** The engine dies. */
  | { readonly kind: "unbound" };

/** The test of an action: a text or a pattern. */
export type ActionTest = Pick<Matcher, "test">;

export interface RuntimeField {
  /** Lower case. */
  readonly name: string;
  readonly matcher: Matcher;
}

export interface RuntimeRule {
  readonly definition: RuleDefinition;
  readonly level: number;
  /** Those that it has, in the order of the tests. */
  readonly conditions: readonly Condition[];
  readonly decodedAs: string | null;
  readonly programName: Matcher | null;
  readonly id: FieldMatcher | null;
  readonly match: LogMatcher | null;
  readonly regex: LogMatcher | null;
  readonly systemName: Matcher | null;
  readonly protocol: Matcher | null;
  readonly action: ActionTest | null;
  readonly url: FieldMatcher | null;
  readonly location: Matcher | null;
  readonly fields: readonly RuntimeField[];
  /** Of the fields; {@link alwaysOpen}: none. */
  readonly namedPrefilter: number;
  readonly srcip: AddressList | null;
  readonly dstip: AddressList | null;
  readonly srcport: Matcher | null;
  readonly dstport: Matcher | null;
  readonly compiledRule: CompiledRule | null;
  readonly user: Matcher | null;
  readonly data: Matcher | null;
  readonly extraData: Matcher | null;
  readonly hostname: Matcher | null;
  readonly status: Matcher | null;
  readonly lists: readonly ListTest[];
  readonly search: RuntimeSearch | null;
  /** Where this rule's own search writes; null: the engine made no buffer. */
  readonly lastEvents: LastEvents | null;
  /** Other rules show what this rule's search left in the buffer. */
  readonly sharesLastEvents: boolean;
  /** Where its events are stored for composites. */
  readonly feeds: Feeding;
  readonly responses: readonly ActiveResponseDefinition[];
  /** Start of the silence that `ignore=` began; 0 = none. */
  timeIgnored: number;
  /** How often it was reported. */
  firedTimes: number;
}

export interface RuntimeNode {
  readonly rule: RuntimeRule;
  readonly category: EventType;
  readonly children: readonly RuntimeNode[];
  /** {@link childrenFor}'s memory. */
  readonly byDecoder: (DecoderChildren | undefined)[];
  /** Counts, for the whole tree, what programs remember. */
  readonly asking: { count: number };
}

/** Children to be tried, in order, each with one prefilter that has to be open. */
export interface ChildList {
  readonly nodes: readonly RuntimeNode[];
  /** Of a pattern on the line or on a field; {@link alwaysOpen}: of none. */
  readonly prefilters: Int32Array;
}

/** The children that an event of one decoder can match. */
export interface DecoderChildren {
  readonly all: ChildList;
  /** Some of them ask for a program name: what is left of them without one, and their number in a program's memory. */
  readonly asking: { readonly withoutProgram: ChildList; readonly number: number } | null;
}

/** Of its fields, or of the first of its patterns that has one of its own. */
function prefilterOf({ namedPrefilter, match, regex, url, id }: RuntimeRule): number {
  if (namedPrefilter !== alwaysOpen) return namedPrefilter;
  for (const pattern of [match, regex, url, id])
    if (pattern !== null && pattern.prefilter !== alwaysOpen) return pattern.prefilter;
  return alwaysOpen;
}

function childList(nodes: readonly RuntimeNode[], prefiltered: boolean): ChildList {
  const prefilters = new Int32Array(nodes.length).fill(alwaysOpen);
  if (prefiltered) {
    for (const [index, { rule }] of nodes.entries()) prefilters[index] = prefilterOf(rule);
  }
  return { nodes, prefilters };
}

/** Every child, none of them behind a prefilter. */
export function everyChild(node: RuntimeNode): ChildList {
  return childList(node.children, false);
}

const noChildren: ChildList = { nodes: [], prefilters: new Int32Array(0) };

function decoderChildren(node: RuntimeNode, decoder: RuntimeDecoder): DecoderChildren {
  const nodes = node.children.filter(
    ({ rule }) => rule.decodedAs === null || rule.decodedAs === decoder.identity,
  );
  const unasking = nodes.filter(({ rule }) => rule.programName === null);
  const all = childList(nodes, true);
  if (unasking.length === nodes.length) return { all, asking: null };
  return { all, asking: { withoutProgram: childList(unasking, true), number: node.asking.count++ } };
}

function programChildren({ nodes }: ChildList, { name }: KnownProgram): ChildList {
  return childList(
    nodes.filter(({ rule: { programName } }) => programName?.test(name) !== false),
    true,
  );
}

/**
 * The children that an event of this decoder and program can match: the others ask for something else.
 *
 * @param program - null: the event has no program name
 */
export function childrenFor(
  node: RuntimeNode,
  decoder: RuntimeDecoder,
  program: KnownProgram | null,
): ChildList {
  if (node.children.length === 0) return noChildren;
  let known = node.byDecoder[decoder.number];
  if (known === undefined) {
    known = decoderChildren(node, decoder);
    node.byDecoder[decoder.number] = known;
  }
  const { all, asking } = known;
  if (asking === null) return all;
  if (program === null) return asking.withoutProgram;
  let children = program.children[asking.number];
  if (children === undefined) {
    children = programChildren(all, program);
    program.children[asking.number] = children;
  }
  return children;
}

/** Prepares a list for the search of a composite. */
function compare(events: EventQueue | null, { list, key }: Comparisons): void {
  for (const { column } of list) events?.compared.add(column);
  if (key !== null) events?.indexBy(key);
}

/** Shared by everything that holds nothing. */
const nothing: readonly never[] = [];

/** The tree of rules, runnable. A rule that is attached under several parents is one object. */
export interface RuntimeTree {
  readonly roots: readonly RuntimeNode[];
  readonly byDefinition: ReadonlyMap<RuleDefinition, RuntimeRule>;
}

/** How many rules show what is in a composite's buffer of last events, by the number of the composite. */
function bufferReaders(loaded: Ruleset): ReadonlyMap<number, number> {
  const readers = new Map<number, number>();
  for (const { lastEventsOf } of loaded.rules)
    if (lastEventsOf !== null) readers.set(lastEventsOf, (readers.get(lastEventsOf) ?? 0) + 1);
  return readers;
}

/** Compiles the rules of a configuration, with the lists and buffers that several of them share. */
export class RuleCompiler {
  readonly #loaded: Ruleset;
  readonly #dialect: Dialect;
  readonly #compiler: PatternCompiler;
  readonly #prefilters: Prefilters;
  readonly #memory: EventMemory;
  readonly #lists: EventLists;
  /** By the number of the composite that writes to it. */
  readonly #buffers = new Map<number, LastEvents>();
  readonly #readers: ReadonlyMap<number, number>;
  /** By what is compared. */
  readonly #comparisons = new Map<string, Comparisons>();
  readonly #rules = new Map<RuleDefinition, RuntimeRule>();

  /**
   * @param memory - where composites search
   */
  constructor(loaded: Ruleset, compiler: PatternCompiler, prefilters: Prefilters, memory: EventMemory) {
    this.#loaded = loaded;
    this.#dialect = loaded.dialect;
    this.#compiler = compiler;
    this.#prefilters = prefilters;
    this.#memory = memory;
    this.#lists = new EventLists(loaded, memory, loaded.options.sidHistory);
    this.#readers = bufferReaders(loaded);
  }

  /** Compiles all rules. Deep trees do not deepen the stack. */
  tree(): RuntimeTree {
    for (const definition of this.#loaded.rules) this.#ruleOf(definition);
    const waiting: { readonly from: readonly RuleNode[]; readonly to: RuntimeNode[] }[] = [];
    const asking = { count: 0 };
    const runtime = (node: RuleNode): RuntimeNode => {
      const children: RuntimeNode[] = [];
      const byDecoder: RuntimeNode["byDecoder"] = [];
      if (node.children.length > 0) waiting.push({ from: node.children, to: children });
      const rule = this.#ruleOf(node.rule);
      return { rule, category: node.rule.category, children, byDecoder, asking };
    };
    const roots = this.#loaded.roots.map(runtime);
    for (let below = waiting.pop(); below !== undefined; below = waiting.pop())
      for (const child of below.from) below.to.push(runtime(child));
    return { roots, byDefinition: this.#rules };
  }

  #ruleOf(definition: RuleDefinition): RuntimeRule {
    let rule = this.#rules.get(definition);
    if (rule === undefined) {
      rule = this.#compile(definition);
      this.#rules.set(definition, rule);
    }
    return rule;
  }

  #compile(rule: RuleDefinition): RuntimeRule {
    const compiler = this.#compiler;
    const prefilters = this.#prefilters;
    const { compiledRule } = rule;
    const { ownEarlierLines, fieldsByName } = this.#dialect.engine;
    const lastEventsOf = ownEarlierLines ? null : rule.lastEventsOf;
    const fields = rule.fields.length === 0 ? nothing : this.#fieldsOf(rule);
    return {
      definition: rule,
      level: rule.level,
      conditions: conditionsOf(rule),
      decodedAs: rule.decodedAs,
      programName: compiler.compile(rule.programName),
      id: fieldMatcher(compiler.compile(rule.idPattern), prefilters),
      match: logMatcher(compiler.compile(rule.match), prefilters),
      regex: logMatcher(compiler.compile(rule.regex), prefilters),
      systemName: compiler.compile(rule.systemName),
      protocol: compiler.compile(rule.protocol),
      action: this.#actionOf(rule),
      url: fieldMatcher(compiler.compile(rule.url), prefilters),
      location: compiler.compile(rule.location),
      fields,
      namedPrefilter: fieldsByName && fields.length > 0 ? prefilters.namedPrefilter(fields) : alwaysOpen,
      srcip: this.#addressList(rule.srcip),
      dstip: this.#addressList(rule.dstip),
      srcport: compiler.compile(rule.srcport),
      dstport: compiler.compile(rule.dstport),
      compiledRule: compiledRule === null ? null : (compiledRules[compiledRule] ?? null),
      user: compiler.compile(rule.user),
      data: compiler.compile(rule.data),
      extraData: compiler.compile(rule.extraData),
      hostname: compiler.compile(rule.hostname),
      status: compiler.compile(rule.status),
      lists: rule.lists.length === 0 ? nothing : this.#listsOf(rule),
      search: this.#searchOf(rule),
      lastEvents: lastEventsOf === null ? null : this.#bufferOf(lastEventsOf),
      sharesLastEvents: lastEventsOf !== null && (this.#readers.get(lastEventsOf) ?? 0) > 1,
      feeds: this.#lists.fedBy(rule),
      responses: rule.activeResponses.flatMap((index) => this.#loaded.conf.activeResponses[index] ?? []),
      timeIgnored: 0,
      firedTimes: 0,
    };
  }

  #addressList(entries: readonly AddressEntry[]): AddressList | null {
    if (entries.length === 0) return null;
    const { addressesHold } = this.#dialect.engine;
    return (text) => addressesHold(entries, text);
  }

  #actionOf({ action }: RuleDefinition): ActionTest | null {
    if (action === null) return null;
    if (action.language !== "text") return this.#compiler.compile(action);
    const { text, negated = false } = action;
    return { test: (found) => (found === text) !== negated };
  }

  #fieldsOf(rule: RuleDefinition): readonly RuntimeField[] {
    const fields: RuntimeField[] = [];
    for (const { name, pattern } of rule.fields) {
      const matcher = this.#compiler.compile(pattern);
      if (matcher !== null) fields.push({ name: name.toLowerCase(), matcher });
    }
    return fields;
  }

  #listsOf(rule: RuleDefinition): readonly ListTest[] {
    return rule.lists.map((list) => listTest(list, this.#loaded, this.#compiler, this.#dialect.engine));
  }

  #searchOf(rule: RuleDefinition): RuntimeSearch | null {
    const { search, correlation } = rule;
    if (search === null || rule.checkDiff) return null;
    const { stored } = this.#memory;
    const isList = search.kind !== "events";
    // Composites compare few different things: those that compare the same share what is made for it.
    const shape = `${isList}${JSON.stringify(correlation)}`;
    let comparisons = this.#comparisons.get(shape);
    if (comparisons === undefined) {
      comparisons = comparisonsOf(correlation, isList, this.#dialect.engine, stored);
      this.#comparisons.set(shape, comparisons);
    }
    switch (search.kind) {
      case "sid": {
        const target = this.#loaded.ruleById.get(search.sid);
        const events = target?.feedsSidList === true ? this.#lists.ofSid(search.sid) : null;
        compare(events, comparisons);
        return { kind: "list", events, showsLastCounted: true, comparisons };
      }
      case "group": {
        const events = this.#lists.ofComposite(rule.id);
        compare(events, comparisons);
        return { kind: "list", events, showsLastCounted: false, comparisons };
      }
      case "unbound":
        return search;
      case "events":
        for (const { column } of comparisons.list) this.#memory.all.compared.add(column);
        return {
          kind: "memory",
          regex: this.#compiler.compile(search.regex),
          comparisons,
          agent: comparisons.list.find(({ field }) => field === "agent")?.column ?? null,
        };
    }
  }

  #bufferOf(id: number): LastEvents {
    let buffer = this.#buffers.get(id);
    if (buffer === undefined) {
      buffer = { lines: [] };
      this.#buffers.set(id, buffer);
    }
    return buffer;
  }
}
