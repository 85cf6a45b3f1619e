/** What Wazuh takes differently (spec/ossec.md 16), as far as the loader, which is OSSEC's, can tell. */
import type { PlacedFinding } from "./finding.js";

/** Elements and attributes that OSSEC refuses and Wazuh has. */
const wazuhWords =
  /<(?:same_srcip|same_dstip|same_srcport|same_dstport|same_srcuser|same_field|same_url|same_[a-z_]+|different_[a-z_]+|not_same_[a-z_]+|global_frequency|mitre|protocol|data|system_name|location|action|json_null_field|json_array_structure)>|attribute (?:type|negate)\b|no attribute but offset|no attribute but name/;

/** Findings that Wazuh would only warn about, or not have at all. */
export function inWazuh(placed: readonly PlacedFinding[]): readonly PlacedFinding[] {
  return placed.flatMap((one) => {
    const { finding } = one;
    if (finding.effect !== "refused") return [one];
    if (wazuhWords.test(finding.message)) return [];
    const warns =
      finding.code === "OSSEC-RULE-DUPLICATE" ||
      finding.code === "OSSEC-RULE-REFERENCE" ||
      (finding.code === "OSSEC-RULE-VALUE" && /if_(?:level|matched_sid)/.test(finding.message));
    if (!warns) return [one];
    const { outcome: _outcome, engineMessage: _number, ...rest } = finding;
    return [
      {
        ...one,
        finding: {
          ...rest,
          effect: "dead" as const,
          severity: "warning" as const,
          message: `${finding.message} (Wazuh warns and leaves the rule out)`,
        },
      },
    ];
  });
}
