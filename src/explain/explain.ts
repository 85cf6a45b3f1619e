/** Why a rule fired on a line, and why one did not: the engine, watched. */
import type { LoadedOssec, RuleDefinition, RuleNode } from "../ossec/definitions.js";
import type { Dialect } from "../ossec/dialect.js";
import type { Engine } from "../ossec/engine/engine.js";
import type { EngineEvent } from "../ossec/engine/event.js";
import { lineBytes } from "../ossec/predecode/line-bytes.js";
import { endOfSyslogDate } from "../ossec/predecode/syslog-date.js";
import {
  type DecoderReport,
  decoderReport,
  nearlyTook,
  notedDecoder,
  notedRule,
  passedOver,
} from "./decoders.js";
import { nearestMiss } from "./nearest.js";
import { type OwnDefinitions, ownDefinitions } from "./own.js";
import { type DecoderAttempt, type GivenType, Recorder, type RuleAttempt } from "./recorder.js";

/** A line with everything that was tried on it. */
export interface WatchedLine {
  readonly event: EngineEvent;
  readonly decoders: readonly DecoderAttempt[];
  readonly rules: readonly RuleAttempt[];
  /** null: the line is no event. */
  readonly type: GivenType | null;
  /** Rules that would have matched, had a sibling not been tried before them; of those asked for. */
  readonly lost: ReadonlySet<number>;
}

/** What pre-decoding has taken off a line; "": nothing. */
export interface Header {
  readonly header: string;
  readonly date: string;
}

export interface OwnRule {
  readonly rule: RuleDefinition;
  readonly verdict: RuleVerdict;
}

/** A watched line with what a person asks first. */
export interface LineExplanation extends WatchedLine {
  readonly header: Header;
  /** What became of the reader's own decoders and rules, in the order in which they are written. */
  readonly ownDecoders: readonly DecoderReport[];
  readonly ownRules: readonly OwnRule[];
  /** Others that were not tried because the line has a program name, or has none, and that would have fitted. */
  readonly passedOver: readonly DecoderReport[];
  /** A decoder that nearly took the line; null: none, or one of the reader's took it. */
  readonly nearestDecoder: DecoderReport | null;
  /** The rule that was nearest to taking the event from the one reported; null: none came near. */
  readonly nearest: RuleAttempt | null;
}

/** What became of one rule on one line. */
export type RuleVerdict =
  /** It was reported. */
  | { readonly kind: "fired" }
  /** It matched, but a rule below it was reported. */
  | { readonly kind: "child"; readonly by: RuleDefinition }
  /** It matched and is never reported: noalert. */
  | { readonly kind: "silent" }
  /** It was tried and a condition was not met. */
  | { readonly kind: "failed"; readonly attempt: RuleAttempt }
  /** A rule above it was not met. */
  | { readonly kind: "parent-failed"; readonly attempt: RuleAttempt }
  /** Another rule took the event before this one was reached. */
  | { readonly kind: "taken"; readonly by: RuleDefinition }
  /** The event's type belongs to another category, so its root was not tried. */
  | { readonly kind: "category"; readonly category: string }
  /** The engine skips the line, or dies on it. */
  | { readonly kind: "no-event" };

/**
 * Runs a line through the engine and records what was tried. The engine's memory goes on from it.
 *
 * @param wanted rules of which `lost` is to tell
 */
export function watchLine(
  engine: Engine,
  dialect: Dialect,
  line: string,
  timeSeconds: number,
  location?: string,
  wanted?: ReadonlySet<number>,
): WatchedLine {
  const recorder = new Recorder(wanted);
  engine.observe(recorder);
  const event = engine.process(line, timeSeconds, location);
  engine.observe(null);
  const { type, lost } = recorder;
  if (event.kind === "ignored") return { event, decoders: [], rules: [], type, lost };
  return {
    event,
    decoders: recorder.decoders.map((attempt) => notedDecoder(dialect, attempt, event)),
    rules: recorder.rules.map((attempt) => notedRule(dialect, attempt, event)),
    type,
    lost,
  };
}

/** The header and the date in it, as pre-decoding has cut them. */
function headerOf({ fullLog }: { readonly fullLog: string }, { engine }: Dialect): Header {
  if (fullLog.length < 2) return { header: "", date: "" };
  const line = lineBytes(fullLog);
  const cut = engine.cutLine(line, "stdin", "");
  if (cut === null) return { header: "", date: "" };
  const header = fullLog.slice(0, cut.logStart);
  if (cut.dateEnd > 0) return { header, date: fullLog.slice(cut.dateStart, cut.dateEnd) };
  const end = endOfSyslogDate(line);
  return { header, date: (end > 0 && end <= header.length ? header.slice(0, end) : header).trimEnd() };
}

/**
 * Runs a line through the engine and tells what was tried. The engine's memory goes on from it.
 *
 * @param ownOnes - the reader's decoders and rules, where somebody knows them; default: found by what they say
 */
export function explainLine(
  engine: Engine,
  loaded: LoadedOssec,
  line: string,
  timeSeconds: number,
  location?: string,
  ownOnes?: OwnDefinitions,
): LineExplanation {
  const watched = watchLine(engine, loaded.dialect, line, timeSeconds, location);
  const { event, decoders, rules } = watched;
  if (event.kind === "ignored")
    return {
      ...watched,
      header: { header: "", date: "" },
      ownDecoders: [],
      ownRules: [],
      passedOver: [],
      nearestDecoder: null,
      nearest: null,
    };
  const own = ownOnes ?? ownDefinitions(loaded);
  const ownDecoders = own.decoders.map((decoder) => decoderReport(decoder, loaded, decoders, event));
  const others = passedOver(loaded, decoders, event).filter(({ decoder }) => !own.decoders.includes(decoder));
  const rulesOfReader = new Set(own.rules);
  const isOwn = ownDecoders.some(({ fate }) => fate.kind === "matched");
  const noDecoder = watched.type === null || watched.type.by === null;
  return {
    ...watched,
    header: headerOf(event, loaded.dialect),
    ownDecoders,
    ownRules: own.rules.flatMap((rule) =>
      loaded.ruleById.get(rule.id) === rule ? [{ rule, verdict: ruleVerdict(watched, loaded, rule.id) }] : [],
    ),
    passedOver: others,
    nearestDecoder: isOwn ? null : ([...ownDecoders, ...(noDecoder ? others : [])].find(nearlyTook) ?? null),
    nearest: nearestMiss(rules, rulesOfReader),
  };
}

/** What stands above each rule; worked out once a configuration, for a line is explained in a moment. */
const parentsOf = new WeakMap<LoadedOssec, ReadonlyMap<number, readonly RuleNode[]>>();

function parentNodes(loaded: LoadedOssec): ReadonlyMap<number, readonly RuleNode[]> {
  const known = parentsOf.get(loaded);
  if (known !== undefined) return known;
  const parents = new Map<number, RuleNode[]>();
  const seen = new Set<RuleNode>();
  const waiting = [...loaded.roots];
  for (let node = waiting.pop(); node !== undefined; node = waiting.pop()) {
    if (seen.has(node)) continue;
    seen.add(node);
    for (const child of node.children) {
      const known = parents.get(child.rule.id) ?? [];
      known.push(node);
      parents.set(child.rule.id, known);
      waiting.push(child);
    }
  }
  parentsOf.set(loaded, parents);
  return parents;
}

/** Rules above `id`, nearest first, on every way from a root. Deep trees do not deepen the stack. */
export function rulesAbove(loaded: LoadedOssec, id: number): readonly RuleDefinition[] {
  const above: RuleDefinition[] = [];
  const parents = parentNodes(loaded);
  const found = new Set<number>([id]);
  for (let level = [id]; level.length > 0; ) {
    const next: number[] = [];
    for (const child of level) {
      for (const { rule } of parents.get(child) ?? []) {
        if (found.has(rule.id)) continue;
        found.add(rule.id);
        above.push(rule);
        next.push(rule.id);
      }
    }
    level = next;
  }
  return above;
}

/** What became of rule `id` in an explained line. */
export function ruleVerdict(
  explanation: Pick<WatchedLine, "event" | "rules">,
  loaded: LoadedOssec,
  id: number,
): RuleVerdict {
  const { event, rules } = explanation;
  if (event.kind !== "event") return { kind: "no-event" };
  if (event.rule?.id === id) return { kind: "fired" };
  const attempts = rules.filter(({ rule }) => rule.id === id);
  const matched = attempts.find(({ failed }) => failed === null);
  if (matched !== undefined) {
    const below = event.rule !== null && rulesAbove(loaded, event.rule.id).some((rule) => rule.id === id);
    return below && event.rule !== null ? { kind: "child", by: event.rule } : { kind: "silent" };
  }
  const failed = attempts.at(-1);
  if (failed !== undefined) return { kind: "failed", attempt: failed };
  const above = rulesAbove(loaded, id);
  for (const parent of above) {
    const tried = rules.filter(({ rule }) => rule.id === parent.id);
    if (tried.some((attempt) => attempt.failed === null)) {
      return event.rule === null ? { kind: "silent" } : { kind: "taken", by: event.rule };
    }
    const miss = tried.at(-1);
    if (miss !== undefined) return { kind: "parent-failed", attempt: miss };
  }
  const rule = loaded.ruleById.get(id);
  // A root before it may have taken the event, too: roots are of the event's own category.
  const roots = rule === undefined ? above : [...above, rule];
  if (
    event.rule !== null &&
    roots.some(({ category }) => rules.some((attempt) => attempt.rule.category === category))
  )
    return { kind: "taken", by: event.rule };
  return { kind: "category", category: rule?.category ?? "" };
}
