/**
 * Lines that a rule answers. What the rules on its way through the tree and a decoder ask for are languages; a text that
 * is in all of them is looked for, and then asked of the engine. Where another rule or decoder took the line, what
 * that one asks for is excluded, and it is tried again. Nothing counts but the engine's answer.
 */
import type {
  DecoderDefinition,
  PatternDefinition,
  RuleDefinition,
  RuleNode,
  Ruleset,
} from "../ossec/definitions.js";
import { type Clock, createClock, createEngine, type EngineEvent } from "../ossec/engine/index.js";
import { TextAutomaton } from "./automaton.js";
import { type Decoding, Decodings, type FieldKey, narrowed } from "./decodings.js";
import { type JsonRoom, skeletonOf } from "./skeleton.js";
import { type Constraint, isUnsolvable, solve } from "./solve.js";
import { atLeast, headerName, plainText } from "./trees.js";
import {
  FieldValues,
  listField,
  nothingRequested,
  type Patterns,
  patternsOf,
  type Requested,
} from "./values.js";
import { type FieldTest, fieldTests, type Wanted, type WantedField, wantedOf } from "./wanted.js";

/** A line, when it is received, and where it comes from. */
export interface SampleLine {
  /** latin1. */
  readonly line: string;
  /** Epoch seconds. */
  readonly time: number;
  /** Undefined: where the engine's lines come from. */
  readonly location: string | undefined;
}

/** What the engine says to a line, in log time. */
export type Ask = (sample: SampleLine) => EngineEvent;

/** How lines are asked, of whichever engine: another one would read their dates and hosts otherwise. */
export const samplingOptions = { ownHostname: "host1", timeZone: "UTC0", mode: "logtest" } as const;

/** A way from a root to a rule. */
export type RulePath = readonly RuleDefinition[];

/** What another rule or decoder asks for and the line must not meet. */
type Exclusion =
  | { readonly kind: "log"; readonly pattern: PatternDefinition }
  | { readonly kind: "program"; readonly pattern: PatternDefinition }
  | { readonly kind: "field"; readonly field: WantedField; readonly test: FieldTest }
  /** The header is another one. */
  | { readonly kind: "header" }
  /** The line is given once more. */
  | { readonly kind: "again" }
  /** JSON members take the place of a member's text. */
  | { readonly kind: "members" }
  /** Another hour or day. */
  | { readonly kind: "clock"; readonly rule: RuleDefinition };

/** When the first line is received: 2023-11-14 22:13:20 UTC. */
export const samplesStart = 1_700_000_000;
const solveSteps = 2500;
/** Lines tried of one decoding. */
const mostTries = 10;
/** Texts looked for, for one way to a rule. */
const mostTexts = 150;
const mostDecodings = 400;
/** Decodings with many fields that are tried before those without. */
const richFirst = 4;
const littleEffort = 0.25;
/** Lines that one other rule takes before a way is given up. */
const mostTaken = 12;
const mostPaths = 4;
const hour = 3600;
const week = 7 * 24 * hour;

/** Every way to each rule, the first ones. */
export function pathsOf(roots: readonly RuleNode[]): ReadonlyMap<RuleDefinition, readonly RulePath[]> {
  const paths = new Map<RuleDefinition, RulePath[]>();
  const walk = (node: RuleNode, above: RulePath): void => {
    const path = [...above, node.rule];
    const known = paths.get(node.rule);
    if (known === undefined) paths.set(node.rule, [path]);
    else if (known.length < mostPaths) known.push(path);
    else return;
    for (const child of node.children) walk(child, path);
  };
  for (const root of roots) walk(root, []);
  return paths;
}

/** How a line was made. */
export interface Way {
  readonly wanted: Wanted;
  readonly decoding: Decoding;
  readonly exclusions: readonly Exclusion[];
}

/** A line, and how it was made. */
export interface FoundLine {
  readonly sample: SampleLine;
  readonly event: EngineEvent;
  readonly way: Way;
}

interface Made {
  readonly line: string;
  readonly log: string;
  readonly location: string | undefined;
}

function engineOf(ruleset: Ruleset): Ask {
  const engine = createEngine(ruleset, samplingOptions);
  return ({ line, time, location }) => engine.process(line, time, location);
}

/** Makes lines of one configuration. */
export class LineMaker {
  readonly paths: ReadonlyMap<RuleDefinition, readonly RulePath[]>;
  readonly patterns: Patterns;
  readonly #ask: Ask;
  readonly #clock: Clock = createClock(samplingOptions.timeZone);
  readonly #values: FieldValues;
  readonly #decodings: Decodings;
  readonly #candidatesByKey = new Map<string, readonly Decoding[]>();
  readonly #skeletons = new Map<string, readonly Constraint[] | null>();
  readonly #names = new Map<string, string | null>();
  readonly #headerName: TextAutomaton | null = TextAutomaton.of(headerName);
  readonly #plain: TextAutomaton | null = TextAutomaton.of(plainText);
  /** Longer than any composite looks back. */
  readonly gap: number;
  #time = samplesStart;
  /** How much is tried before it is given up: 1 is all. */
  #effort = 1;
  /** Looked for since the present way to a rule was begun. */
  #texts = 0;
  /** Rules that took its lines, and how often. */
  readonly #takers = new Map<RuleDefinition, number>();
  /** One of them takes whatever the present way is about. */
  #isTaken = false;

  constructor(ruleset: Ruleset, ask: Ask = engineOf(ruleset)) {
    this.#ask = ask;
    this.paths = pathsOf(ruleset.roots);
    this.patterns = patternsOf(ruleset);
    this.#values = new FieldValues(this.patterns, ruleset);
    this.#decodings = new Decodings(ruleset);
    this.gap =
      60 + ruleset.rules.reduce((most, { timeframe, ignore }) => Math.max(most, timeframe, ignore), 0);
  }

  /** The next moment at which no composite counts what was before, and the rules' times are met. */
  nextTime(path: RulePath, not: RuleDefinition | null = null): number | null {
    const from = this.#time + this.gap;
    const rules = path.filter(({ time, weekday }) => time !== null || weekday !== null);
    if (rules.length === 0 && not === null) return from;
    for (let hours = 0; hours < 24 * 8; hours += 1) {
      const time = from + hours * hour;
      if (rules.every((rule) => this.#isIn(rule, time)) && (not === null || !this.#isIn(not, time)))
        return time;
    }
    return null;
  }

  /** The next moment like another one: the same day of the week, the same time of the day. */
  nextTimeLike(time: number): number {
    const from = this.#time + this.gap;
    return time + Math.max(0, Math.ceil((from - time) / week)) * week;
  }

  #isIn({ time, weekday }: RuleDefinition, at: number): boolean {
    const clock = this.#clock(at);
    const minute = clock.hour * 60 + clock.minute;
    if (weekday !== null && weekday.days[clock.weekday] !== true) return false;
    if (time === null) return true;
    const inside =
      time.from <= time.to
        ? minute >= time.from && minute <= time.to
        : minute >= time.from || minute <= time.to;
    return inside !== time.negated;
  }

  /** Gives a line to the engine. */
  ask(sample: SampleLine): EngineEvent {
    this.#time = Math.max(this.#time, sample.time);
    return this.#ask(sample);
  }

  /** Gives the line to the engine when nothing counts any more. Null: the rules' times are never met. */
  askLater(made: Made, path: RulePath): { readonly sample: SampleLine; readonly event: EngineEvent } | null {
    const time = this.nextTime(path);
    if (time === null) return null;
    const sample = { line: made.line, time, location: made.location };
    return { sample, event: this.ask(sample) };
  }

  /** The rule that took most of the lines that were made last. */
  get taker(): RuleDefinition | null {
    return [...this.#takers].sort(([, one], [, other]) => other - one)[0]?.[0] ?? null;
  }

  /** A line that the rule answers; null: none was found. */
  lineFor(rule: RuleDefinition, requested: Requested = nothingRequested, most = mostTexts): FoundLine | null {
    const paths = this.paths.get(rule) ?? [];
    const isRight = (event: EngineEvent): boolean => event.kind === "event" && event.rule === rule;
    // Most are found with little effort.
    for (const effort of most < mostTexts ? [1] : [littleEffort, 1]) {
      this.#effort = effort;
      for (const path of paths) {
        const found = this.lineOn(path, requested, isRight, most);
        if (found !== null) return found;
      }
    }
    return null;
  }

  /** A line for the rule at the end of a path; what the engine says to it is judged by the caller. */
  lineOn(
    path: RulePath,
    requested: Requested,
    isRight: (event: EngineEvent) => boolean,
    most = mostTexts,
  ): FoundLine | null {
    const wanted = wantedOf(path);
    if (wanted === null) return null;
    this.#texts = 0;
    this.#takers.clear();
    this.#isTaken = false;
    for (const decoding of this.#candidates(wanted)) {
      if (
        this.#isTaken ||
        this.#texts >= most * this.#effort ||
        [...this.#takers.values()].some((count) => count >= mostTaken * this.#effort)
      )
        return null;
      const found = this.#onDecoding({ wanted, decoding, exclusions: [] }, requested, isRight);
      if (found !== null) return found;
    }
    return null;
  }

  /** Another line made in the same way; null: the rule does not answer it. */
  another(way: Way, requested: Requested): FoundLine | null {
    const rule = way.wanted.path.at(-1);
    this.#takers.clear();
    this.#isTaken = false;
    this.#effort = 0.5;
    return this.#onDecoding(way, requested, (event) => event.kind === "event" && event.rule === rule, 3);
  }

  /** A line that the rules above the last one take and that misses something of the last one; not asked. */
  lineBeside(path: RulePath): SampleLine | null {
    const rule = path.at(-1);
    const above = rule === undefined ? null : wantedOf(path);
    if (rule === undefined || above === null) return null;
    const parents = wantedOf(path.slice(0, -1));
    const [exclusion] = exclusionsOf(rule);
    if (exclusion === undefined || parents === null) return null;
    // The fields are there, as with lines that the rule takes.
    const wanted = { ...parents, decodedAs: above.decodedAs };
    const needs = new Set(above.fields.keys());
    for (const decoding of this.#candidates(wanted).slice(0, 6)) {
      const made = this.#make(wanted, decoding, { ...nothingRequested, needs }, [exclusion]);
      const asked = made === null ? null : this.askLater(made, path);
      if (asked !== null) return asked.sample;
    }
    return null;
  }

  #candidates({ decodedAs, category, programName, path }: Wanted): readonly Decoding[] {
    const needsProgram = programName.length > 0;
    const isFree = path.at(-1)?.decodedAs === null && decodedAs === null;
    const key = `${category} ${needsProgram} ${isFree} ${decodedAs}`;
    const known = this.#candidatesByKey.get(key);
    if (known !== undefined) return known;
    const some = (
      decodedAs === null ? this.#decodings.ofType(category) : this.#decodings.named(decodedAs)
    ).filter((one) => one.type === category && (!needsProgram || one.hasProgram || one.top === null));
    const found = (isFree ? some : richestFirst(some)).slice(0, mostDecodings);
    this.#candidatesByKey.set(key, found);
    return found;
  }

  #onDecoding(
    { wanted, decoding, exclusions: first }: Way,
    requested: Requested,
    isRight: (event: EngineEvent) => boolean,
    most = mostTries,
  ): FoundLine | null {
    const waiting: (readonly Exclusion[])[] = [first];
    for (let tried = 0; tried < most; tried += 1) {
      const exclusions = waiting.shift();
      if (exclusions === undefined) return null;
      const made = this.#make(wanted, decoding, requested, exclusions);
      if (made === null) {
        if (decoding.json && exclusions.length === 0) waiting.push([{ kind: "members" }]);
        continue;
      }
      const clock = exclusions.find((one) => one.kind === "clock");
      const time = this.nextTime(wanted.path, clock?.kind === "clock" ? clock.rule : null);
      if (time === null) return null;
      const sample = { line: made.line, time, location: made.location };
      const event = this.ask(sample);
      const way = { wanted, decoding, exclusions };
      if (isRight(event)) return { sample, event, way };
      const remedies = this.#remedies(wanted, decoding, made, event);
      if (this.#isTaken) return null;
      if (remedies.some(({ kind }) => kind === "again")) {
        const again = this.askLater(made, wanted.path);
        if (again !== null && isRight(again.event)) return { ...again, way };
      }
      waiting.unshift(
        ...remedies
          .filter((one) => one.kind !== "again" && !exclusions.some((known) => isSame(known, one)))
          .map((one) => [...exclusions, one]),
      );
    }
    return null;
  }

  /** A line that should do; null: nothing meets all of it. */
  #make(
    wanted: Wanted,
    whole: Decoding,
    requested: Requested,
    exclusions: readonly Exclusion[],
  ): Made | null {
    const decoding = narrowed(whole, askedFields(wanted, requested));
    const excludedFields = exclusions.flatMap((one): (readonly [WantedField, FieldTest])[] =>
      one.kind === "field" ? [[one.field, one.test]] : [],
    );
    // The texts that fields are given may be what does not fit.
    let before = -1;
    for (const fixed of ["all", "asked", "rest"] as const) {
      const values = this.#values.of(wanted, decoding, requested, excludedFields, fixed);
      if (values === null) return null;
      if (values.size === before) continue;
      before = values.size;
      const log = this.#log(wanted, decoding, values, requested, exclusions);
      if (log !== null) return this.#withHeader(wanted, decoding, log, exclusions);
    }
    return null;
  }

  /** A message that decoder and rules agree on. */
  #log(
    wanted: Wanted,
    decoding: Decoding,
    values: ReadonlyMap<FieldKey, string>,
    requested: Requested,
    exclusions: readonly Exclusion[],
  ): string | null {
    const room: JsonRoom = exclusions.some(({ kind }) => kind === "members") ? "members" : "text";
    const skeleton = this.#skeleton(decoding, values, room);
    if (skeleton === null) return null;
    const constraints = [...skeleton];
    for (const pattern of wanted.log) {
      const search = this.patterns.search(pattern);
      if (search !== null) constraints.push(search);
    }
    for (const one of exclusions) {
      if (one.kind !== "log") continue;
      const search = this.patterns.search(one.pattern, true);
      if (search !== null) constraints.push(search);
    }
    if (wanted.leastBytes > 0) {
      const automaton = TextAutomaton.of(atLeast(wanted.leastBytes));
      if (automaton === null) return null;
      constraints.push({ automaton, negated: false });
    }
    this.#texts += 1;
    constraints.push(...requested.log);
    return solve([...new Set(constraints)], solveSteps + 3 * wanted.leastBytes, this.#effort);
  }

  #withHeader(
    wanted: Wanted,
    { programName, hasProgram }: Decoding,
    log: string,
    exclusions: readonly Exclusion[],
  ): Made | null {
    const programs = [...wanted.programName, ...(programName === null ? [] : [programName])];
    const others = exclusions.flatMap((one) => (one.kind === "program" ? [one.pattern] : []));
    const program = this.#name(programs, others, "program");
    const host = this.#name(wanted.hostname, [], "host1");
    const location = wanted.location.length === 0 ? undefined : this.#text(wanted.location, this.#plain);
    if (program === null || host === null || location === null) return null;
    const otherHeader = exclusions.some(({ kind }) => kind === "header");
    const needsProgram = hasProgram || programs.length > 0 || others.length > 0;
    let line = log;
    if (needsProgram) line = `Nov 14 22:13:20 ${host} ${program}${otherHeader ? "" : "[4242]"}: ${log}`;
    else if (otherHeader || wanted.hostname.length > 0 || log.length < 2)
      line = `Nov 14 22:13:20 ${host} ${log}`;
    return { line, log, location };
  }

  #name(
    patterns: readonly PatternDefinition[],
    excluded: readonly PatternDefinition[],
    usual: string,
  ): string | null {
    const meets = (pattern: PatternDefinition, isExcluded: boolean): boolean =>
      this.patterns.meets({ pattern, excluded: isExcluded }, usual);
    if (patterns.every((one) => meets(one, false)) && excluded.every((one) => meets(one, true))) return usual;
    return this.#text(patterns, this.#headerName, excluded);
  }

  #text(
    patterns: readonly PatternDefinition[],
    automaton: TextAutomaton | null,
    excluded: readonly PatternDefinition[] = [],
  ): string | null {
    if (automaton === null) return null;
    const key = JSON.stringify([patterns, excluded, automaton === this.#plain]);
    const known = this.#names.get(key);
    if (known !== undefined) return known;
    const found = solve(
      [
        { automaton, negated: false },
        ...patterns.flatMap((one) => this.patterns.search(one) ?? []),
        ...excluded.flatMap((one) => this.patterns.search(one, true) ?? []),
      ],
      solveSteps,
    );
    this.#names.set(key, found);
    return found;
  }

  #skeleton(
    decoding: Decoding,
    values: ReadonlyMap<FieldKey, string>,
    room: JsonRoom,
  ): readonly Constraint[] | null {
    const { top, members } = decoding;
    const key = JSON.stringify([top?.index, members.map(({ index }) => index), [...values], room]);
    const known = this.#skeletons.get(key);
    if (known !== undefined) return known;
    const trees = skeletonOf(decoding, values, this.patterns, room);
    const automata = trees?.map((tree) => TextAutomaton.of(tree)) ?? [null];
    const found: Constraint[] = [];
    for (const automaton of automata) if (automaton !== null) found.push({ automaton, negated: false });
    const made = found.length === automata.length ? found : null;
    this.#skeletons.set(key, made);
    return made;
  }

  /** What to exclude after a wrong answer. */
  #remedies(wanted: Wanted, decoding: Decoding, made: Made, event: EngineEvent): readonly Exclusion[] {
    if (event.kind !== "event") return [{ kind: "header" }];
    if (event.log !== made.log || (event.programName === null && decoding.hasProgram))
      return [{ kind: "header" }];
    const taker = this.#taker(event.log, event.programName, decoding);
    if (taker !== null) return taker;
    const { rule } = event;
    if (rule === null) return decoding.json ? [{ kind: "members" }] : [];
    const { path } = wanted;
    const other = this.#wayOf(rule, path);
    const thief = other.find((one, at) => one !== path[at]);
    if (thief === undefined) return decoding.json ? [{ kind: "members" }] : [];
    this.#takers.set(thief, (this.#takers.get(thief) ?? 0) + 1);
    this.#isTaken = this.#takesAll(thief, wanted);
    const remedies: Exclusion[] = [...exclusionsOf(thief)];
    if (thief.ifFts) remedies.unshift({ kind: "again" });
    if (thief.time !== null || thief.weekday !== null) remedies.push({ kind: "clock", rule: thief });
    if (thief.programName !== null) remedies.push({ kind: "program", pattern: thief.programName });
    return remedies;
  }

  /** Does a rule that is tried before take every line that meets what is wanted, however it is decoded? */
  #takesAll(thief: RuleDefinition, { category, decodedAs, log, fields }: Wanted): boolean {
    if (thief.category !== category || (thief.decodedAs !== null && thief.decodedAs !== decodedAs))
      return false;
    if (!asksForTexts(thief)) return false;
    const isMet = (pattern: FieldTest["pattern"], by: readonly FieldTest[]): boolean => {
      const missing = this.patterns.search(pattern, true);
      const met = by.flatMap((one) => this.patterns.search(one.pattern, one.excluded) ?? []);
      return missing !== null && met.length > 0 && isUnsolvable([...met, missing], solveSteps);
    };
    const ofLog = log.map((pattern) => ({ pattern, excluded: false }));
    return (
      [thief.match, thief.regex].every((pattern) => pattern === null || isMet(pattern, ofLog)) &&
      fieldTests(thief).every(([field, pattern]) => isMet(pattern, fields.get(field) ?? []))
    );
  }

  /** The way to a rule that goes longest along the other one. */
  #wayOf(rule: RuleDefinition, path: RulePath): RulePath {
    let best: RulePath = [];
    let longest = -1;
    for (const way of this.paths.get(rule) ?? []) {
      const common = way.findIndex((one, at) => one !== path[at]);
      const length = common < 0 ? way.length : common;
      if (length > longest) [best, longest] = [way, length];
    }
    return best;
  }

  /** What to exclude so that no other decoder takes the line; null: none did. */
  #taker(log: string, program: string | null, decoding: Decoding): readonly Exclusion[] | null {
    const nodes = program === null ? this.#decodings.withoutProgram : this.#decodings.withProgram;
    const matches = (pattern: PatternDefinition | null, text: string): boolean =>
      pattern === null || this.patterns.meets({ pattern, excluded: false }, text);
    for (const { decoder, children } of nodes) {
      if (decoder === decoding.top) return this.#childTaker(children, log, decoding);
      if (program !== null && !matches(decoder.programName, program)) continue;
      if (!matches(decoder.prematch, log)) continue;
      const found: Exclusion[] = [];
      if (decoder.prematch !== null) found.push({ kind: "log", pattern: decoder.prematch });
      if (decoder.programName !== null) found.push({ kind: "program", pattern: decoder.programName });
      return found;
    }
    return null;
  }

  #childTaker(
    children: readonly DecoderDefinition[],
    log: string,
    { members }: Decoding,
  ): readonly Exclusion[] | null {
    for (let at = 0; at < children.length; at += 1) {
      const child = children[at];
      if (child === undefined || child === members[0]) return null;
      const { prematch } = child;
      if (prematch === null) return null;
      if (this.patterns.meets({ pattern: prematch, excluded: false }, log))
        return [{ kind: "log", pattern: prematch }];
      while (children[at]?.getNext === true) at += 1;
    }
    return null;
  }
}

function richestFirst(some: readonly Decoding[]): readonly Decoding[] {
  const rich = ({ fields, json }: Decoding): number =>
    json ? 1 : fields.has("srcip") ? 2 : fields.size > 0 ? 1 : 0;
  const sorted = [...some].sort((one, other) => rich(other) - rich(one));
  // A decoder that takes no more than its own prematch fits what the others do not.
  const bare = sorted.filter(({ members }) => members.length === 0);
  return [...new Set([...sorted.slice(0, richFirst), ...bare, ...sorted])];
}

/** Does a rule ask for nothing but texts of the message and of fields? Not where rules below it decide. */
function asksForTexts(rule: RuleDefinition): boolean {
  return (
    [rule.programName, rule.hostname, rule.location, rule.srcgeoip, rule.dstgeoip].every(
      (one) => one === null,
    ) &&
    [rule.time, rule.weekday, rule.compiledRule, rule.search].every((one) => one === null) &&
    [rule.srcip, rule.dstip, rule.lists, rule.checkIfIgnored].every(({ length }) => length === 0) &&
    !rule.noalert &&
    !rule.ifFts &&
    !rule.checkDiff &&
    rule.maxsize === 0
  );
}

/** Fields that rules look at. */
function askedFields({ fields, addresses, lists }: Wanted, { needs }: Requested): ReadonlySet<FieldKey> {
  const asked = new Set<FieldKey>();
  for (const field of [...fields.keys(), ...needs]) {
    if (field !== "user") asked.add(field);
    else asked.add("dstuser").add("srcuser");
  }
  if (addresses.srcip.length > 0) asked.add("srcip");
  if (addresses.dstip.length > 0) asked.add("dstip");
  for (const list of lists) {
    const field = listField(list);
    if (field === "user") asked.add("dstuser").add("srcuser");
    else if (field !== "hostname" && field !== "program_name") asked.add(field);
  }
  return asked;
}

function isSame(one: Exclusion, other: Exclusion): boolean {
  if (one.kind === "log" && other.kind === "log") return one.pattern === other.pattern;
  if (one.kind === "program" && other.kind === "program") return one.pattern === other.pattern;
  if (one.kind === "field" && other.kind === "field") return one.test.pattern === other.test.pattern;
  if (one.kind === "clock" && other.kind === "clock") return one.rule === other.rule;
  return one.kind === other.kind;
}

/** What keeps a line from a rule, one way each. */
function exclusionsOf(rule: RuleDefinition): readonly Exclusion[] {
  const found: Exclusion[] = [];
  if (rule.match !== null) found.push({ kind: "log", pattern: rule.match });
  if (rule.regex !== null) found.push({ kind: "log", pattern: rule.regex });
  for (const [field, pattern] of fieldTests(rule))
    found.push({ kind: "field", field, test: { pattern, excluded: true } });
  return found;
}
