/** The run-time of OSSEC's analysis: a line in, what the engine says of it out (docs/reference/ossec.md#life-of-an-event). */

import type { Ruleset } from "../definitions.js";
import type { EngineDialect } from "../dialect.js";
import { noteAscii } from "../patterns/bytes.js";
import {
  ControlBytes,
  type CutLine,
  deleteControlBytes,
  LF,
  type LineBytes,
  lineBytes,
} from "../predecode/index.js";
import { Accumulator } from "./accumulator.js";
import { AnalysedView, crashedEvent } from "./analysed-view.js";
import { type ConditionState, conditions, firstFailure, met } from "./conditions.js";
import { type DecodeContext, decodeEvent } from "./decode.js";
import { programOf, type RuntimeDecoders, runtimeDecoders } from "./decoder-set.js";
import {
  type AnalysedEvent,
  type CrashCause,
  type EngineEvent,
  type Event,
  newEvent,
  none,
  type SilencedBy,
} from "./event.js";
import { EventMemory } from "./event-memory.js";
import { isIncomplete, normalAction } from "./firewall-events.js";
import { FirstTimeSeen } from "./first-time-seen.js";
import { IgnoreList } from "./ignore-list.js";
import type { LiteralIndex } from "./literal-index.js";
import { type Clock, createClock } from "./local-time.js";
import type { NamedFieldIndex } from "./named-field-index.js";
import { OutputDifference } from "./output-difference.js";
import { PatternCompiler, type UnrunnablePattern } from "./patterns.js";
import {
  type KnownPrefilters,
  OtherPrefilters,
  PrefilterBuilder,
  type Prefilters,
  rememberedPrefilters,
} from "./prefilters.js";
import {
  type ChildList,
  childrenFor,
  everyChild,
  RuleCompiler,
  type RuntimeNode,
  type RuntimeRule,
  type RuntimeTree,
} from "./rule-tree.js";
import type { EngineTrace } from "./trace.js";

export interface EngineOptions {
  /** Host name of lines that carry none: the engine's own short host name. */
  readonly ownHostname: string;
  /** Text of TZ; undefined: the zone of this host. */
  readonly timeZone?: string | undefined;
  /** `logtest` and the daemon differ in a few places (docs/reference/ossec.md#life-of-an-event, #matching-rules). */
  readonly mode: "logtest" | "daemon";
  /** Where lines come from; default `stdin`, as in ossec-logtest. */
  readonly location?: string;
  /** True: every pattern is run, nothing is decided beforehand. For tests that compare the two ways. */
  readonly plain?: boolean;
  /** True: an answer is good until the next line, whose answer takes its place. Spares memory. */
  readonly transient?: boolean;
  /** {@link Engine.prefilters} of an earlier engine for the same configuration, which spare this one to find them out. */
  readonly prefilters?: KnownPrefilters | undefined;
  /** Told what is tried; slows the engine down. */
  readonly trace?: EngineTrace | null;
}

export interface Engine {
  /**
   * Analyses one line.
   *
   * @param line - latin1 string without its newline
   * @param timeSeconds - epoch seconds of receipt
   * @param location - where this line comes from; default: the engine's own location
   * @param bytes - the line's bytes, from `at` on, where the caller has them: spares the engine a copy
   */
  process(line: string, timeSeconds: number, location?: string, bytes?: Uint8Array, at?: number): EngineEvent;
  /** Patterns that cannot be run exactly; with one of them the engine must not be used. */
  readonly unrunnable: readonly UnrunnablePattern[];
  /** For {@link EngineOptions.prefilters} of a later engine. */
  readonly prefilters: KnownPrefilters;
  /** Changes the observer; null: none. */
  observe(trace: EngineTrace | null): void;
  /** Local time in the engine's zone. */
  readonly clock: Clock;
}

/** An event kills the engine while rules are tried: thrown within this module only, never out of it. */
class CrashSignal {
  readonly cause: CrashCause;
  readonly rule: RuntimeRule | null;

  constructor(cause: CrashCause, rule: RuntimeRule | null) {
    this.cause = cause;
    this.rule = rule;
  }
}

/** The daemon drops a line that equals one of the last three (spec 1). */
const repeatedLines = 3;

function untilNul(line: string): string {
  const nul = line.indexOf("\0");
  return nul < 0 ? line : line.slice(0, nul);
}

class OssecEngine implements Engine {
  readonly unrunnable: readonly UnrunnablePattern[];
  readonly clock: Clock;
  readonly prefilters: KnownPrefilters;
  readonly #options: EngineOptions;
  readonly #dialect: EngineDialect;
  readonly #cutLine: EngineDialect["cutLine"];
  readonly #location: string;
  readonly #ownHostname: string;
  readonly #decoders: RuntimeDecoders;
  readonly #tree: RuntimeTree;
  readonly #memory: EventMemory;
  readonly #scan: LiteralIndex;
  readonly #named: NamedFieldIndex;
  readonly #ignored: IgnoreList;
  readonly #accumulator: Accumulator;
  readonly #logsFirewall: boolean;
  readonly #state: ConditionState;
  readonly #decoding: DecodeContext;
  readonly #lastLines: string[] = [];
  /** Of the line before, for the next one; null: answers are kept. */
  #view: AnalysedView | null = null;
  /** Ways through the tree: nodes, and the next child of each. */
  readonly #path: RuntimeNode[] = [];
  readonly #places: number[] = [];
  /** Of the reported rule on the way. */
  #depth = 0;
  /** In the place of a rule that is silent for a while (Wazuh's daemon). */
  readonly #reportsParent: boolean;
  /** Options of rules do not decide over alerts, but this level (Wazuh's sessions); null: they do. */
  readonly #alertLevel: number | null;
  #trace: EngineTrace | null;
  /** Who watches sees every decoder and rule tried, as in the engine; otherwise the hopeless ones are left out. */
  #triesAll: boolean;
  #bytes = Buffer.alloc(8192);
  #controlBytes = new ControlBytes(this.#bytes);
  readonly #line: LineBytes = lineBytes("");
  #serial = 0;
  #time = 0;

  constructor(loaded: Ruleset, options: EngineOptions, prefilters: Prefilters) {
    this.#options = options;
    const dialect = loaded.dialect.engine;
    this.#dialect = dialect;
    this.#ignored = new IgnoreList(dialect);
    this.#accumulator = new Accumulator(dialect);
    this.#cutLine = dialect.cutLine;
    const compiler = new PatternCompiler(loaded.dialect);
    this.#location = options.location ?? "stdin";
    this.#ownHostname = options.ownHostname;
    this.#reportsParent = dialect.ignoredReportsParent && options.mode === "daemon";
    this.#alertLevel =
      dialect.sessionAlertsByLevel && options.mode === "logtest" ? loaded.conf.logAlertLevel : null;
    this.#logsFirewall = loaded.options.logFirewall > 0;
    this.#decoders = runtimeDecoders(loaded.decoders, dialect, compiler, prefilters);
    this.#memory = new EventMemory({
      events: loaded.conf.memorySize + dialect.uncountedEvents,
      maxFrequency: loaded.maxFrequency,
    });
    this.#tree = new RuleCompiler(loaded, compiler, prefilters, this.#memory).tree();
    const { scan, named, known } = prefilters.build();
    this.#scan = scan;
    this.#named = named;
    this.prefilters = known;
    this.#decoding = {
      decoders: this.#decoders,
      ruleById: loaded.ruleById,
      dialect,
      orderSize: loaded.options.orderSize,
      scan: this.#scan,
      captured: null,
    };
    this.clock = createClock(options.timeZone);
    this.#state = {
      dialect,
      now: () => this.clock(this.#time),
      memory: this.#memory,
      scan: this.#scan,
      firstTimeSeen: new FirstTimeSeen(loaded.options, dialect),
      differences: new OutputDifference(),
      lastSearch: null,
      counted: new Map(),
      clockWentBack: options.plain === true,
      watched: (options.trace ?? null) !== null,
    };
    this.#trace = options.trace ?? null;
    this.#triesAll = this.#trace !== null || options.plain === true;
    this.unrunnable = compiler.failures;
  }

  observe(trace: EngineTrace | null): void {
    this.#trace = trace;
    this.#triesAll = trace !== null || this.#options.plain === true;
    this.#state.watched = trace !== null;
  }

  process(
    line: string,
    timeSeconds: number,
    location = this.#location,
    bytes = this.#copy(line),
    at = 0,
  ): EngineEvent {
    if (bytes !== this.#controlBytes.bytes) this.#controlBytes = new ControlBytes(bytes);
    const clean = !this.#controlBytes.has(at, at + line.length);
    const text = clean ? line : untilNul(line);
    // Short lines are skipped before anything else is done with them (spec 1).
    if (text.length < this.#dialect.shortestLine) return { kind: "ignored", line, time: timeSeconds };
    const fullLog = clean || this.#dialect.controlBytes === "kept" ? text : deleteControlBytes(text);
    // A line that is cut at the limit, or the last one, has no LF behind it.
    const isThere = clean && bytes[at + line.length] === LF;
    const cut = this.#line;
    cut.text = fullLog;
    cut.bytes = isThere ? bytes : this.#copy(fullLog);
    cut.at = isThere ? at : 0;
    const head = this.#cutLine(cut, location, this.#ownHostname);
    if (head === null) return { kind: "ignored", line, time: timeSeconds };
    if (timeSeconds < this.#time) this.#state.clockWentBack = true;
    this.#time = timeSeconds;
    this.#serial += 1;
    const event = this.#newEvent(head);
    const { log, logStart } = head;
    this.#scan.scan(cut.bytes, cut.at + logStart, cut.at + logStart + log.length);
    if (this.#scan.isAscii) noteAscii(log);
    const decoding = decodeEvent(event, this.#decoding, this.#trace, this.#triesAll);
    this.#trace?.decoded?.(event.decoder.definition, event.decoder.type);
    const decoded = decoding === "done";
    if (!decoded && decoding !== "no-list")
      return crashedEvent(line, event, decoding !== "no-decoders", decoding, null, this.#dialect);
    if (event.decoder.accumulate) this.#accumulator.fill(event);
    const view = this.#newView(line, event, decoded);
    if (this.#options.mode === "daemon") {
      const dropped = this.#droppedByDaemon(event);
      if (dropped !== null) return this.#analysed(view, event, null, dropped);
    }
    this.#state.lastSearch = null;
    if (this.#state.counted.size > 0) this.#state.counted.clear();
    if (event.named !== null) this.#named.open(event.named);
    let rule: RuntimeRule | null;
    try {
      rule = this.#filter(event);
    } catch (signal) {
      if (!(signal instanceof CrashSignal)) throw signal;
      return crashedEvent(line, event, decoded, signal.cause, signal.rule?.definition ?? null, this.#dialect);
    }
    return this.#judged(view, event, rule);
  }

  /** What becomes of the rule that was found. */
  #judged(view: AnalysedView, event: Event, rule: RuntimeRule | null): AnalysedEvent {
    if (rule === null) return this.#analysed(view, event, null, null);
    const silencedBy = this.#silencedBy(rule, event);
    if (silencedBy !== "ignore" || !this.#reportsParent) return this.#analysed(view, event, rule, silencedBy);
    const parent = this.#path[this.#depth - 1]?.rule ?? null;
    return this.#analysed(view, event, parent, parent === null ? "ignore" : null);
  }

  #newEvent(head: CutLine): Event {
    const { none } = this.#decoders;
    const event = newEvent(head, this.#time, this.#serial, none);
    const { programName } = head;
    if (programName !== null && !this.#triesAll) event.program = programOf(this.#decoders, programName);
    return event;
  }

  #newView(line: string, event: Event, decoded: boolean): AnalysedView {
    let view = this.#view;
    if (view === null) view = new AnalysedView(line, event, decoded, this.#dialect);
    else view.renew(line, event, decoded);
    if (this.#options.transient === true) this.#view = view;
    return view;
  }

  /** The bytes of a latin1 string and a LF, until the next call. */
  #copy(text: string): Uint8Array {
    if (text.length >= this.#bytes.length) this.#bytes = Buffer.alloc(2 * text.length);
    this.#bytes[this.#bytes.write(text, "latin1")] = LF;
    return this.#bytes;
  }

  /** Walks the roots of the event's type. */
  #filter(event: Event): RuntimeRule | null {
    if (this.#tree.roots.length === 0) throw new CrashSignal("no-rules", null);
    const { type } = event.decoder;
    if (type === "ossec-alert") {
      const { generatedRule } = event;
      return generatedRule === null ? null : (this.#tree.byDefinition.get(generatedRule) ?? null);
    }
    for (const root of this.#tree.roots) {
      if (root.category !== type) continue;
      const rule = this.#deepest(root, event);
      if (rule !== null) return rule;
    }
    return null;
  }

  /** The deepest matching rule of the first matching branch, depth first, without recursion. */
  #deepest(root: RuntimeNode, event: Event): RuntimeRule | null {
    if (!this.#matches(root.rule, event)) return null;
    const nodes = this.#path;
    const places = this.#places;
    let depth = 0;
    nodes[0] = root;
    places[0] = 0;
    let children = this.#childrenOf(root, event);
    for (;;) {
      const node = nodes[depth];
      if (node === undefined) return null;
      const before = places[depth] ?? 0;
      if (before === 0 && node.children.length > 0) this.#trace?.childrenTried?.(node.rule.definition);
      const place = this.#scan.nextOpen(children.prefilters, before);
      const child = children.nodes[place];
      if (child === undefined) {
        if (!node.rule.definition.noalert) {
          if (this.#trace?.siblings !== undefined) this.#tellSiblings(depth, event, this.#trace.siblings);
          this.#depth = depth;
          return node.rule;
        }
        this.#trace?.ruleSilent?.(node.rule.definition);
        if (depth === 0) return null;
        depth -= 1;
        const parent = nodes[depth];
        if (parent !== undefined) children = this.#childrenOf(parent, event);
        continue;
      }
      places[depth] = place + 1;
      if (!this.#matches(child.rule, event)) continue;
      depth += 1;
      nodes[depth] = child;
      places[depth] = 0;
      children = this.#childrenOf(child, event);
    }
  }

  /** Rules that come too late: their sibling on the path was tried before them. */
  #tellSiblings(depth: number, event: Event, { wanted, lost }: NonNullable<EngineTrace["siblings"]>): void {
    for (let level = 0; level < depth; level++) {
      const winner = this.#path[level + 1];
      const siblings = this.#path[level]?.children ?? [];
      if (winner === undefined) return;
      for (let place = this.#places[level] ?? 0; place < siblings.length; place++) {
        const rule = siblings[place]?.rule;
        if (rule === undefined || rule.search !== null || !wanted(rule.definition)) continue;
        const { ifFts, checkDiff } = rule.definition;
        if (ifFts || checkDiff) continue;
        if (firstFailure(rule, event, this.#state) === met) lost(rule.definition, winner.rule.definition);
      }
    }
  }

  #childrenOf(node: RuntimeNode, event: Event): ChildList {
    return this.#triesAll ? everyChild(node) : childrenFor(node, event.decoder, event.program);
  }

  #matches(rule: RuntimeRule, event: Event): boolean {
    const trace = this.#trace;
    trace?.ruleTried?.(rule.definition);
    const failure = firstFailure(rule, event, this.#state);
    if (failure === met) {
      trace?.ruleMatched?.(rule.definition);
      return true;
    }
    if (typeof failure === "string") throw new CrashSignal(failure, rule);
    if (trace?.ruleFailed !== undefined) {
      trace.ruleFailed(
        rule.definition,
        { condition: failure.name, ...failure.describe(rule, event, this.#state) },
        conditions.indexOf(failure),
      );
    }
    return false;
  }

  /** Level 0, `ignore=` and `check_if_ignored` (spec 7). */
  #silencedBy(rule: RuntimeRule, event: Event): SilencedBy | null {
    if (rule.level === 0) return "level-0";
    const { ignore, ignoreFields, checkIfIgnored } = rule.definition;
    if (ignore > 0) {
      if (rule.timeIgnored === 0) rule.timeIgnored = event.time;
      else if (event.time - rule.timeIgnored < ignore) return "ignore";
      else rule.timeIgnored = this.#options.mode === "logtest" ? 0 : event.time;
    }
    if (checkIfIgnored.length > 0 && this.#ignored.has(event, checkIfIgnored, ignoreFields))
      return "check_if_ignored";
    if (ignoreFields.length > 0 && this.#options.mode === "daemon") this.#ignored.add(event, ignoreFields);
    return null;
  }

  /** What the daemon, but not logtest, does before rules are tried. */
  #droppedByDaemon(event: Event): SilencedBy | null {
    if (event.decoder.type === "firewall" && this.#logsFirewall) {
      if (isIncomplete(event)) return "incomplete-firewall-event";
      event.action = normalAction(event.action ?? "");
    }
    if (event.decoder.type !== "syslog" || !this.#dialect.dropsRepeatedLines) return null;
    if (this.#lastLines.includes(event.fullLog)) return "repeated-line";
    this.#lastLines.push(event.fullLog);
    if (this.#lastLines.length > repeatedLines) this.#lastLines.shift();
    return null;
  }

  #alerts({ level, definition }: RuntimeRule): boolean {
    return this.#alertLevel === null ? definition.options.log : level >= this.#alertLevel;
  }

  #analysed(
    view: AnalysedView,
    event: Event,
    rule: RuntimeRule | null,
    silencedBy: SilencedBy | null,
  ): AnalysedEvent {
    const stored = rule !== null && silencedBy === null;
    const alert = stored && this.#alerts(rule);
    let { lastEvents } = event;
    if (stored) {
      // An alert also shows what an unsuccessful search left in the buffer that its rule shares.
      if (alert && lastEvents.length === 0 && rule.lastEvents !== null && rule.lastEvents.lines.length > 0) {
        lastEvents = rule.lastEvents.lines;
        rule.lastEvents.lines = [];
      }
      this.#memory.store(event, rule.feeds);
    }
    event.lastEvents = none;
    view.rule = rule?.definition ?? null;
    if (rule !== null) rule.firedTimes += 1;
    view.firedTimes = rule === null ? 0 : rule.firedTimes;
    view.alert = alert;
    view.silencedBy = silencedBy;
    view.responses = stored ? rule.responses : none;
    view.lastEvents = lastEvents;
    const { counted } = this.#state;
    view.counted = rule === null || counted.size === 0 ? none : (counted.get(rule) ?? none);
    return view;
  }
}

/** Makes a running engine of a loaded configuration. Look at {@link Engine.unrunnable} before using it. */
export function createEngine(loaded: Ruleset, options: EngineOptions): Engine {
  const { prefilters, plain = false } = options;
  if (prefilters !== undefined && !plain) {
    try {
      return new OssecEngine(loaded, options, rememberedPrefilters(prefilters));
    } catch (error) {
      if (!(error instanceof OtherPrefilters)) throw error;
    }
  }
  return new OssecEngine(loaded, options, new PrefilterBuilder(!plain));
}
