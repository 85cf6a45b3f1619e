/** alerts.log's format in Wazuh (docs/reference/wazuh.md#logtest-text). */
import type { RuleDefinition } from "../../ossec/definitions.js";
import { alertDate, type Clock } from "../../ossec/engine/local-time.js";
import { ownText } from "../../ossec/engine/own-text.js";
import type { AlertedEvent } from "./alerted-event.js";

/** Takes the pieces of a text, in order. */
export interface TextPieces {
  add(piece: string): void;
}

/** What the alerts of a rule share. */
interface RuleParts {
  /** When {@link beforeOrigin} was made: its date is of that second. */
  time: number;
  /** From behind the alert's number to the origin. */
  beforeOrigin: string;
  /** From there to the description. */
  readonly behindOrigin: string;
}

/** Writes alerts piece by piece; remembers what many of them share. */
export class WazuhAlertText {
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
   * @param number - the `N` of `EPOCH.N`
   */
  write(event: AlertedEvent, number: number, out: TextPieces): void {
    const { rule, location, description, srcip, srcport, dstip, dstport, dstuser } = event;
    if (rule === null) return;
    const parts = this.#partsOf(rule, event.time);
    out.add(this.#prefix);
    out.add(`${number}`);
    out.add(parts.beforeOrigin);
    if (!location.startsWith("(")) {
      out.add(event.hostname);
      out.add("->");
    }
    out.add(location);
    out.add(parts.behindOrigin);
    if (description !== null) out.add(description);
    out.add("'\n");
    if (srcip !== null) line(out, "Src IP: ", srcip);
    if (srcport !== null) line(out, "Src Port: ", srcport);
    if (dstip !== null) line(out, "Dst IP: ", dstip);
    if (dstport !== null) line(out, "Dst Port: ", dstport);
    if (dstuser !== null) line(out, "User: ", dstuser);
    out.add(event.fullLog);
    out.add("\n");
    for (const { name, value } of event.dynamicFields) {
      if (value === "") continue;
      out.add(name);
      line(out, ": ", value);
    }
    for (const earlier of event.lastEvents) line(out, earlier, "");
    out.add("\n");
  }

  #partsOf(rule: RuleDefinition, time: number): RuleParts {
    if (time !== this.#time) {
      this.#time = time;
      this.#prefix = ownText(`** Alert ${time}.`);
      this.#date = alertDate(this.#clock(time));
    }
    let parts = this.#parts.get(rule);
    if (parts === undefined) {
      const behindOrigin = ownText(`\nRule: ${rule.id} (level ${rule.level}) -> '`);
      parts = { time: Number.NaN, beforeOrigin: "", behindOrigin };
      this.#parts.set(rule, parts);
    }
    if (parts.time !== time) {
      parts.time = time;
      parts.beforeOrigin = ownText(`:${rule.options.mail ? " mail " : ""} - ${rule.group}\n${this.#date} `);
    }
    return parts;
  }
}

function line(out: TextPieces, name: string, value: string): void {
  out.add(name);
  if (value !== "") out.add(value);
  out.add("\n");
}
