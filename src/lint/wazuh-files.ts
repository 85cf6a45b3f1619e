/** Files of Wazuh's that are read as OSSEC's: said once, before everything else. */
import { type SourceText, spanOf } from "../ossec/xml/source.js";
import type { PlacedFinding } from "./finding.js";

/** What only Wazuh's files have. */
export const wazuhSigns: readonly { readonly form: RegExp; readonly what: string }[] = [
  { form: /<ruleset>/, what: "a <ruleset> section" },
  {
    form: /<[a-z_]+\b[^<>]*\btype=["'](?:pcre2|osregex|osmatch)["']/,
    what: "patterns with a type attribute",
  },
  { form: /<[a-z_]+\b[^<>]*\bnegate=["']/, what: "a negate attribute" },
  { form: /<mitre>/, what: "<mitre>" },
  { form: /<plugin_decoder>\s*JSON_Decoder/, what: "the JSON decoder" },
  { form: /<(?:not_)?same_field>|<different_field>|<global_frequency/, what: "correlation of fields" },
  { form: /<options>\s*no_full_log/, what: "the option no_full_log" },
];

/** Elements, attributes and values that OSSEC refuses and Wazuh has. */
const wazuhWords =
  /<(?:same_[a-z_]+|different_[a-z_]+|not_same_[a-z_]+|global_frequency|mitre|protocol|data|system_name|location|srcuser|dstuser|json_null_field|json_array_structure)>|attribute (?:type|negate)\b|no attribute but (?:offset|name), so not (?:type|negate)\b|no attribute but offset|plugin decoder "JSON_Decoder"|^there is no option "no_(?:full_log|counter)"|^a list cannot look up the field|^ossec.conf has no section <ruleset>/;

/** A refusal of something that Wazuh has. */
function isOfWazuh({ finding: { effect, message } }: PlacedFinding): boolean {
  return effect === "refused" && wazuhWords.test(message);
}

/** So many refusals for Wazuh's own words say no more than one. */
const manyRefusals = 5;

/** The finding that comes first, and the others without what it says already. */
export function sayWazuhOnce(
  placed: readonly PlacedFinding[],
  sources: readonly SourceText[],
): { readonly first: PlacedFinding | null; readonly others: readonly PlacedFinding[] } {
  const found: string[] = [];
  let place: { readonly source: SourceText; readonly start: number; readonly end: number } | null = null;
  for (const { form, what } of wazuhSigns) {
    for (const source of sources) {
      const match = form.exec(source.text);
      if (match === null) continue;
      found.push(what);
      place ??= { source, start: match.index, end: match.index + match[0].length };
      break;
    }
  }
  if (place === null) return { first: null, others: placed };
  const refusals = placed.filter(isOfWazuh).length;
  const isMany = refusals > manyRefusals;
  const more = isMany ? ` (${refusals} of its words, which OSSEC refuses, are not listed)` : "";
  return {
    first: {
      place,
      fix: null,
      finding: {
        code: "LINT-WAZUH-FILES",
        severity: isMany ? "error" : "warning",
        effect: isMany ? "refused" : "misread",
        message: `these files are Wazuh's, with ${found.slice(0, 3).join(", ")}; they are read here as OSSEC reads them${more}`,
        help: "For Wazuh: --dialect wazuh. For OSSEC, write <match_pcre2>, <pcre2> … instead of type attributes.",
        ...spanOf(place),
      },
    },
    // What would be dead or misread does not matter where nothing loads.
    others: isMany ? placed.filter((one) => one.finding.effect === "refused" && !isOfWazuh(one)) : placed,
  };
}
