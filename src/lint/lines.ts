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
}

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
  let now = 1_700_000_000;
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

  if (engine.problems.length > 0) return { events, matched, reported, decoders };
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
      const head = predecode(text, { engine: loaded.engine, ownHostname });
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
  return { events, matched, reported, decoders };
}

/** Fields that stand on both sides of a TAB grow together when it is deleted. */
export function gluedText(line: string): string | null {
  const tab = /[^\t ]\t+[^\t ]/.exec(line);
  return tab === null ? null : deleteControlBytes(line);
}
