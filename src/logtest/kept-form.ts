/** A loaded configuration made small for keeping. */
import type {
  DecoderDefinition,
  DecoderNode,
  LoadedOssec,
  PatternDefinition,
  RuleDefinition,
  RuleNode,
} from "../ossec/definitions.js";
import type { Place } from "../ossec/xml/source.js";
import { type PackedRows, packRows, unpackRows } from "./packed-rows.js";

/** A rule or decoder by its number, and its children by theirs. */
type KeptNode = readonly [number: number, children: readonly number[]];

/** Rules, decoders and nodes of the tree by number. */
export interface KeptLoaded {
  /** Everything else. */
  readonly rest: LoadedOssec;
  readonly rules: PackedRows<RuleDefinition>;
  readonly decoders: PackedRows<DecoderDefinition>;
  readonly withProgramName: readonly KeptNode[];
  readonly withoutProgramName: readonly KeptNode[];
  readonly listed: readonly number[];
  readonly ruleById: readonly (readonly [id: number, rule: number])[];
  readonly tree: readonly KeptNode[];
  readonly roots: readonly number[];
}

const nowhere: Place = { source: { file: "", text: "" }, start: 0, end: 0 };
const nowheres: readonly [Place] = [nowhere];
const nothing: readonly never[] = [];

function numberOf<T>(numbers: Map<T, number>, item: T): number {
  const known = numbers.get(item);
  if (known !== undefined) return known;
  const number = numbers.size;
  numbers.set(item, number);
  return number;
}

/** A configuration without what only diagnostics and lint need: places, elements, sources. */
export function packLoaded(loaded: LoadedOssec): KeptLoaded {
  const patterns = new Map<PatternDefinition, PatternDefinition>();
  const rules = new Map<RuleDefinition, number>();
  const decoders = new Map<DecoderDefinition, number>();
  const nodes = new Map<RuleNode, number>();
  const pattern = <T extends PatternDefinition | null>(given: T): T | PatternDefinition => {
    if (given === null) return given;
    const known = patterns.get(given) ?? { language: given.language, text: given.text, places: nowheres };
    patterns.set(given, known);
    return known;
  };
  const few = <T>(items: readonly T[]): readonly T[] => (items.length === 0 ? nothing : items);
  const rule = (given: RuleDefinition): number => numberOf(rules, given);
  const decoder = (given: DecoderDefinition): number => numberOf(decoders, given);
  const plainRule = (given: RuleDefinition): RuleDefinition => ({
    ...given,
    programName: pattern(given.programName),
    idPattern: pattern(given.idPattern),
    match: pattern(given.match),
    regex: pattern(given.regex),
    fields: few(given.fields.map((field) => ({ name: field.name, pattern: pattern(field.pattern) }))),
    srcip: few(given.srcip),
    dstip: few(given.dstip),
    url: pattern(given.url),
    srcport: pattern(given.srcport),
    dstport: pattern(given.dstport),
    user: pattern(given.user),
    srcgeoip: pattern(given.srcgeoip),
    dstgeoip: pattern(given.dstgeoip),
    time: given.time === null ? null : { ...given.time, place: nowhere },
    weekday: given.weekday === null ? null : { ...given.weekday, place: nowhere },
    extraData: pattern(given.extraData),
    hostname: pattern(given.hostname),
    status: pattern(given.status),
    lists: few(
      given.lists.map((list) => ({ ...list, checkValue: pattern(list.checkValue), place: nowhere })),
    ),
    search:
      given.search?.kind === "events"
        ? { ...given.search, regex: pattern(given.search.regex) }
        : given.search,
    ifMatchedGroup: pattern(given.ifMatchedGroup),
    feedsGroupListsOf: few(given.feedsGroupListsOf),
    ignoreFields: few(given.ignoreFields),
    checkIfIgnored: few(given.checkIfIgnored),
    activeResponses: few(given.activeResponses),
    info: few(given.info),
    place: nowhere,
    idPlace: nowhere,
    attributes: nothing,
    elements: nothing,
    overwrites: nothing,
  });
  // One by one: what was loaded holds more than its type says, the whole file among it.
  const plainDecoder = (given: DecoderDefinition): DecoderDefinition => ({
    index: given.index,
    name: given.name,
    reportedName: given.reportedName,
    parent: given.parent,
    programName: pattern(given.programName),
    prematch: pattern(given.prematch),
    prematchOffset: given.prematchOffset,
    regex: pattern(given.regex),
    regexOffset: given.regexOffset,
    order: given.order,
    fts: few(given.fts),
    type: given.type,
    useOwnName: given.useOwnName,
    accumulate: given.accumulate,
    plugin: given.plugin,
    getNext: given.getNext,
    refused: given.refused,
    place: nowhere,
    namePlace: nowhere,
    attributes: nothing,
    elements: nothing,
  });
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
  const roots = loaded.roots.map(node);
  const tree: KeptNode[] = [];
  for (let next = waiting.pop(); next !== undefined; next = waiting.pop())
    tree[node(next)] = [rule(next.rule), next.children.map(node)];
  const withProgramName = loaded.decoders.withProgramName.map(decoderNode);
  const withoutProgramName = loaded.decoders.withoutProgramName.map(decoderNode);
  const listed = loaded.rules.map(rule);
  const ruleById = [...loaded.ruleById].map(([id, definition]) => [id, rule(definition)] as const);
  const { conf } = loaded;
  return {
    rest: {
      ...loaded,
      decoders: {
        withProgramName: nothing,
        withoutProgramName: nothing,
        all: nothing,
        numbered: loaded.decoders.numbered,
      },
      rules: nothing,
      ruleById: new Map(),
      roots: nothing,
      conf: { ...conf, rules: nothing, decoders: nothing, lists: nothing, localfiles: nothing },
      sources: nothing,
    },
    rules: packRows([...rules.keys()].map(plainRule)),
    decoders: packRows([...decoders.keys()].map(plainDecoder)),
    withProgramName,
    withoutProgramName,
    listed,
    ruleById,
    tree,
    roots,
  };
}

/** The configuration that {@link packLoaded} packed. */
export function unpackLoaded(kept: KeptLoaded): LoadedOssec {
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
