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
    const { head, rule } = this.#partsOf(event.rule);
    let text = this.#prefix + number + head + this.#date + event.origin + rule;
    const { srcip, srcport, dstip, dstport, dstuser, lastEvents } = event;
    if (srcip !== null) text += `\nSrc IP: ${srcip}`;
    if (srcport !== null) text += `\nSrc Port: ${srcport}`;
    if (dstip !== null) text += `\nDst IP: ${dstip}`;
    if (dstport !== null) text += `\nDst Port: ${dstport}`;
    if (dstuser !== null) text += `\nUser: ${dstuser}`;
    text += `\n${cut(event.alertLog)}\n`;
    for (const line of lastEvents) text += `${cut(line)}\n`;
    return `${text}\n`;
  }

  #partsOf(rule: RuleDefinition): RuleParts {
    let parts = this.#parts.get(rule);
    if (parts === undefined) {
      parts = {
        head: `:${rule.options.mail ? " mail " : ""} - ${rule.group}\n`,
        rule: `\nRule: ${rule.id} (level ${rule.level}) -> '${rule.description ?? "(null)"}'`,
      };
      this.#parts.set(rule, parts);
    }
    return parts;
  }
}
