/** A decoder and the rules on it as log detections, where these mean the same. */
import type { TextCondition } from "../../dsl/conditions.js";
import type { LogLineDetection } from "../../dsl/log.js";
import type { DecoderNode, LoadedOssec, PatternDefinition, RuleDefinition } from "../../ossec/definitions.js";
import { RuleSampler } from "../../samples/rule-sampler.js";
import { conditionsOf, type Words } from "./conditions.js";
import { type LineReading, readingOf } from "./log-decoders.js";
import { NoForm } from "./no-form.js";
import { acceptedTraps } from "./patterns.js";
import { type LoadedRule, levelOf, ruleText, unsayable, withLevel } from "./rule-detection.js";
import { utf8Text } from "./texts.js";

/** A rule that is imported, and its decoder with it. */
export interface LogForm {
  readonly detection: LogLineDetection;
  /** The decoders that it stands for. */
  readonly decoder: DecoderNode;
}

export interface LogSources {
  readonly loaded: LoadedOssec;
  /** In the order of the files. */
  readonly rules: readonly LoadedRule[];
  /** Decoders that go over, by themselves or as log detections. */
  readonly isImported: (node: DecoderNode) => boolean;
  readonly words: Words;
  /** Rules that are to stay what they are. */
  readonly not: ReadonlySet<number>;
}

/** Log detections by the rules that they are made from. */
export function logForms(sources: LogSources): ReadonlyMap<RuleDefinition, LogForm> {
  const { loaded, rules, isImported, words } = sources;
  const { withProgramName, withoutProgramName } = loaded.decoders;
  const imported = new Map(rules.map((one) => [one.rule, one]));
  const onDecoder = new Map<string, RuleDefinition[]>();
  for (const rule of loaded.rules) {
    if (rule.decodedAs === null) continue;
    const known = onDecoder.get(rule.decodedAs);
    if (known === undefined) onDecoder.set(rule.decodedAs, [rule]);
    else known.push(rule);
  }
  const namesakes = new Map<string, number>();
  for (const { reportedName } of loaded.decoders.all)
    namesakes.set(reportedName, (namesakes.get(reportedName) ?? 0) + 1);
  const places = new Map(rules.map(({ rule }, at) => [rule, at]));
  const lines = new AnsweredLines(loaded);
  const found = new Map<RuleDefinition, LogForm>();
  for (const nodes of [withProgramName, withoutProgramName]) {
    const own = nodes.filter(isImported);
    let candidates = own.flatMap((node): readonly Candidate[] => {
      const { reportedName } = node.decoder;
      if (namesakes.get(reportedName) !== 1 + node.children.length) return [];
      const reading = readingOf(node, words.isWazuh);
      const on = onDecoder.get(reportedName) ?? [];
      const read = on.flatMap((rule) => imported.get(rule) ?? []);
      if (reading === null || on.length === 0 || read.length < on.length) return [];
      const forms = read.map((one) => formOf(one, reading, sources));
      const whole = forms.flatMap((form) => form ?? []);
      if (whole.length < forms.length) return [];
      const first = Math.min(...on.map((rule) => places.get(rule) ?? 0));
      // Nobody sees which decoder takes a line that meets no condition on a capture, where no other one takes it.
      const isAsked = whole.every(({ where }) => where !== undefined);
      const isApart = nodes.every((other) => other === node || areDisjoint(node, other));
      const detections =
        isAsked && (reading.prematch !== undefined || isApart)
          ? whole.map(({ captures: _, ...detection }): Unsampled => detection)
          : whole;
      return [{ node, first, rules: read, detections }];
    });
    // To find a line takes longest: only for what can stay where it is.
    for (;;) {
      const moved =
        candidates.findLast(({ node }) => !staysInOrder(node, own, candidates)) ??
        candidates.find((one) => one.rules.some(({ rule }) => lines.of(rule) === null));
      if (moved === undefined) break;
      candidates = candidates.filter((one) => one !== moved);
    }
    for (const { node, rules: read, detections } of candidates)
      for (const [at, { rule }] of read.entries()) {
        const line = lines.of(rule);
        const unsampled = detections[at];
        if (unsampled === undefined || line === null) continue;
        const { rule: text, ...detection } = unsampled;
        found.set(rule, { detection: { ...detection, samples: [line], rule: text }, decoder: node });
      }
  }
  return found;
}

/** What is still without a line that it answers. */
type Unsampled = Omit<LogLineDetection, "samples">;

interface Candidate {
  readonly node: DecoderNode;
  /** Place of the first rule on it. */
  readonly first: number;
  readonly rules: readonly LoadedRule[];
  readonly detections: readonly Unsampled[];
}

/**
 * Decoders of log detections stand in the order of these and before all others: those that may take the same lines must
 * have stood like that.
 */
function staysInOrder(
  node: DecoderNode,
  own: readonly DecoderNode[],
  candidates: readonly Candidate[],
): boolean {
  const firsts = new Map(candidates.map((one) => [one.node, one.first]));
  const place = (one: DecoderNode): number => firsts.get(one) ?? Number.POSITIVE_INFINITY;
  const at = own.indexOf(node);
  return own.every((other, index) => {
    if (other === node || areDisjoint(node, other)) return true;
    return index < at ? place(other) < place(node) : place(other) > place(node);
  });
}

/** No line is taken by both, as far as the beginnings of their patterns show. */
function areDisjoint({ decoder: one }: DecoderNode, { decoder: other }: DecoderNode): boolean {
  return apart(one.programName, other.programName) || apart(one.prematch, other.prematch);
}

function apart(one: PatternDefinition | null, other: PatternDefinition | null): boolean {
  const starts = beginnings(one);
  const others = beginnings(other);
  if (starts === null || others === null) return false;
  const isBoth = (start: Beginning, also: Beginning): boolean =>
    start.text.startsWith(also.text)
      ? !also.isWhole || start.text === also.text
      : also.text.startsWith(start.text) && !start.isWhole;
  return !starts.some((start) => others.some((also) => isBoth(start, also)));
}

interface Beginning {
  readonly text: string;
  /** Nothing comes behind it. */
  readonly isWhole: boolean;
}

/** What texts that fit begin with; null: that is not seen. */
function beginnings(pattern: PatternDefinition | null): readonly Beginning[] | null {
  if (pattern === null || pattern.negated === true) return null;
  const found: Beginning[] = [];
  for (const option of pattern.text.split("|")) {
    const [, text = "", rest = ""] = /^\^([A-Za-z0-9 _:;,=@%"'/-]*)(.*)$/s.exec(option) ?? [];
    // The last letter may belong to a repetition or to an escape behind it.
    const isPlain = rest === "" || rest === "$" || pattern.language === "osmatch";
    const sure = isPlain ? text : text.slice(0, -1);
    if (sure === "" || (pattern.language === "pcre2" && /[([]/.test(option))) return null;
    found.push({ text: sure.toLowerCase(), isWhole: rest === "$" });
  }
  return found;
}

/** A line for each rule that is asked about; null: none was found that it answers. */
class AnsweredLines {
  readonly #loaded: LoadedOssec;
  #sampler: RuleSampler | null = null;
  readonly #known = new Map<RuleDefinition, string | null>();

  constructor(loaded: LoadedOssec) {
    this.#loaded = loaded;
  }

  of(rule: RuleDefinition): string | null {
    const known = this.#known.get(rule);
    if (known !== undefined) return known;
    this.#sampler ??= new RuleSampler(this.#loaded);
    let found: string | null = null;
    for (const { kind, lines } of this.#sampler.of(rule)) {
      const [only, ...more] = lines;
      if (kind === "answer" && only !== undefined && more.length === 0) found = utf8Text(only.line);
      break;
    }
    this.#known.set(rule, found);
    return found;
  }
}

function formOf(
  loaded: LoadedRule,
  reading: LineReading,
  { loaded: all, rules, words, not }: LogSources,
): Unsampled | null {
  const { rule, elements, name, overwrites, rebuilt } = loaded;
  const { parents, search, ifFts, noalert, category } = rule;
  const isRoot = parents.ifSid === null && parents.ifGroup === null && parents.ifLevel === null;
  if (!isRoot || search !== null || ifFts || noalert || category !== "syslog") return null;
  if (overwrites || rebuilt) return null;
  if (not.has(rule.id) || unsayable(rule, elements) !== null || isNamedBefore(rule, rules)) return null;
  const level = levelOf(rule.level);
  const asked = conditionsOf(rule, words, true);
  const accept = [...new Set([...loaded.accept, ...acceptedTraps(asked)])];
  const text = ruleText({ ...loaded, accept });
  if (
    level === null ||
    text instanceof NoForm ||
    asked instanceof NoForm ||
    all.ruleById.get(rule.id) !== rule
  )
    return null;
  const where = whereOf(asked.where ?? {}, reading.order ?? []);
  if (where === null) return null;
  const { match, moments } = asked;
  return {
    kind: "log",
    name,
    ...reading,
    ...(Object.keys(where).length === 0 ? {} : { where }),
    ...(match === null ? {} : { match }),
    ...moments,
    rule: withLevel(text, level),
  };
}

/** A rule before it is about one of its groups: that one would stand behind it then. */
function isNamedBefore(rule: RuleDefinition, rules: readonly LoadedRule[]): boolean {
  const at = rules.findIndex((one) => one.rule === rule);
  return rules
    .slice(0, at)
    .some((one) =>
      [one.rule.parents.ifGroup, one.rule.ifMatchedGroup?.text ?? null].some(
        (group) => group !== null && group.split("|").some((name) => rule.group.includes(name)),
      ),
    );
}

/** Conditions of a rule on what its decoder reads; null where it asks for something else. */
function whereOf(
  {
    decoder: _,
    fields = {},
    ...more
  }: NonNullable<Exclude<ReturnType<typeof conditionsOf>, NoForm>["where"]>,
  order: readonly string[],
): Readonly<Record<string, TextCondition>> | null {
  const found: Record<string, TextCondition> = {};
  for (const [key, condition] of Object.entries(more)) {
    const users = ["user", "dstuser", "srcuser"];
    const name = (key === "user" ? users : [key]).find((one) => order.includes(one));
    if (name === undefined || condition === undefined) return null;
    found[name] = condition;
  }
  for (const [name, condition] of Object.entries(fields)) {
    if (!order.includes(name) || (typeof condition === "object" && "all" in condition)) return null;
    found[name] = condition;
  }
  return found;
}
