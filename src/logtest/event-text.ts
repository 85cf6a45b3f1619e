/** ossec-logtest's text of an event (docs/reference/ossec.md#output-of-logtest; recorded in golden_text.json). */
import type { RuleDefinition } from "../ossec/definitions.js";
import type { EngineEvent } from "../ossec/engine/event.js";
import type { EngineTrace } from "../ossec/engine/trace.js";

/** What ossec-logtest prints before it reads the first line. */
export const invitation = "ossec-testrule: Type one log per line.\n\n";

const indent = "       ";
const quoted = (value: string | null): string => `'${value ?? "(null)"}'`;

const infoNames = { text: "Text", link: "Link", cve: "CVE", osvdb: "OSVDB" } as const;

function ruleText(rule: RuleDefinition): string {
  let text = "\n**Phase 3: Completed filtering (rules).\n";
  text += `${indent}Rule id: '${rule.id}'\n`;
  text += `${indent}Level: '${rule.level}'\n`;
  text += `${indent}Description: ${quoted(rule.description)}\n`;
  for (const { type, data } of rule.info) text += `${indent}Info - ${infoNames[type]}: '${data}'\n`;
  return text;
}

/** Collects the rules that were tried, for `--verbose`. */
export class RuleDebugging implements EngineTrace {
  #text = "";

  ruleTried(rule: RuleDefinition): void {
    this.#text += `    Trying rule: ${rule.id} - ${rule.description ?? "(null)"}\n`;
  }

  ruleMatched(rule: RuleDefinition): void {
    this.#text += `${indent}*Rule ${rule.id} matched.\n`;
  }

  childrenTried(): void {
    this.#text += `${indent}*Trying child rules.\n`;
  }

  /** The text since the last call. */
  take(): string {
    const text = this.#text;
    this.#text = "";
    return text;
  }
}

/**
 * The text of an event: of a line that the engine skips nothing; of one that kills it, what it printed
 * until then.
 *
 * @param rulesTried - text of {@link RuleDebugging}; null: not verbose
 */
export function eventText(event: EngineEvent, rulesTried: string | null): string {
  if (event.kind === "ignored") return "";
  let text = "\n\n**Phase 1: Completed pre-decoding.\n";
  text += `${indent}full event: '${event.fullLog}'\n`;
  text += `${indent}hostname: '${event.hostname}'\n`;
  text += `${indent}program_name: ${quoted(event.programName)}\n`;
  text += `${indent}log: '${event.log}'\n`;
  if (event.kind === "crash" && event.cause === "no-decoders") return text;
  if (event.decoded) text += "\n**Phase 2: Completed decoding.\n";
  for (const [name, value] of event.fields) text += `${indent}${name}: '${value}'\n`;
  if (event.decoded && event.decoder === null) text += `${indent}No decoder matched.\n`;
  text += `${indent}decoder: ${quoted(event.decoder)}\n`;
  if (event.accumulated) text += "\n**ACCUMULATOR: LEVEL UP!!**\n\n";
  if (rulesTried !== null) text += `\n**Rule debugging:\n${rulesTried}`;
  if (event.kind === "crash" || event.rule === null) return text;
  text += ruleText(event.rule);
  return event.alert ? `${text}**Alert to be generated.\n\n\n` : text;
}
