import type { LogDecoderModel, RuleConditionModel } from "../../model/model.js";
import { restsOnLineEnd } from "../../ossec/patterns/index.js";

/**
 * OSSEC's collector cuts a line some hundred bytes below 6,144 (docs/reference/ossec.md#life-of-an-event), and date, host and program are
 * taken from it before rules look. A message of fewer bytes than this was not cut.
 */
const wholeMessage = 5_000;

/**
 * The condition that a line was not cut, for a rule whose source address is certain only because nothing else
 * stands behind it; null where the address does not depend on the line's end.
 *
 * @param source - number of the group that captures the address
 * @param taken - the rule's other conditions: `<match>` and `<match_pcre2>` exclude each other, `<regex>` and
 *   `<pcre2>` do (docs/reference/ossec.md#pcre2)
 */
export function wholeLineCondition(
  decoder: Omit<LogDecoderModel, "name">,
  source: number,
  taken: readonly RuleConditionModel[],
): RuleConditionModel | null {
  const rests = decoder.forms.some(
    ({ regex, prematch, afterPrematch }) =>
      regex !== null &&
      restsOnLineEnd({ prematch: afterPrematch ? prematch : null, regex }, source, wholeMessage - 1_000),
  );
  if (!rests) return null;
  const element = taken.some((one) => one.element === "pcre2" || one.element === "regex")
    ? "match_pcre2"
    : "pcre2";
  return { element, field: null, value: `^.{0,${wholeMessage - 1}}$` };
}
