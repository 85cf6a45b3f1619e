/** An explanation for people. Everything is latin1, as the lines are. */
import type { RuleDefinition } from "../ossec/definitions.js";
import type { FailedCondition } from "../ossec/engine/trace.js";
import type { LineExplanation, RuleVerdict } from "./explain.js";
import type { DecoderAttempt, RuleAttempt } from "./recorder.js";

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

function headText(explanation: LineExplanation): string {
  const { event } = explanation;
  let text = `${label("line")}${event.line}\n`;
  if (event.kind === "ignored") return `${text}The engine skips this line: it is empty or has one byte.\n`;
  text += `${label("hostname")}${event.hostname}\n`;
  text += `${label("program")}${event.programName ?? "(none)"}\n`;
  text += `${label("log")}${event.log}\n`;
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

/** The whole explanation of a line. `all`: also what plainly did not match. */
export function explanationText(explanation: LineExplanation, all: boolean): string {
  const { event, nearest } = explanation;
  let text = headText(explanation);
  if (event.kind === "ignored") return text;
  text += decoderText(explanation.decoders, all);
  text += `  decoder: ${event.decoder ?? "(none)"}\n`;
  for (const [name, value] of event.fields) text += `  ${name}: '${value}'\n`;
  text += rulesText(explanation.rules, all);
  text += resultText(explanation);
  if (nearest?.failed != null) {
    text += `Nearest miss\n  ${named(nearest.rule)}: ${nearest.failed.condition} not met\n${side(nearest.failed, "    ")}`;
  }
  return text;
}

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
