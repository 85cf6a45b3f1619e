/** alerts.log's format, byte for byte (spec/ossec.md 12). */
import type { RuleDefinition } from "../definitions.js";
import type { AnalysedEvent } from "../engine/event.js";
import { alertDate, type Clock } from "../engine/local-time.js";

/** Lines in an alert are cut to so many bytes. */
const lineLimit = 1256;

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
   * The text of an alert with the empty line behind it.
   *
   * @param event - an event that raised an alert; empty text when no rule matched
   * @param number - the `N` of `EPOCH.N`, from 1
   */
  write(event: AnalysedEvent, number: number): string {
    if (event.rule === null) return "";
    const { time } = event;
    if (time !== this.#time) {
      this.#time = time;
      this.#prefix = `** Alert ${time}.`;
      this.#date = `${alertDate(this.#clock(time))} `;
    }
    const parts = this.#partsOf(event.rule);
    if (parts.time !== time) {
      parts.time = time;
      parts.stamp = parts.head + this.#date;
    }
    const { srcip, srcport, dstip, dstport, dstuser, lastEvents } = event;
    let text = this.#prefix + number + parts.stamp + event.origin;
    text += srcip === null ? parts.rule : parts.ruleAndSource + srcip;
    if (srcport !== null) text += `\nSrc Port: ${srcport}`;
    if (dstip !== null) text += `\nDst IP: ${dstip}`;
    if (dstport !== null) text += `\nDst Port: ${dstport}`;
    if (dstuser !== null) text += `\nUser: ${dstuser}`;
    if (lastEvents.length === 0) return `${text}\n${cut(event.alertLog)}\n\n`;
    text += `\n${cut(event.alertLog)}\n`;
    for (const line of lastEvents) text += `${cut(line)}\n`;
    return `${text}\n`;
  }

  #partsOf(rule: RuleDefinition): RuleParts {
    let parts = this.#parts.get(rule);
    if (parts === undefined) {
      const named = `\nRule: ${rule.id} (level ${rule.level}) -> '${rule.description ?? "(null)"}'`;
      parts = {
        head: `:${rule.options.mail ? " mail " : ""} - ${rule.group}\n`,
        rule: named,
        ruleAndSource: `${named}\nSrc IP: `,
        stamp: "",
        time: Number.NaN,
      };
      this.#parts.set(rule, parts);
    }
    return parts;
  }
}
