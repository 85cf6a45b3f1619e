/** What sample lines show: told by running them through the engine. */
import type { DecoderDefinition, LoadedOssec, RuleDefinition } from "../ossec/definitions.js";
import { createEngine, type EngineEvent } from "../ossec/engine/index.js";
import { deleteControlBytes } from "../ossec/predecode/control-bytes.js";
import { predecode } from "../ossec/predecode/index.js";
import { type SourceText, sourceText } from "../ossec/xml/source.js";

/** A file of log lines. */
export interface LogFile {
  readonly file: string;
  /** Without their ends, latin1. */
  readonly lines: readonly string[];
}

export interface LineEvent {
  readonly source: SourceText;
  /** Offsets of the line in the source. */
  readonly start: number;
  readonly end: number;
  readonly line: string;
  readonly programName: string | null;
  readonly hostname: string | null;
  readonly log: string;
  readonly event: EngineEvent;
}

export interface LineFacts {
  readonly events: readonly LineEvent[];
  /** Lines in which the rule matched, reported or not. */
  readonly matched: ReadonlyMap<RuleDefinition, number>;
  /** Lines for which the rule was reported. */
  readonly reported: ReadonlyMap<RuleDefinition, number>;
  readonly decoders: ReadonlyMap<DecoderDefinition, number>;
  /** Rules that were never reported and whose conditions held behind a sibling: lines by that sibling. */
  readonly lost: ReadonlyMap<RuleDefinition, ReadonlyMap<RuleDefinition, number>>;
}

/** Lines that are run a second time to see which siblings lose. */
export const siblingLines = 20_000;

/** Sample logs seldom carry times that the engine would read, so lines come a second apart. */
const firstTime = 1_700_000_000;
const ownHostname = "\u0001own";

/** Runs the lines, a second apart: sample logs seldom carry times that the engine would read. */
export function readLines(loaded: LoadedOssec, files: readonly LogFile[]): LineFacts {
  const events: LineEvent[] = [];
  const matched = new Map<RuleDefinition, number>();
  const reported = new Map<RuleDefinition, number>();
  const decoders = new Map<DecoderDefinition, number>();
  const count = <K>(map: Map<K, number>, key: K): void => {
    map.set(key, (map.get(key) ?? 0) + 1);
  };
  let now = firstTime;
  let engine = start();

  function start() {
    return createEngine(loaded, {
      ownHostname,
      timeZone: "UTC",
      mode: "logtest",
      trace: {
        ruleMatched: (rule) => count(matched, rule),
        decoderMatched: (decoder) => count(decoders, decoder),
      },
    });
  }

  if (engine.unrunnable.length > 0) return { events, matched, reported, decoders, lost: new Map() };
  for (const { file, lines } of files) {
    const source = sourceText(file, lines.map((line) => `${line}\n`).join(""));
    let at = 0;
    for (const line of lines) {
      const from = at;
      at += line.length + 1;
      const text = line.endsWith("\r") ? line.slice(0, -1) : line;
      if (text.length < 2) continue;
      now += 1;
      const event = engine.process(text, now);
      if (event.kind === "crash") engine = start();
      if (event.kind === "event" && event.rule !== null) count(reported, event.rule);
      const head = predecode(text, { dialect: loaded.dialect, ownHostname });
      if (head.ignored === true) continue;
      events.push({
        source,
        start: from,
        end: from + text.length,
        line: text,
        programName: head.programName,
        hostname: head.hostname === ownHostname ? null : head.hostname,
        log: head.log,
        event,
      });
    }
  }
  const lost = losers(
    loaded,
    reported,
    events.slice(0, siblingLines).map(({ line }) => line),
  );
  return { events, matched, reported, decoders, lost };
}

/** How often each rule matches in the lines (reported itself, or by a child), a second apart, by a fresh engine. */
export function countFirings(loaded: LoadedOssec, lines: readonly string[]): ReadonlyMap<number, number> {
  const counts = new Map<number, number>();
  const ruleMatched = ({ id }: RuleDefinition): void => {
    counts.set(id, (counts.get(id) ?? 0) + 1);
  };
  const start = () =>
    createEngine(loaded, { ownHostname, timeZone: "UTC", mode: "logtest", trace: { ruleMatched } });
  let engine = start();
  for (const [index, line] of lines.entries())
    if (engine.process(line, firstTime + index + 1).kind === "crash") engine = start();
  return counts;
}

/** Asks the engine again, about rules that were never reported. */
function losers(
  loaded: LoadedOssec,
  reported: ReadonlyMap<RuleDefinition, number>,
  lines: readonly string[],
): LineFacts["lost"] {
  const lost = new Map<RuleDefinition, Map<RuleDefinition, number>>();
  const start = () =>
    createEngine(loaded, {
      ownHostname,
      timeZone: "UTC",
      mode: "logtest",
      trace: {
        siblings: {
          wanted: (rule) => !reported.has(rule) && !rule.noalert,
          lost(rule, to) {
            const known = lost.get(rule);
            if (known === undefined) lost.set(rule, new Map([[to, 1]]));
            else known.set(to, (known.get(to) ?? 0) + 1);
          },
        },
      },
    });
  let engine = start();
  for (const [index, line] of lines.entries()) {
    if (engine.process(line, firstTime + index + 1).kind === "crash") engine = start();
  }
  return lost;
}

/** Fields that stand on both sides of a TAB grow together when it is deleted. */
export function gluedText(line: string): string | null {
  const tab = /[^\t ]\t+[^\t ]/.exec(line);
  return tab === null ? null : deleteControlBytes(line);
}
