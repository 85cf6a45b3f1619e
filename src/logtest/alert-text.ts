/** alerts.log's format, byte for byte (docs/reference/ossec.md#output-of-logtest). */
import type { RuleDefinition } from "../ossec/definitions.js";
import type { AnalysedEvent } from "../ossec/engine/event.js";
import { alertDate, type Clock } from "../ossec/engine/local-time.js";
import { ownText } from "../ossec/engine/own-text.js";
import type { OutputPieces } from "./output-pieces.js";

/** Lines in an alert are cut to so many bytes. */
const lineLimit = 1256;

const cut = (line: string): string => (line.length > lineLimit ? line.slice(0, lineLimit) : line);

/** What stands behind each alert. */
const tail = "\n\n";

/** Between the host and the location. */
const arrow = "->";

/** The last three digits of numbers. */
const lastDigits = Array.from({ length: 1000 }, (_, number) => `${number}`.padStart(3, "0"));

/**
 * The parts of an alert that are the same for many alerts of a rule, each in one piece: the number of pieces is what
 * writing alerts costs.
 */
interface RuleParts {
  readonly head: string;
  readonly rule: string;
  /** The head and the date, of {@link time}. */
  stamp: string;
  time: number;
  /** What stands behind the host in an alert from {@link location}: the location and the rule. */
  location: string;
  rest: string;
  /** The same, and what stands before the line, or before the source address. */
  restAndLine: string;
  restAndSource: string;
}

/** Writes alerts; remembers what many of them share. */
export class AlertWriter {
  readonly #clock: Clock;
  readonly #parts = new Map<RuleDefinition, RuleParts>();
  #time = Number.NaN;
  #thousands = -1;
  #prefix = "";
  #prefixBehindTail = "";
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
    const thousands = Math.floor(number / 1000);
    if (time !== this.#time || thousands !== this.#thousands) this.#setPrefix(time, thousands);
    const parts = this.#partsOf(event.rule, event.location);
    if (parts.time !== time) {
      parts.time = time;
      parts.stamp = ownText(parts.head + this.#date);
    }
    out.addBehindTail(this.#prefixBehindTail, this.#prefix);
    out.add(thousands === 0 ? `${number}` : (lastDigits[number % 1000] ?? ""));
    out.add(parts.stamp);
    if (originHost !== null) out.add(originHost);
    const fields = srcport !== null || dstip !== null || dstport !== null || dstuser !== null;
    let rest = parts.restAndLine;
    if (srcip !== null) rest = parts.restAndSource;
    else if (fields) rest = parts.rest;
    out.add(originHost === null ? rest.slice(arrow.length) : rest);
    if (srcip !== null) out.add(srcip);
    if (srcport !== null) field(out, "\nSrc Port: ", srcport);
    if (dstip !== null) field(out, "\nDst IP: ", dstip);
    if (dstport !== null) field(out, "\nDst Port: ", dstport);
    if (dstuser !== null) field(out, "\nUser: ", dstuser);
    if (fields || srcip !== null) out.add("\n");
    out.add(cut(event.alertLog));
    for (const line of lastEvents) field(out, "\n", cut(line));
    out.leave(tail);
  }

  #setPrefix(time: number, thousands: number): void {
    if (time !== this.#time) this.#date = `${alertDate(this.#clock(time))} `;
    this.#time = time;
    this.#thousands = thousands;
    this.#prefix = ownText(`** Alert ${time}.${thousands === 0 ? "" : thousands}`);
    this.#prefixBehindTail = ownText(tail + this.#prefix);
  }

  #partsOf(rule: RuleDefinition, location: string): RuleParts {
    let parts = this.#parts.get(rule);
    if (parts === undefined) {
      parts = {
        head: `:${rule.options.mail ? " mail " : ""} - ${rule.group}\n`,
        rule: `\nRule: ${rule.id} (level ${rule.level}) -> '${rule.description ?? "(null)"}'`,
        stamp: "",
        time: Number.NaN,
        location: "",
        rest: "",
        restAndLine: "",
        restAndSource: "",
      };
      this.#parts.set(rule, parts);
    }
    if (parts.location !== location || parts.rest === "") {
      parts.location = ownText(location);
      parts.rest = ownText(`${arrow}${location}${parts.rule}`);
      parts.restAndLine = ownText(`${parts.rest}\n`);
      parts.restAndSource = ownText(`${parts.rest}\nSrc IP: `);
    }
    return parts;
  }
}

function field(out: OutputPieces, name: string, value: string): void {
  out.add(name);
  out.add(value);
}
