/** A log of any length through the editors' rules: counts, and the first alerts. */
import { LineCutter } from "../../../src/files/lines.js";
import type { LoadedOssec } from "../../../src/ossec/definitions.js";
import { createEngine } from "../../../src/ossec/engine/index.js";
import { stops } from "../../../src/ossec/load/problems.js";
import { LineClock } from "../../../src/replay/syslog-time.js";
import { utf8 } from "./bytes.js";
import type { LogAlert, LogProgress } from "./messages.js";

/** So many alerts are shown; all are counted. */
const mostAlerts = 500;
/** Of a long line so much is shown, in bytes. */
const shownLength = 400;

interface Counted {
  readonly level: number;
  readonly description: string;
  count: number;
}

const most = <T>(
  counts: ReadonlyMap<string, T>,
  countOf: (one: T) => number,
): readonly (readonly [string, T])[] =>
  [...counts].sort(([, one], [, other]) => countOf(other) - countOf(one));

/** Takes chunks of a log, one after the other. */
export class LogRun {
  readonly #engine;
  readonly #cutter = new LineCutter();
  readonly #dates: LineClock;
  readonly #rules = new Map<number, Counted>();
  readonly #decoders = new Map<string, number>();
  readonly #first: LogAlert[] = [];
  readonly #size: number;
  #time: number;
  #lines = 0;
  #alerts = 0;
  /** Why no more is read; null: more may come. */
  problem: string | null = null;

  /**
   * @param size - bytes as stored
   * @param now - epoch seconds of lines before the first date
   */
  constructor(loaded: LoadedOssec, size: number, now: number) {
    this.#size = size;
    this.#time = now;
    this.#dates = new LineClock({ year: null, newest: now + 86_400, utc: true });
    this.#engine = createEngine(loaded, {
      ownHostname: "host",
      timeZone: "UTC",
      mode: "logtest",
      transient: true,
    });
    if (loaded.problems.some(({ outcome, programs }) => stops(outcome) && programs.includes("logtest")))
      this.problem = "the engine does not start on these rules";
    else if (this.#engine.unrunnable.length > 0) this.problem = "a pattern of the rules cannot be run";
  }

  push(chunk: Uint8Array): void {
    this.#cutter.start(chunk);
    for (let line = this.#cutter.next(); line !== null && this.problem === null; line = this.#cutter.next())
      this.#line(line);
  }

  end(): void {
    const rest = this.#cutter.end();
    if (rest !== null && this.problem === null) this.#line(rest);
  }

  #line(text: string): void {
    this.#lines += 1;
    this.#time = Math.floor(this.#dates.timeOf(text) ?? this.#time);
    const event = this.#engine.process(text, Math.max(0, this.#time));
    if (event.kind === "crash") this.problem = `line ${this.#lines} kills the engine: ${event.reason}`;
    if (event.kind !== "event") return;
    const decoder = event.decoder ?? "(none)";
    this.#decoders.set(decoder, (this.#decoders.get(decoder) ?? 0) + 1);
    const { rule } = event;
    if (rule === null) return;
    const known = this.#rules.get(rule.id);
    if (known !== undefined) known.count += 1;
    else this.#rules.set(rule.id, { level: rule.level, description: utf8(rule.description ?? ""), count: 1 });
    if (!event.alert) return;
    this.#alerts += 1;
    if (this.#first.length < mostAlerts)
      this.#first.push({
        line: this.#lines,
        rule: rule.id,
        level: rule.level,
        text: utf8(text.slice(0, shownLength)),
      });
  }

  /** @param read - bytes as stored */
  progress(read: number, done: boolean): LogProgress {
    const rules = [...this.#rules].sort(([, one], [, other]) => other.count - one.count);
    return {
      done,
      read,
      size: this.#size,
      lines: this.#lines,
      alerts: this.#alerts,
      rules: rules
        .slice(0, 200)
        .map(([id, { level, description, count }]) => ({ id, level, description, count })),
      decoders: most(this.#decoders, (count) => count).slice(0, 50),
      first: done ? this.#first : [],
      problem: this.problem,
    };
  }
}
