/**
 * Samples of a configuration: for every rule lines that it answers, a line just beside, and for composites the
 * sequence that fires them, one event fewer, and the same too late. Their times ascend from one to the next, so that
 * all of them are one session.
 */

import type { ComparedField, PatternDefinition, RuleDefinition, Ruleset } from "../ossec/definitions.js";
import type { EngineEvent } from "../ossec/engine/index.js";
import type { PatternNode } from "../ossec/patterns/ast.js";
import { TextAutomaton } from "./automaton.js";
import { dynamicKey, type FieldKey } from "./decodings.js";
import { type Ask, type FoundLine, LineMaker, type RulePath, type SampleLine } from "./line-maker.js";
import { type Constraint, solve } from "./solve.js";
import { framed, plainText } from "./trees.js";
import { nothingRequested, type Requested } from "./values.js";
import { fieldTests, type WantedField } from "./wanted.js";

/** Lines made for a rule. */
export interface Sample {
  readonly rule: number;
  /**
   * `answer`: the engine answers the last line with the rule. The others are made of one that does: something of the
   * rule is missing (`beside`), an event (`fewer`), or the last one is late (`late`).
   */
  readonly kind: "answer" | "beside" | "fewer" | "late";
  readonly lines: readonly SampleLine[];
}

/** A rule without a line, and why. */
export interface Unproven {
  readonly rule: number;
  readonly reason: string;
}

/** Events given to a composite before it is given up. */
const mostEvents = 130;

/** Alternatives of one pattern that get a line of their own. */
const mostAlternatives = 60;

/** Texts looked for, for a line that is good to have. */
const fewTexts = 6;

/** Bytes of a text that are changed one by one. */
const longestChecked = 400;

function constraintOf(node: PatternNode): Constraint {
  const automaton = TextAutomaton.of(node);
  if (automaton === null) throw new Error("bug: a tree of zopf's own has no automaton");
  return { automaton, negated: false };
}

const inTheMidst = constraintOf(framed);
const plain = constraintOf(plainText);

/** The text with another byte at a place. */
function changedAt(text: string, place: number): string {
  const old = text.charAt(place);
  const other = /[0-9]/.test(old) ? (old === "7" ? "3" : "7") : old === "q" || old === "Q" ? "k" : "q";
  return text.slice(0, place) + other + text.slice(place + 1);
}

/** The text with capitals for small letters, and the other way round. */
function inOtherCase(text: string): string {
  return text.replace(/[A-Za-z]/g, (letter) =>
    letter === letter.toLowerCase() ? letter.toUpperCase() : letter.toLowerCase(),
  );
}

/** Is that the printed name of a field? */
function isNamed(name: string, field: WantedField): boolean {
  if (field === "user") return name === "dstuser" || name === "srcuser";
  if (field.startsWith("dynamic:")) return name.toLowerCase() === field.slice("dynamic:".length);
  const printed: Partial<Record<WantedField, string>> = {
    extradata: "extra_data",
    protocol: "proto",
    systemname: "system_name",
  };
  return name === field || name === printed[field];
}

/** Entries of the white list that are tried as sources. */
const mostListed = 4;

/** The source in lines that are made where nothing else is asked for. */
const ownSource = "192.0.2.10";

function sourceOf(event: EngineEvent): string {
  return event.kind === "event" ? (event.fields.find(([name]) => name === "srcip")?.[1] ?? "") : "";
}

export class RuleSampler {
  readonly unproven: Unproven[] = [];
  readonly #maker: LineMaker;
  readonly #ruleset: Ruleset;
  /** Lines that rules answer by themselves. */
  readonly #lines = new Map<RuleDefinition, FoundLine | null>();

  /** By composite that counts events of a group: the rules whose events it counts. */
  readonly #feeding = new Map<number, RuleDefinition[]>();

  /** @param ask - the configuration's own engine by default; it is given every line that is tried, samples among them */
  constructor(ruleset: Ruleset, ask?: Ask) {
    this.#ruleset = ruleset;
    for (const rule of ruleset.rules) {
      if (rule.feedsSidList || rule.level === 0) continue;
      for (const id of rule.feedsGroupListsOf) {
        const known = this.#feeding.get(id);
        if (known === undefined) this.#feeding.set(id, [rule]);
        else known.push(rule);
      }
    }
    this.#maker = new LineMaker(ruleset, ask);
  }

  /** Samples of all rules that are ever reported and that are wanted. */
  *all(isWanted: (rule: RuleDefinition) => boolean = () => true): Iterable<Sample> {
    for (const rule of this.#maker.paths.keys()) if (isWanted(rule)) yield* this.of(rule);
  }

  *of(rule: RuleDefinition): Iterable<Sample> {
    if (rule.noalert) return;
    const paths = this.#maker.paths.get(rule) ?? [];
    const composites = paths.map((path) => path.filter(({ search }) => search !== null));
    const remembers = paths.map((path) => path.some(({ checkDiff }) => checkDiff));
    const at = composites.findIndex((some, index) => some.length === 0 && remembers[index] !== true);
    let found = false;
    if (at >= 0) {
      const line = this.#lineOf(rule);
      if (line !== null) {
        found = true;
        yield { rule: rule.id, kind: "answer", lines: [line.sample] };
        yield* this.#variants(rule, line);
        yield* this.#otherSources(rule, [line.sample], sourceOf(line.event));
      }
    } else {
      for (const [index, path] of paths.entries()) {
        const samples = this.#sequence(rule, path, composites[index] ?? []);
        if (samples.length === 0) continue;
        found = true;
        yield* samples;
        yield* this.#otherSources(rule, samples[0]?.lines ?? [], ownSource);
        break;
      }
    }
    if (!found) this.unproven.push({ rule: rule.id, reason: this.#reason(rule) });
    const [path] = paths;
    const beside = path === undefined || path.length < 2 ? null : this.#maker.lineBeside(path);
    if (beside !== null) yield { rule: rule.id, kind: "beside", lines: [beside] };
  }

  #reason(rule: RuleDefinition): string {
    const { taker } = this.#maker;
    if (taker !== null && taker !== rule) return `rule ${taker.id} takes the lines that were made for it`;
    return "no line that fits was found";
  }

  /** Lines for each of the rule's alternatives, one in the midst of other text, and lines that differ in a byte. */
  *#variants(rule: RuleDefinition, { sample, event, way }: FoundLine): Iterable<Sample> {
    const { patterns } = this.#maker;
    const answer = (found: FoundLine | null): readonly Sample[] =>
      found === null ? [] : [{ rule: rule.id, kind: "answer", lines: [found.sample] }];
    const logPatterns = [rule.match, rule.regex].filter((pattern) => pattern !== null);
    const searches = logPatterns.flatMap((one) => patterns.search(one) ?? []);
    if (searches.length > 0 && solve([...searches, inTheMidst], 1000) !== null) {
      const requested = { ...nothingRequested, log: [inTheMidst] };
      yield* answer(this.#maker.another(way, requested) ?? this.#maker.lineFor(rule, requested, fewTexts));
    }
    for (const pattern of logPatterns)
      for (const option of patterns.alternatives(pattern).slice(1, mostAlternatives))
        yield* answer(this.#maker.another(way, { ...nothingRequested, log: [option] }));
    const tests = fieldTests(rule);
    for (const [field, pattern] of tests) {
      if (pattern.language === "text") continue;
      for (const option of patterns.alternatives(pattern).slice(1, mostAlternatives)) {
        const text = solve([option, plain], 1000);
        if (text === null) continue;
        const keys: readonly FieldKey[] = field === "user" ? ["dstuser", "srcuser"] : [field];
        const values = new Map(keys.map((key) => [key, text]));
        yield* answer(this.#maker.another(way, { ...nothingRequested, values }));
      }
    }
    if (event.kind !== "event") return;
    for (const line of this.#oneByteOff(rule, sample.line, event)) {
      const time = this.#maker.nextTime(way.wanted.path);
      if (time === null) return;
      const other = { ...sample, line, time };
      this.#maker.ask(other);
      yield { rule: rule.id, kind: "beside", lines: [other] };
    }
  }

  /** The lines with other sources, where a response looks at these: of another family, of the white list, none. */
  *#otherSources(rule: RuleDefinition, lines: readonly SampleLine[], source: string): Iterable<Sample> {
    const [first] = lines;
    if (rule.activeResponses.length === 0 || source === "" || first === undefined) return;
    const listed = this.#ruleset.conf.whiteList.flatMap(({ text, address }) =>
      address === null || address.negated ? [] : [text.replace(/\/\d*$/, "")],
    );
    for (const other of ["2001:db8::7", "::ffff:192.0.2.99", "nowhere", ...listed.slice(0, mostListed)]) {
      const start = this.#maker.nextTimeLike(first.time);
      const changed = lines.map((sample) => ({
        ...sample,
        line: sample.line.replaceAll(source, other),
        time: start + sample.time - first.time,
      }));
      for (const sample of changed) this.#maker.ask(sample);
      yield { rule: rule.id, kind: "beside", lines: changed };
    }
  }

  /**
   * The line with one byte changed where a pattern of the rule begins and ends to need it, and in the other letter case
   * where a pattern minds it.
   */
  #oneByteOff(
    rule: RuleDefinition,
    line: string,
    event: Extract<EngineEvent, { readonly kind: "event" }>,
  ): readonly string[] {
    const { patterns } = this.#maker;
    const found = new Set<string>();
    const at = line.length - event.log.length;
    const mindsCase = this.#ruleset.dialect.product === "Wazuh";
    const off = (pattern: PatternDefinition, text: string, put: (changed: string) => string): void => {
      if (mindsCase && pattern.language === "pcre2") found.add(put(inOtherCase(text)));
      const needed = (place: number): boolean =>
        !patterns.meets({ pattern, excluded: false }, changedAt(text, place));
      const length = Math.min(text.length, longestChecked);
      let first = 0;
      while (first < length && !needed(first)) first += 1;
      let last = length - 1;
      while (last > first && !needed(last)) last -= 1;
      if (first >= length) return;
      found.add(put(changedAt(text, first)));
      found.add(put(changedAt(text, last)));
    };
    for (const pattern of [rule.match, rule.regex])
      if (pattern !== null && line.endsWith(event.log))
        off(pattern, event.log, (changed) => line.slice(0, at) + changed);
    for (const [field, pattern] of fieldTests(rule)) {
      const value = event.fields.find(([name]) => isNamed(name, field))?.[1] ?? "";
      const place = line.lastIndexOf(value);
      if (value.length > 0 && place >= 0 && pattern.language !== "text")
        off(pattern, value, (changed) => line.slice(0, place) + changed + line.slice(place + value.length));
    }
    return [...found];
  }

  #lineOf(rule: RuleDefinition): FoundLine | null {
    const known = this.#lines.get(rule);
    if (known !== undefined) return known;
    const found = this.#maker.lineFor(rule);
    this.#lines.set(rule, found);
    return found;
  }

  /** What fires a composite, or a rule below one, or one that compares outputs; empty: nothing was found. */
  #sequence(rule: RuleDefinition, path: RulePath, composites: readonly RuleDefinition[]): readonly Sample[] {
    const requested = comparedFields(composites);
    const last = this.#lastLine(rule, path, composites, requested);
    if (last === null) return [];
    const bases = composites.map((one) => this.#baseLine(one, last, requested));
    const [base = last] = bases;
    // Events that are counted and then one that decides, or by turns.
    for (const byTurns of base.line === last.line ? [true] : [false, true]) {
      const found = this.#fired(rule, composites, { base, last, byTurns });
      if (found !== null)
        return this.#around(rule, found, Math.max(1, ...composites.map(({ timeframe }) => timeframe)));
    }
    return [];
  }

  /** The lines until the rule answers; null: it does not. */
  #fired(
    rule: RuleDefinition,
    composites: readonly RuleDefinition[],
    {
      base,
      last,
      byTurns,
    }: { readonly base: SampleLine; readonly last: SampleLine; readonly byTurns: boolean },
  ): readonly SampleLine[] | null {
    const different = new Set(composites.flatMap(({ correlation }) => correlation.different));
    const least = leastEvents(composites);
    const start = this.#maker.nextTimeLike(last.time);
    const lines: SampleLine[] = [];
    for (let count = 0; count < mostEvents && count <= 2 * least + 8; count += 1) {
      const isLast = count >= least || (byTurns && count % 2 === 1);
      const { line, location } = varied(isLast ? last : base, different, count);
      const sample = { line, time: start + count, location };
      lines.push(sample);
      const event = this.#maker.ask(sample);
      if (event.kind === "crash") return null;
      if (event.kind === "event" && event.rule === rule) return lines;
    }
    return null;
  }

  /** The sequence, and what is just beside it. */
  #around(rule: RuleDefinition, lines: readonly SampleLine[], timeframe: number): readonly Sample[] {
    const samples: Sample[] = [{ rule: rule.id, kind: "answer", lines }];
    const again = (some: readonly SampleLine[], late: number): readonly SampleLine[] => {
      const start = this.#maker.nextTimeLike(lines[0]?.time ?? 0);
      return some.map((sample, at) => {
        const moved = { ...sample, time: start + at + (at === some.length - 1 ? late : 0) };
        this.#maker.ask(moved);
        return moved;
      });
    };
    if (lines.length > 2) samples.push({ rule: rule.id, kind: "fewer", lines: again(lines.slice(1), 0) });
    samples.push({ rule: rule.id, kind: "late", lines: again(lines, timeframe + 1) });
    return samples;
  }

  /** A line that meets all of the path but what counts or remembers: a composite on it that has not fired yet ends the way. */
  #lastLine(
    rule: RuleDefinition,
    path: RulePath,
    composites: readonly RuleDefinition[],
    requested: Requested,
  ): SampleLine | null {
    const isRight = (event: EngineEvent): boolean => {
      if (event.kind !== "event") return false;
      if (event.rule === rule) return true;
      const first = path.findIndex((one) => one.search !== null || one.checkDiff);
      const before = path.slice(0, first);
      // The rule above the first that counts, or another one above: a root that is never reported.
      return event.rule === null ? before.every(({ noalert }) => noalert) : before.at(-1) === event.rule;
    };
    const found = this.#maker.lineOn(path, requested, isRight);
    if (found !== null || requested.needs.size === 0) return found?.sample ?? null;
    return composites.length === 0
      ? null
      : (this.#maker.lineOn(path, nothingRequested, isRight)?.sample ?? null);
  }

  /** A line of an event that the composite counts. */
  #baseLine(composite: RuleDefinition, last: SampleLine, requested: Requested): SampleLine {
    const { search } = composite;
    if (search === null) return last;
    if (search.kind === "sid") {
      const base = this.#ruleset.ruleById.get(search.sid);
      return base === undefined ? last : (this.#counted(base, requested) ?? last);
    }
    if (search.kind === "group") {
      for (const rule of this.#feeding.get(composite.id) ?? []) {
        const line = this.#counted(rule, requested);
        if (line !== null) return line;
      }
    }
    return last;
  }

  #counted(rule: RuleDefinition, requested: Requested): SampleLine | null {
    const isPlain = (this.#maker.paths.get(rule) ?? []).some((path) =>
      path.every(({ search }) => search === null),
    );
    if (!isPlain) return null;
    return (this.#maker.lineFor(rule, requested) ?? this.#lineOf(rule))?.sample ?? null;
  }
}

function leastEvents(composites: readonly RuleDefinition[]): number {
  return composites.reduce((sum, { frequency }) => sum + frequency + 1, 0);
}

const fieldsOfCompared: ReadonlyMap<ComparedField, WantedField> = new Map<ComparedField, WantedField>([
  ["srcip", "srcip"],
  ["dstip", "dstip"],
  ["srcport", "srcport"],
  ["dstport", "dstport"],
  ["srcuser", "srcuser"],
  ["dstuser", "user"],
  ["id", "id"],
  ["protocol", "protocol"],
  ["action", "action"],
  ["url", "url"],
  ["data", "data"],
  ["extradata", "extradata"],
  ["status", "status"],
  ["systemname", "systemname"],
]);

/** Fields that composites compare have to be there. */
function comparedFields(composites: readonly RuleDefinition[]): Requested {
  const needs = new Set<WantedField>();
  for (const { correlation } of composites) {
    for (const field of [...correlation.same, ...correlation.different]) {
      const wanted = fieldsOfCompared.get(field);
      if (wanted !== undefined) needs.add(wanted);
    }
    for (const name of [...correlation.sameFields, ...correlation.differentFields])
      needs.add(dynamicKey(name));
  }
  return { ...nothingRequested, needs };
}

/** The line with other texts in fields that have to differ. */
function varied(sample: SampleLine, different: ReadonlySet<ComparedField>, count: number): SampleLine {
  let { line, location } = sample;
  const change = (from: string, to: string): void => {
    line = line.split(from).join(to);
  };
  for (const field of different) {
    if (field === "srcip") change(ownSource, `192.0.2.${10 + (count % 200)}`);
    else if (field === "dstip") change("198.51.100.20", `198.51.100.${20 + (count % 200)}`);
    else if (field === "srcport") change("40022", `${40_022 + count}`);
    else if (field === "dstport") change("8080", `${8080 + count}`);
    else if (field === "srcuser" || field === "dstuser") change("alice", `alice${count}`);
    else if (field === "url") change("/index.html", `/index${count}.html`);
    else if (field === "id") change("4242424242", `${4_242_424_242 + count}`);
    else if (field === "location" || field === "hostname") location = `log${count}`;
  }
  return { ...sample, line, location };
}
