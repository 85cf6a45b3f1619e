/** The text of wazuh-logtest (docs/reference/wazuh.md#logtest-text). */
import type { RuleDefinition } from "../../ossec/definitions.js";
import type { EngineTrace } from "../../ossec/engine/trace.js";
import { type CJson, isCJsonObject, parseCJson } from "../cjson.js";
import { pythonText } from "./python-text.js";

/** What wazuh-logtest prints before it reads the first line. */
export const wazuhInvitation = "Starting wazuh-logtest v4.14.7\nType one log per line\n";

type Members = readonly (readonly [string, CJson])[];

function membersOf(value: CJson | undefined): Members {
  return value !== undefined && isCJsonObject(value) ? [...new Map(value.members)] : [];
}

function memberOf(members: Members, name: string): CJson | undefined {
  return members.find(([key]) => key === name)?.[1];
}

const line = (name: string, value: CJson): string => `\t${name}: '${pythonText(value)}'\n`;

/** Members of a phase: some first, the others by name, those of objects under the names around them. */
function phaseText(members: Members, first: readonly string[] = [], around = ""): string {
  let text = "";
  for (const name of first) {
    const value = memberOf(members, name);
    if (value !== undefined) text += line(name, value);
  }
  const others = members.filter(([name]) => !first.includes(name));
  for (const [name, value] of others.sort(([one], [other]) => (one < other ? -1 : 1))) {
    if (value !== null && isCJsonObject(value)) text += phaseText(membersOf(value), [], `${around}${name}.`);
    else text += line(around + name, value);
  }
  return text;
}

/** Collects the rules that were tried, for `--verbose`. */
export class WazuhRuleDebugging implements EngineTrace {
  #messages: string[] = [];

  ruleTried(rule: RuleDefinition): void {
    this.#messages.push(`Trying rule: ${rule.id} - ${rule.description ?? "(null)"}`);
  }

  ruleMatched(rule: RuleDefinition): void {
    this.#messages.push(`*Rule ${rule.id} matched`);
  }

  childrenTried(): void {
    this.#messages.push("*Trying child rules");
  }

  /** The messages since the last call, as wazuh-logtest's answer has them in `rules_debug`. */
  take(): readonly string[] {
    const messages = this.#messages;
    this.#messages = [];
    return messages;
  }
}

/**
 * The text of an answer, from the empty line on.
 *
 * @param output - the answer's object `output` as JSON (latin1)
 * @param rulesTried - messages of {@link WazuhRuleDebugging}; null: not verbose
 */
export function wazuhLogtestText(
  output: string,
  alert: boolean,
  rulesTried: readonly string[] | null,
): string {
  const answer = membersOf(parseCJson(output)?.value);
  let text = "\n**Phase 1: Completed pre-decoding.\n";
  const fullLog = memberOf(answer, "full_log");
  if (fullLog !== undefined) text += line("full event", fullLog);
  text += phaseText(membersOf(memberOf(answer, "predecoder")), ["timestamp", "hostname", "program_name"]);
  text += "\n**Phase 2: Completed decoding.\n";
  const decoder = membersOf(memberOf(answer, "decoder"));
  if (decoder.length === 0) text += "\tNo decoder matched.\n";
  else text += phaseText(decoder, ["name", "parent"]) + phaseText(membersOf(memberOf(answer, "data")));
  if (rulesTried !== null) {
    text += "\n**Rule debugging:\n";
    for (const message of rulesTried) text += `${message.startsWith("*") ? "\t\t" : "\t"}${message}\n`;
  }
  const rule = membersOf(memberOf(answer, "rule"));
  if (rule.length > 0) {
    text += "\n**Phase 3: Completed filtering (rules).\n";
    text += phaseText(rule, ["id", "level", "description", "groups", "firedtimes"]);
  }
  return alert ? `${text}**Alert to be generated.\n` : text;
}

/** What `-U` compares: rule, level and decoder of an answer, empty where there is none. */
export interface UnitTestParts {
  readonly rule: string;
  readonly level: string;
  readonly decoder: string;
}

const partsText = ({ rule, level, decoder }: UnitTestParts): string =>
  pythonText({ items: [rule, level, decoder] });

/** What wazuh-logtest says behind each answer when it is run with `-U`. */
export function unitTestText(expected: UnitTestParts, result: UnitTestParts): string {
  return partsText(expected) === partsText(result)
    ? "\nUnit test OK\n"
    : `\nUnit test FAIL. Expected ${partsText(expected)} , Result ${partsText(result)}\n`;
}
