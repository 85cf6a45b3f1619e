/** A ruleset made small for keeping. */
import type {
  DecoderDefinition,
  DecoderNode,
  RuleDefinition,
  RuleNode,
  Ruleset,
} from "../ossec/definitions.js";
import { type PackedRows, packRows, unpackRows } from "./packed-rows.js";

/** A rule or decoder by its number, and its children by theirs. */
type KeptNode = readonly [number: number, children: readonly number[]];

/** Rules, decoders and nodes of the tree by number. */
export interface KeptRuleset {
  /** Everything else. */
  readonly rest: Ruleset;
  readonly rules: PackedRows<RuleDefinition>;
  readonly decoders: PackedRows<DecoderDefinition>;
  readonly withProgramName: readonly KeptNode[];
  readonly withoutProgramName: readonly KeptNode[];
  readonly listed: readonly number[];
  readonly ruleById: readonly (readonly [id: number, rule: number])[];
  readonly tree: readonly KeptNode[];
  readonly roots: readonly number[];
}

const nothing: readonly never[] = [];

function numberOf<T>(numbers: Map<T, number>, item: T): number {
  const known = numbers.get(item);
  if (known !== undefined) return known;
  const number = numbers.size;
  numbers.set(item, number);
  return number;
}

export function packRuleset(ruleset: Ruleset): KeptRuleset {
  const rules = new Map<RuleDefinition, number>();
  const decoders = new Map<DecoderDefinition, number>();
  const nodes = new Map<RuleNode, number>();
  const rule = (given: RuleDefinition): number => numberOf(rules, given);
  const decoder = (given: DecoderDefinition): number => numberOf(decoders, given);
  const decoderNode = (given: DecoderNode): KeptNode => [decoder(given.decoder), given.children.map(decoder)];
  // Deep trees do not deepen the stack.
  const waiting: RuleNode[] = [];
  const node = (given: RuleNode): number => {
    const known = nodes.get(given);
    if (known !== undefined) return known;
    const number = nodes.size;
    nodes.set(given, number);
    waiting.push(given);
    return number;
  };
  const roots = ruleset.roots.map(node);
  const tree: KeptNode[] = [];
  for (let next = waiting.pop(); next !== undefined; next = waiting.pop())
    tree[node(next)] = [rule(next.rule), next.children.map(node)];
  const withProgramName = ruleset.decoders.withProgramName.map(decoderNode);
  const withoutProgramName = ruleset.decoders.withoutProgramName.map(decoderNode);
  const listed = ruleset.rules.map(rule);
  const ruleById = [...ruleset.ruleById].map(([id, definition]) => [id, rule(definition)] as const);
  return {
    rest: {
      ...ruleset,
      decoders: {
        withProgramName: nothing,
        withoutProgramName: nothing,
        all: nothing,
        numbered: ruleset.decoders.numbered,
      },
      rules: nothing,
      ruleById: new Map(),
      roots: nothing,
    },
    rules: packRows([...rules.keys()]),
    decoders: packRows([...decoders.keys()]),
    withProgramName,
    withoutProgramName,
    listed,
    ruleById,
    tree,
    roots,
  };
}

/** The ruleset that {@link packRuleset} packed. */
export function unpackRuleset(kept: KeptRuleset): Ruleset {
  const rules = unpackRows(kept.rules);
  const decoders = unpackRows(kept.decoders);
  const rule = (number: number): RuleDefinition => at(rules, number);
  const decoder = (number: number): DecoderDefinition => at(decoders, number);
  const decoderNode = ([number, children]: KeptNode): DecoderNode => ({
    decoder: decoder(number),
    children: children.map(decoder),
  });
  const built = kept.tree.map(([number]): { rule: RuleDefinition; children: RuleNode[] } => ({
    rule: rule(number),
    children: [],
  }));
  for (const [number, [, children]] of kept.tree.entries()) {
    const { children: list } = at(built, number);
    for (const child of children) list.push(at(built, child));
  }
  return {
    ...kept.rest,
    decoders: {
      withProgramName: kept.withProgramName.map(decoderNode),
      withoutProgramName: kept.withoutProgramName.map(decoderNode),
      all: nothing,
      numbered: kept.rest.decoders.numbered,
    },
    rules: kept.listed.map(rule),
    ruleById: new Map(kept.ruleById.map(([id, number]) => [id, rule(number)])),
    roots: kept.roots.map((number) => at(built, number)),
  };
}

/** A number that is in no list: the file is damaged. */
class Damaged extends Error {}

function at<T>(items: readonly T[], number: number): T {
  const item = items[number];
  if (item === undefined) throw new Damaged();
  return item;
}
