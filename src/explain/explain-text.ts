/** An explanation for people. Everything is latin1, as the lines are. */
import type { RuleDefinition } from "../ossec/definitions.js";
import type { FailedCondition } from "../ossec/engine/trace.js";
import type { DecoderReport } from "./decoders.js";
import type { LineExplanation, RuleVerdict } from "./explain.js";
import type { Pasted } from "./original.js";
import type { DecoderAttempt, GivenType, RuleAttempt } from "./recorder.js";

const label = (name: string): string => `  ${name.padEnd(10)}`;
const shown = (value: string | null): string => (value === null ? "(not set)" : `'${value}'`);
const named = (rule: RuleDefinition): string =>
  `rule ${rule.id} (level ${rule.level}) ${rule.description ?? ""}`.trimEnd();

/** Pattern and text side by side. */
function side(failed: FailedCondition, margin: string): string {
  const note = failed.note === undefined ? "" : `${margin}note      ${failed.note}\n`;
  const wanted = `${margin}wanted    ${failed.wanted === "" ? "''" : failed.wanted}\n`;
  return `${wanted}${margin}found     ${shown(failed.found)}\n${note}`;
}

function pastedText(pasted: Pasted | null): string {
  if (pasted === null) return "";
  const what = pasted.cut === "" ? "its full_log is taken" : `cut off: '${pasted.cut.trimEnd()}'`;
  return `${label("pasted")}from ${pasted.from}; ${what}\n`;
}

function headText({ event, header, type }: LineExplanation, pasted: Pasted | null): string {
  let text = `${pastedText(pasted)}${label("line")}${event.line}\n`;
  if (event.kind === "ignored")
    return `${text}The engine skips this line: it is too short, or where it comes from is malformed.\n`;
  text += `${label("date")}${header.date === "" ? "(none that pre-decoding knows)" : `'${header.date}'`}\n`;
  text += `${label("header")}${header.header === "" ? "(none)" : `'${header.header}'`}\n`;
  text += `${label("hostname")}${event.hostname}\n`;
  text += `${label("program")}${event.programName ?? "(none)"}\n`;
  text += `${label("log")}${event.log}\n`;
  if (type !== null) text += `${label("type")}${type.type}, ${typeGiver(type)}\n`;
  return text;
}

function typeGiver({ type, by }: GivenType): string {
  if (by === null) return "since no decoder took the line";
  return type === "syslog" && by.type === "syslog"
    ? `from decoder ${by.name}, which names no other <type>`
    : `from decoder ${by.name}`;
}

/** Of more only those that came nearest are shown. */
const mostOwn = 12;

function fateText({ decoder, fate }: DecoderReport): string {
  switch (fate.kind) {
    case "matched":
      return `  ${decoder.name}: matched\n`;
    case "failed":
      return `  ${decoder.name}: ${fate.failed.condition} not met\n${side(fate.failed, "      ")}`;
    case "not-tried":
      return `  ${decoder.name}: not tried: ${fate.reason}\n`;
  }
}

const indented = (text: string): string => text.replace(/^(?=.)/gm, "  ");
const rank = {
  fired: 0,
  child: 1,
  silent: 2,
  failed: 3,
  "parent-failed": 4,
  taken: 5,
  category: 6,
  "no-event": 7,
};
const fateRank = { matched: 0, failed: 1, "not-tried": 2 } as const;

function shortened<T>(all: readonly T[], rankOf: (one: T) => number, everything: boolean): readonly T[] {
  if (everything || all.length <= mostOwn) return all;
  return [...all].sort((one, other) => rankOf(one) - rankOf(other)).slice(0, mostOwn);
}

const restText = (all: number, shown: number): string =>
  all === shown ? "" : `  ${all - shown} others are farther off (--verbose shows them)\n`;

/** The reader's own decoders and rules. */
function ownText({ ownDecoders, ownRules, event }: LineExplanation, all: boolean): string {
  let text = "";
  if (ownDecoders.length > 0) {
    const some = shortened(ownDecoders, ({ fate }) => fateRank[fate.kind], all);
    text += `Your decoders\n${some.map(fateText).join("")}${restText(ownDecoders.length, some.length)}`;
  }
  if (ownRules.length > 0 && event.kind === "event") {
    const some = shortened(ownRules, ({ verdict }) => rank[verdict.kind], all);
    const verdicts = some.map(({ rule, verdict }) => indented(verdictText(verdict, rule.id))).join("");
    text += `Your rules\n${verdicts}${restText(ownRules.length, some.length)}`;
  }
  return text;
}

function decoderText(attempts: readonly DecoderAttempt[], all: boolean): string {
  let text = "";
  let skipped = 0;
  for (const { decoder, failed } of attempts) {
    const boring = failed !== null && decoder.parent === null && failed.condition === "program_name";
    if (boring && !all) skipped += 1;
    else if (failed === null) text += `  ${decoder.name}: matched\n`;
    else if (!all && decoder.parent === null && decoder.programName === null) skipped += 1;
    else text += `  ${decoder.name}: ${failed.condition} not met\n${side(failed, "      ")}`;
  }
  const before = skipped === 0 ? "" : `  ${skipped} others did not match (--verbose shows them)\n`;
  return `Decoders tried\n${before}${text}`;
}

function ruleLine({ rule, depth, failed }: RuleAttempt, all: boolean): string {
  const margin = "  ".repeat(depth + 1);
  if (failed === null) return `${margin}${named(rule)}: matched\n`;
  return all ? `${margin}${named(rule)}: ${failed.condition} not met\n${side(failed, `${margin}    `)}` : "";
}

function rulesText(attempts: readonly RuleAttempt[], all: boolean): string {
  const failed = attempts.filter((attempt) => attempt.failed !== null).length;
  const note = all || failed === 0 ? "" : `  ${failed} others did not match (--verbose shows them)\n`;
  return `Rules tried\n${attempts.map((attempt) => ruleLine(attempt, all)).join("")}${note}`;
}

const silence = {
  "level-0": "level 0: no alert, not stored",
  ignore: "silent: ignore= has not run out since the last alert of this rule",
  check_if_ignored: "silent: check_if_ignored found an earlier <ignore>",
  "repeated-line": "dropped: the same line came just before",
  "incomplete-firewall-event":
    "dropped: a firewall event needs action, both addresses, both ports and protocol",
} as const;

function resultText({ event }: LineExplanation): string {
  if (event.kind === "ignored") return "";
  if (event.kind === "crash") {
    const where = event.rule === null ? "" : ` at ${named(event.rule)}`;
    return `Result\n  the engine dies${where}: ${event.reason}\n`;
  }
  if (event.rule === null)
    return `Result\n  no rule${event.silencedBy === null ? "" : `; ${silence[event.silencedBy]}`}\n`;
  const state = event.alert
    ? "alert"
    : event.silencedBy === null
      ? "no alert (no_log, or below log_alert_level)"
      : silence[event.silencedBy];
  return `Result\n  ${named(event.rule)}: ${state}\n`;
}

/**
 * The whole explanation of a line.
 *
 * @param all also what plainly did not match
 * @param pasted what was cut off before the line was explained
 */
export function explanationText(
  explanation: LineExplanation,
  all: boolean,
  pasted: Pasted | null = null,
): string {
  const { event, nearest } = explanation;
  let text = headText(explanation, pasted);
  if (event.kind === "ignored") return text;
  text += ownText(explanation, all);
  const own = new Set(explanation.ownDecoders.map(({ decoder }) => decoder));
  // What became of the reader's own is said above.
  const tried = explanation.decoders.filter(
    ({ decoder, failed }) => all || failed === null || !own.has(decoder),
  );
  text += decoderText(tried, all);
  text += explanation.passedOver
    .slice(0, all ? undefined : mostOwn)
    .map(fateText)
    .join("");
  text += `  decoder: ${event.decoder ?? "(none)"}\n`;
  for (const [name, value] of event.fields) text += `  ${name}: '${value}'\n`;
  text += rulesText(explanation.rules, all);
  text += resultText(explanation);
  const { nearestDecoder } = explanation;
  if (nearestDecoder !== null || nearest?.failed != null) text += "Nearest miss\n";
  if (nearestDecoder !== null) text += fateText(nearestDecoder).replace(/^ {2}/, "  decoder ");
  if (nearest?.failed != null) {
    text += `  ${named(nearest.rule)}: ${nearest.failed.condition} not met\n${side(nearest.failed, "    ")}`;
  }
  return text;
}

/** What became of the decoders that a rule needs, where the line did not reach it. */
export const reportsText = (reports: readonly DecoderReport[]): string =>
  reports.length === 0 ? "" : `Decoders that it needs\n${reports.map(fateText).join("")}`;

/** What became of one rule on one line, in a sentence and the failed condition. */
export function verdictText(verdict: RuleVerdict, id: number): string {
  switch (verdict.kind) {
    case "fired":
      return `Rule ${id} fired.\n`;
    case "child":
      return `Rule ${id} matched; below it ${named(verdict.by)} matched too and was reported instead.\n`;
    case "silent":
      return `Rule ${id} matched but is never reported (noalert), or a rule above it gave the event away.\n`;
    case "failed":
      return `Rule ${id} was tried and not met: ${condition(verdict.attempt)}`;
    case "parent-failed":
      return `Rule ${id} was not reached: above it ${named(verdict.attempt.rule)} was not met: ${condition(verdict.attempt)}`;
    case "taken":
      return `Rule ${id} was not reached: ${named(verdict.by)} took the event before it.\n`;
    case "category":
      return `Rule ${id} was not reached: it is in category ${verdict.category}, the event is of another type.\n`;
    case "no-event":
      return `Rule ${id}: the line is no event.\n`;
  }
}

function condition({ failed }: RuleAttempt): string {
  return failed === null ? "\n" : `${failed.condition}\n${side(failed, "    ")}`;
}
