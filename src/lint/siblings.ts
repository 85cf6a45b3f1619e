/** Rules that are never reached because a sibling that is tried before them takes every event. */
import type { AddressEntry } from "../ossec/addresses/address.js";
import type { PatternDefinition, RuleDefinition } from "../ossec/definitions.js";
import type { LintContext } from "./context.js";
import { implies } from "./tokens.js";
import type { NodePlace } from "./tree.js";
import { chainOf } from "./tree.js";

export interface StarvedRule {
  readonly rule: RuleDefinition;
  /** The sibling that takes its events, at its first place. */
  readonly by: RuleDefinition;
}

/** More siblings than this are not compared with one another. */
const comparedSiblings = 512;

const patternSlots = [
  "programName",
  "idPattern",
  "systemName",
  "protocol",
  "url",
  "location",
  "srcport",
  "dstport",
  "user",
  "srcgeoip",
  "dstgeoip",
  "data",
  "extraData",
  "hostname",
  "status",
] as const;

type PatternSlot = (typeof patternSlots)[number];

/** A sibling that could take the events of those behind it. */
interface Candidate {
  readonly rule: RuleDefinition;
  /** Its conditions with patterns, apart from match and regex. */
  readonly slots: readonly PatternSlot[];
}

const none: readonly never[] = [];

/** Conditions that may change from event to event, or that are not compared here. */
function mayFail(rule: RuleDefinition): boolean {
  return (
    rule.noalert ||
    rule.refused ||
    rule.search !== null ||
    rule.ifFts ||
    rule.checkDiff ||
    rule.time !== null ||
    rule.weekday !== null ||
    rule.lists.length > 0 ||
    rule.compiledRule !== null ||
    rule.fields.length > 0
  );
}

/** The very same pattern or text. */
function sameText(one: RuleDefinition["action"], other: RuleDefinition["action"]): boolean {
  return one?.text === other?.text && one?.language === other?.language && one?.negated === other?.negated;
}

function patternImplies(
  context: LintContext,
  one: PatternDefinition | null,
  other: PatternDefinition,
): boolean {
  if (one === null) return false;
  if (sameText(one, other)) return true;
  if (one.negated === true || other.negated === true) return false;
  return implies(context.alternativesOf(one), context.alternativesOf(other));
}

const entryKey = ({ text, negated }: AddressEntry): string => `${negated ? "not " : ""}${text}`;

/** Does every event that reaches the rule meet all conditions of its sibling? */
function takes(
  context: LintContext,
  { rule: by, slots }: Candidate,
  chain: readonly RuleDefinition[],
): boolean {
  for (const slot of slots) {
    const wanted = by[slot];
    if (wanted !== null && !chain.some((rule) => patternImplies(context, rule[slot], wanted))) return false;
  }
  for (const wanted of [by.match, by.regex]) {
    if (wanted === null) continue;
    const given = chain.some(
      (rule) => patternImplies(context, rule.match, wanted) || patternImplies(context, rule.regex, wanted),
    );
    if (!given) return false;
  }
  if (by.action !== null && !chain.some(({ action }) => sameText(action, by.action))) return false;
  if (by.maxsize > 0 && !chain.some(({ maxsize }) => maxsize >= by.maxsize)) return false;
  for (const slot of ["srcip", "dstip"] as const) {
    const wanted = new Set(by[slot].map(entryKey));
    if (wanted.size === 0) continue;
    // Of negated entries all have to be met.
    const given = chain.some(
      (rule) =>
        rule[slot].length > 0 &&
        rule[slot].every((entry) => wanted.has(entryKey(entry))) &&
        (!rule[slot].some(({ negated }) => negated) || rule[slot].length === wanted.size),
    );
    if (!given) return false;
  }
  return true;
}

/** Which sibling takes what would reach this place; `able` are those before it that could. */
function takerOf(
  context: LintContext,
  place: NodePlace,
  able: ReadonlyMap<string | null, readonly Candidate[]>,
): RuleDefinition | null {
  if (able.size === 0) return null;
  const chain = [...chainOf(place)];
  for (const one of able.get(null) ?? none) if (takes(context, one, chain)) return one.rule;
  if (place.decodedAs === null) return null;
  for (const one of able.get(place.decodedAs) ?? none) if (takes(context, one, chain)) return one.rule;
  return null;
}

const memory = new WeakMap<LintContext, readonly StarvedRule[]>();

/** Rules that are starved at every place they have in the tree; three rules ask. */
export function starvedRules(context: LintContext): readonly StarvedRule[] {
  const known = memory.get(context);
  if (known !== undefined) return known;
  const made = findStarved(context);
  memory.set(context, made);
  return made;
}

function findStarved(context: LintContext): readonly StarvedRule[] {
  const { tree } = context;
  const takers = new Map<RuleDefinition, RuleDefinition[]>();
  const look = (children: readonly NodePlace[]): void => {
    const able = new Map<string | null, Candidate[]>();
    for (const place of children) {
      const { rule } = place.node;
      const by = takerOf(context, place, able);
      if (by !== null) {
        const known = takers.get(rule);
        if (known === undefined) takers.set(rule, [by]);
        else known.push(by);
      } else if (!mayFail(rule) && !place.conflict) {
        const list = able.get(rule.decodedAs);
        const candidate = { rule, slots: patternSlots.filter((slot) => rule[slot] !== null) };
        if (list === undefined) able.set(rule.decodedAs, [candidate]);
        else if (list.length < comparedSiblings) list.push(candidate);
      }
    }
  };
  look(tree.roots.filter(({ node }) => node.rule.id >= 10));
  for (const place of tree.all) {
    const children = tree.childrenOf(place);
    if (children.length > 1) look(children);
  }
  const starved: StarvedRule[] = [];
  for (const [rule, by] of takers) {
    const [first] = by;
    if (first !== undefined && by.length === tree.places.get(rule)?.length) starved.push({ rule, by: first });
  }
  return starved;
}
