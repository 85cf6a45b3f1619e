/** Lines that were pasted from what OSSEC writes: archives.log, alerts.log and their JSON forms. */
import type { Dialect } from "../ossec/dialect.js";
import { latin1, utf8 } from "./bytes.js";

/** A line as a program wrote it, and where it was pasted from. */
export interface Original {
  readonly line: string;
  /** null: it is the line as given. */
  readonly pasted: Pasted | null;
}

export interface Pasted {
  readonly from: "archives.log" | "alerts.log" | "a JSON log of alerts or archives";
  /** What stood before the original (of an alert the lines, each with its end); "" in JSON. */
  readonly cut: string;
  /** `(agent) 192.0.2.1->/var/log/auth.log` or `host->/var/log/auth.log`; null: not said. */
  readonly location: string | null;
  /** Whose it is, in Wazuh's JSON; null: not said. */
  readonly agent: Agent | null;
}

/** An agent of Wazuh; 000 is the server itself. */
interface Agent {
  readonly id: string;
  readonly name: string;
  readonly ip: string;
}

const stamp = /^\d{4} [A-Z][a-z]{2} [ \d]?\d \d\d:\d\d:\d\d /;
const archived = /^(\d{4} [A-Z][a-z]{2} [ \d]?\d \d\d:\d\d:\d\d )((?:\([^()]*\) )?[^\s>]*->\S+) (?=.)/s;
const alertBegin = /^\*\* Alert \d+\.\d+:/;
const alertField =
  /^(?:Rule: \d+ \(level \d+\) -> '|(?:Src IP|Src Port|Dst IP|Dst Port|User|Src Location|Dst Location): )/;
/** Output of a command: its location is the command, which may have blanks. */
const commandOutput = /ossec: output: '/;

function fromArchive(text: string): Original | null {
  const [all, date = "", location = ""] = archived.exec(text) ?? [];
  if (all === undefined) return null;
  const output = commandOutput.exec(text)?.index ?? 0;
  const at = Math.max(all.length, output);
  return {
    line: text.slice(at),
    pasted: {
      from: "archives.log",
      cut: text.slice(0, at),
      location: output > 0 ? text.slice(date.length, at).trimEnd() : location,
      agent: null,
    },
  };
}

/** Members that stand beside `full_log` in what OSSEC and Wazuh write. */
const besideFullLog = ["rule", "decoder", "location", "agent", "manager"];

function fromJson(text: string): Original | null {
  if (!text.startsWith("{") || !text.includes('"full_log"')) return null;
  let value: unknown;
  try {
    value = JSON.parse(utf8(text));
  } catch {
    return null;
  }
  if (typeof value !== "object" || value === null || !("full_log" in value)) return null;
  const { full_log } = value;
  if (typeof full_log !== "string" || !besideFullLog.some((name) => name in value)) return null;
  const location = "location" in value && typeof value.location === "string" ? value.location : null;
  return {
    line: latin1(full_log),
    pasted: {
      from: "a JSON log of alerts or archives",
      cut: "",
      location: location === null ? null : latin1(location),
      agent: agentOf("agent" in value ? value.agent : null),
    },
  };
}

function agentOf(agent: unknown): Agent | null {
  if (typeof agent !== "object" || agent === null || !("id" in agent) || typeof agent.id !== "string")
    return null;
  const text = (value: unknown, otherwise: string): string =>
    typeof value === "string" ? latin1(value) : otherwise;
  return {
    id: latin1(agent.id),
    name: text("name" in agent ? agent.name : null, ""),
    ip: text("ip" in agent ? agent.ip : null, "any"),
  };
}

/** Finds the originals in lines that come one after the other. */
export class Originals {
  /** What was read of an alert before its line; null: not within an alert. */
  #alert: string | null = null;
  #location: string | null = null;
  /** The alert's own line is found; earlier events stand behind it. */
  #isFound = false;

  /** The line that the engine gets; null: there is none in this one. */
  next(text: string): Original | null {
    if (alertBegin.test(text)) {
      this.#alert = `${text}\n`;
      this.#location = null;
      this.#isFound = false;
      return null;
    }
    if (this.#alert === null) return fromArchive(text) ?? fromJson(text) ?? { line: text, pasted: null };
    if (text.trim() === "") {
      this.#alert = null;
      return null;
    }
    if (this.#isFound) return null;
    if (this.#location === null && stamp.test(text) && text.includes("->")) {
      this.#location = text.replace(stamp, "");
      this.#alert += `${text}\n`;
      return null;
    }
    if (alertField.test(text)) {
      this.#alert += `${text}\n`;
      return null;
    }
    this.#isFound = true;
    return {
      line: text,
      pasted: { from: "alerts.log", cut: this.#alert, location: this.#location, agent: null },
    };
  }
}

/** The original of what somebody pasted, which may be an alert of several lines. */
export function originalOf(text: string): Original {
  const whole = text.replace(/[\r\n]+$/, "");
  const originals = new Originals();
  const lines = whole.split(/\r?\n/);
  if (lines.length === 1 || !alertBegin.test(whole))
    return originals.next(whole) ?? { line: whole, pasted: null };
  for (const line of lines) {
    const found = originals.next(line);
    if (found !== null) return found;
  }
  return { line: whole, pasted: null };
}

/** The number of Wazuh's server among its agents. */
const server = "000";

/**
 * Where the engine is shown that a line comes from; undefined: nothing is known of it. OSSEC looks at no more of it than
 * an agent's name, which is a host name there; Wazuh's rules can ask for the path.
 */
export function locationOf({ pasted }: Original, { engine }: Dialect): string | undefined {
  if (pasted === null || pasted.location === null) return undefined;
  const { location, agent } = pasted;
  if (engine.agentLocation === "named" || location.startsWith("("))
    return location.startsWith("(") ? location : undefined;
  if (agent === null || agent.id === server)
    return location.slice(location.indexOf("->") + 1).replace(/^>/, "");
  return `[${agent.id}] (${agent.name}) ${agent.ip}->${location}`;
}
