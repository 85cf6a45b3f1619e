/** What Wazuh takes differently (docs/reference/wazuh.md#in-short) of what the loader, which is OSSEC's, has to say. */

import type { Span } from "../diagnostics/diagnostic.js";
import type { LoadedOssec, LoadProblem } from "../ossec/definitions.js";
import { spanOf } from "../ossec/xml/source.js";
import type { PlacedFinding } from "./finding.js";
import { ruleByCode } from "./rules/index.js";
import { typedElements } from "./wazuh.js";

/** Elements, attributes and values that OSSEC refuses and Wazuh has. */
const wazuhWords =
  /<(?:same_[a-z_]+|different_[a-z_]+|not_same_[a-z_]+|global_frequency|mitre|protocol|data|system_name|location|srcuser|dstuser|json_null_field|json_array_structure)>|attribute (?:type|negate)\b|no attribute but (?:offset|name), so not (?:type|negate)\b|no attribute but offset|plugin decoder "JSON_Decoder"|^there is no option "no_(?:full_log|counter)"|^a list cannot look up the field|^ossec.conf has no section <ruleset>/;

/** Told by rules of Wazuh's own. */
const toldElsewhere = /element <(?:\w+_)?pcre2>/i;

type Changed = Pick<PlacedFinding["finding"], "effect" | "severity" | "message">;

/** What becomes of a refusal; null: it stays one. */
function milder({ code, message }: PlacedFinding["finding"]): Changed | null {
  const warns = (effect: "dead" | "misread", what: string): Changed => ({
    effect,
    severity: "warning",
    message: `${message}: Wazuh warns and ${what}`,
  });
  if (code === "OSSEC-RULE-DUPLICATE") return warns("dead", "leaves this rule out");
  if (code === "OSSEC-RULE-REFERENCE" && message.includes("to overwrite")) {
    return warns("misread", "loads it as a rule of its own");
  }
  if (code === "OSSEC-RULE-REFERENCE" || code === "OSSEC-RULE-VALUE")
    return warns("dead", "leaves this rule out");
  return null;
}

function isInside({ line, column }: Span, place: Span): boolean {
  const { endLine = place.line, endColumn = place.column } = place;
  const behind = line > place.line || (line === place.line && column >= place.column);
  return behind && (line < endLine || (line === endLine && column <= endColumn));
}

/** A refusal of something that Wazuh has. */
export function isOfWazuh({ finding: { effect, message } }: PlacedFinding): boolean {
  return effect === "refused" && (wazuhWords.test(message) || toldElsewhere.test(message));
}

/** Problems of the loader that are none for Wazuh. */
export function wazuhProblems(loaded: LoadedOssec): readonly LoadProblem[] {
  // Their patterns were compiled in the language of their element's name.
  const typed = typedElements(loaded).map(({ content }) => spanOf(content));
  return loaded.problems.filter((problem) => {
    const { code, message, outcome, file } = problem;
    if (ruleByCode(code)?.dialects?.includes("wazuh") !== true) return false;
    if (outcome !== "warning" && (wazuhWords.test(message) || toldElsewhere.test(message))) return false;
    if (code === "OSSEC-CONF-ELEMENT" || code === "OSSEC-CONF-VALUE") {
      if (/^<(?:global|alerts|localfile|active-response)> has no element|^<log_format>/.test(message))
        return false;
    }
    return (
      code !== "OSSEC-PATTERN" || !typed.some((place) => place.file === file && isInside(problem, place))
    );
  });
}

/** Findings as Wazuh has them. */
export function inWazuh(placed: readonly PlacedFinding[]): readonly PlacedFinding[] {
  return placed.map((one) => {
    const { engineMessage: _number, ...finding } = one.finding;
    const reported = { ...finding, message: finding.message.replace(/ \(OSSEC message \d+\)$/, "") };
    const changed = finding.effect === "refused" ? milder(reported) : null;
    if (changed === null) return { ...one, finding: { ...reported, dialect: "wazuh" as const } };
    const { outcome: _outcome, ...rest } = reported;
    return { ...one, finding: { ...rest, ...changed, dialect: "wazuh" as const } };
  });
}
