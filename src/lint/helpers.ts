/** Small questions that several rules ask. */
import type { RuleDefinition } from "../ossec/definitions.js";
import { conditionsOf } from "../ossec/engine/conditions.js";
import type { AttributeRange } from "../ossec/source-map.js";
import type { LintContext } from "./context.js";
import { rewrite } from "./edits.js";
import { attributeNamed, valuePlace, type WrittenRule } from "./elements.js";
import type { LineEvent } from "./lines.js";
import type { Report } from "./model.js";

/** Reports numbers of which the engine keeps only the first digits. */
export function reportTruncated(
  context: LintContext,
  report: Report,
  attribute: string,
  width: number,
  message: (written: string, kept: number, rule: RuleDefinition) => string,
): void {
  for (const written of context.rules) {
    const found = attributeNamed(written, attribute);
    if (found === undefined || !/^[0-9]+$/.test(found.value)) continue;
    const kept = found.value.slice(0, width);
    if (Number(kept) !== Number(found.value)) {
      report(
        valuePlace(found),
        message(found.value, Number(kept), written.rule),
        rewrite("Write what the engine reads.", found.valuePlace, found.value, kept),
      );
    }
  }
}

/** Rules that compare with earlier events; not those of check_diff. */
export function compositesOf({ rules }: LintContext): readonly WrittenRule[] {
  return rules.filter(({ rule }) => rule.search !== null);
}

/** The attribute, if the engine reads a number above 0 there. */
export function positive(written: WrittenRule, name: string, width: number): AttributeRange | null {
  const found = attributeNamed(written, name);
  if (found === undefined || !/^[0-9]+$/.test(found.value)) return null;
  return Number(found.value.slice(0, width)) > 0 ? found : null;
}

/** Where a composite names what it counts. */
export function searchPlace(written: WrittenRule) {
  const element = written.elements.find(({ name }) => /^if_matched_/i.test(name));
  return element?.content ?? written.place;
}

/** Rules whose events the composite counts; all that it would count if they were stored. */
export function baseRulesOf(context: LintContext, rule: RuleDefinition): readonly RuleDefinition[] {
  const { search } = rule;
  if (search?.kind === "sid") {
    const target = context.loaded.ruleById.get(search.sid);
    return target === undefined ? [] : [target];
  }
  return search?.kind === "group" ? context.feedersOf(rule) : [];
}

/** The first few of a list, and how many more there are. */
export function listed(items: readonly (string | number)[], most = 5): string {
  const more = items.length - most;
  return `${items.slice(0, most).join(", ")}${more > 0 ? ` and ${more} more` : ""}`;
}

/** A text for a message; long ones are cut. */
export function shown(text: string): string {
  return text.length > 100 ? `${text.slice(0, 100)}…` : text;
}

/** Does the rule ask for anything of an event that reaches it? */
export function hasConditions(rule: RuleDefinition): boolean {
  return conditionsOf(rule).length > 0;
}

/** Reports the first line of its kind, and how many there are. */
export function reportFirst(
  context: LintContext,
  report: Report,
  test: (line: LineEvent) => boolean,
  message: string,
): void {
  let first: LineEvent | null = null;
  let count = 0;
  for (const line of context.lines?.events ?? []) {
    if (!test(line)) continue;
    first ??= line;
    count += 1;
  }
  if (first === null) return;
  const { source, start, end } = first;
  report({ source, start, end }, `${message}${count > 1 ? ` (${count} such lines)` : ""}`);
}
