/** `not_same_*`, which only takes back a `same_*` before it (docs/reference/ossec.md#correlation). */

import { lowerCase } from "../ossec/load/text.js";
import type { ElementRange } from "../ossec/source-map.js";
import type { LintContext } from "./context.js";
import { removeElements } from "./edits.js";
import type { WrittenRule } from "./elements.js";
import type { Fix, LintRule, Report } from "./model.js";

/** What each of them takes back. */
export const takenBack: Readonly<Record<string, string>> = {
  not_same_source_ip: "same_source_ip",
  not_same_user: "same_user",
  not_same_id: "same_id",
  not_same_agent: "same_location",
};

/** Takes the element away, and what it takes back. */
export function withoutNotSame(written: WrittenRule, element: ElementRange): { readonly fix: Fix } {
  const same = takenBack[lowerCase(element.name)];
  const before = written.elements.filter(
    ({ name, place }) => lowerCase(name) === same && place.start < element.place.start,
  );
  return removeElements(
    before.length > 0 ? "Take both elements away." : "Take the element away.",
    ...before,
    element,
  );
}

/** Reports each one of this name that has nothing before it to take back. */
export function reportAlone(context: LintContext, report: Report, name: string, one: string): void {
  const same = takenBack[name] ?? "";
  for (const written of context.rules) {
    const names = written.elements.map((element) => lowerCase(element.name));
    const at = names.indexOf(name);
    const element = written.elements[at];
    if (element !== undefined && !names.slice(0, at).includes(same))
      report(
        element.content,
        `${name} of rule ${written.rule.id} is never tested: one ${one} alone fires it`,
        withoutNotSame(written, element),
      );
  }
}

/** A composite with a comparison that is read and never tested, and without it. */
export function untestedExamples(name: string): Pick<LintRule, "bad" | "fixed" | "good"> {
  const rules = (comparison: string) =>
    `<rule id="100100" level="3"><match>bad</match><description>a</description></rule>\n<rule id="100101" level="10" frequency="4" timeframe="60"><if_matched_sid>100100</if_matched_sid>${comparison}<description>a</description></rule>`;
  return { bad: { rules: rules(`«<${name} />»`) }, fixed: { rules: rules("") }, good: { rules: rules("") } };
}
