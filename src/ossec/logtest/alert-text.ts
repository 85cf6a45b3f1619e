/** alerts.log's format, byte for byte (spec/ossec.md 12). */
import type { RuleDefinition } from "../definitions.js";
import type { AnalysedEvent } from "../engine/event.js";
import { alertDate, type Clock } from "../engine/local-time.js";
import type { OutputPieces } from "./output-pieces.js";

/** Lines in an alert are cut to so many bytes. */
const lineLimit = 1256;

/** The same text in one piece: V8 puts texts together when they are read. */
const flat = (text: string): string => Buffer.from(text, "latin1").toString("latin1");

const cut = (line: string): string => (line.length > lineLimit ? line.slice(0, lineLimit) : line);

/** The parts of an alert that are the same for each alert of a rule. */
interface RuleParts {
  readonly head: string;
  readonly rule: string;
  /** {@link rule}, and what stands before the source address. */
  readonly ruleAndSource: string;
  /** The head and the date, of {@link time}. */
  stamp: string;
  time: number;
}

/** Writes alerts; remembers what many of them share. */
export class AlertWriter {
  readonly #clock: Clock;
  readonly #parts = new Map<RuleDefinition, RuleParts>();
  #time = Number.NaN;
  #prefix = "";
  #date = "";

  constructor(clock: Clock) {
    this.#clock = clock;
  }

  /**
   * Writes an alert with the empty line behind it; nothing when no rule matched.
   *
   * @param event - an event that raised an alert
   * @param number - the `N` of `EPOCH.N`, from 1
   */
  write(event: AnalysedEvent, number: number, out: OutputPieces): void {
    if (event.rule === null) return;
    const { time, originHost, srcip, srcport, dstip, dstport, dstuser, lastEvents } = event;
    if (time !== this.#time) this.#setTime(time);
    const parts = this.#partsOf(event.rule);
    if (parts.time !== time) {
      parts.time = time;
      parts.stamp = flat(parts.head + this.#date);
    }
    out.add(this.#prefix);
    out.add(number);
    out.add(parts.stamp);
    if (originHost !== null) {
      out.add(originHost);
      out.add("->");
    }
    out.add(event.location);
    if (srcip === null) out.add(parts.rule);
    else {
      out.add(parts.ruleAndSource);
      out.add(srcip);
    }
    if (srcport !== null) field(out, "\nSrc Port: ", srcport);
    if (dstip !== null) field(out, "\nDst IP: ", dstip);
    if (dstport !== null) field(out, "\nDst Port: ", dstport);
    if (dstuser !== null) field(out, "\nUser: ", dstuser);
    field(out, "\n", cut(event.alertLog));
    for (const line of lastEvents) field(out, "\n", cut(line));
    out.add("\n\n");
  }

  #setTime(time: number): void {
    this.#time = time;
    this.#prefix = flat(`** Alert ${time}.`);
    this.#date = `${alertDate(this.#clock(time))} `;
  }

  #partsOf(rule: RuleDefinition): RuleParts {
    let parts = this.#parts.get(rule);
    if (parts === undefined) {
      const named = `\nRule: ${rule.id} (level ${rule.level}) -> '${rule.description ?? "(null)"}'`;
      parts = {
        head: `:${rule.options.mail ? " mail " : ""} - ${rule.group}\n`,
        rule: flat(named),
        ruleAndSource: flat(`${named}\nSrc IP: `),
        stamp: "",
        time: Number.NaN,
      };
      this.#parts.set(rule, parts);
    }
    return parts;
  }
}

function field(out: OutputPieces, name: string, value: string): void {
  out.add(name);
  out.add(value);
}
