import type { RuleConditionModel } from "../../model/model.js";
import type { PatternLanguage } from "../../ossec/patterns/index.js";
import { checkRuleText } from "../../targets/ossec/text.js";
import { codes } from "../codes.js";
import type { TextDeclaration } from "../decode/conditions.js";
import type { SourceRange } from "../decode/field.js";
import type { LogDeclaration } from "../decode/log.js";
import type { OrderEntry } from "../decode/log-order.js";
import type { PatternDeclaration } from "../decode/pattern.js";
import type { LinkContext } from "./context.js";
import { linkMoments } from "./moments.js";
import { addressConditions, isLookup, textCondition } from "./value-condition.js";

/** Elements whose value is OS_Match, or PCRE2 under a second name (docs/reference/ossec.md#pattern-languages). */
const matched: ReadonlyMap<string, string> = new Map([
  ["dstuser", "user"],
  ["srcuser", "user"],
  ["id", "id"],
  ["url", "url"],
  ["status", "status"],
  ["extra_data", "extra_data"],
  ["srcport", "srcport"],
  ["dstport", "dstport"],
]);

/** The conditions in `where` and `match`; null where one cannot be asked. */
export function linkConditions(
  context: LinkContext,
  declared: LogDeclaration,
  order: readonly OrderEntry[],
  own: ReadonlyMap<string, string>,
): readonly RuleConditionModel[] | null {
  const { match, where = {} } = declared;
  const conditions = Object.entries(where).map(([name, asked]) => {
    const place = context.places.at(where, name);
    const entry = order.find((one) => one.name === name);
    if (entry !== undefined) return linkCondition(context, { place, asked, entry, order, own });
    return context.report(
      codes.order(
        place.span(),
        `${context.places.at(declared, "where").label}: the order has no field ${JSON.stringify(name.slice(0, 60))}, so the rule would never fire`,
        order.length === 0 ? undefined : `there are: ${order.map((one) => one.name).join(", ")}`,
      ),
    );
  });
  const whole = conditions.filter((condition) => condition !== null);
  if (whole.length < conditions.length) return null;
  return [...(match === undefined ? [] : [matchCondition(match)]), ...whole.flat(), ...linkMoments(declared)];
}

/** A condition on the message as a whole. */
export function matchCondition({ language, text }: PatternDeclaration): RuleConditionModel {
  return { element: wholeLine[language], field: null, value: text };
}

/** The element of a condition on the message as a whole. */
const wholeLine: Readonly<Record<PatternLanguage, string>> = {
  osmatch: "match",
  osregex: "regex",
  pcre2: "pcre2",
};

/** A condition on a capture: what is asked of it, where, and what the order says it is. */
interface Asked {
  readonly place: SourceRange;
  readonly asked: TextDeclaration;
  readonly entry: OrderEntry;
  readonly order: readonly OrderEntry[];
  /** Elements of the bundle's engine for fields that OSSEC's rules cannot ask for. */
  readonly own: ReadonlyMap<string, string>;
}

function linkCondition(context: LinkContext, condition: Asked): readonly RuleConditionModel[] | null {
  const { place, asked, entry, order, own } = condition;
  const { report } = context;
  const { label } = place;
  if (entry.slot === "srcip" || entry.slot === "dstip")
    return addressConditions(context, place, asked, entry.slot);
  if (entry.slot === "action") return actionCondition(context, place, asked);
  const element = matched.get(entry.slot) ?? own.get(entry.slot);
  if (element === undefined && !entry.dynamic)
    return report(
      codes.order(
        place.span(),
        `${label}: OSSEC's rules have no condition on ${entry.name}`,
        "write it into the regex",
      ),
    );
  if (isLookup(asked) && entry.slot === "dstuser" && order.some(({ slot }) => slot === "srcuser"))
    return report(
      codes.order(
        place.span(),
        `${label}: a list is asked for srcuser, which the order fills too, and never for dstuser then`,
      ),
    );
  if (entry.slot === "srcuser" && !isLookup(asked) && order.some(({ slot }) => slot === "dstuser"))
    return report(
      codes.order(
        place.span(),
        `${label}: OSSEC's <user> looks at dstuser, which the order fills too, and never at srcuser then`,
      ),
    );
  const made = textCondition(
    context,
    place,
    asked,
    element === undefined ? { field: entry.name } : { element },
  );
  return made === null ? null : [made];
}

/** An action is compared as a text, with letter case. */
export function actionCondition(
  { report }: LinkContext,
  { label, span }: SourceRange,
  asked: TextDeclaration,
): readonly RuleConditionModel[] | null {
  const problem =
    typeof asked === "string" ? checkRuleText(asked) : "OSSEC compares an action with a plain text";
  if (typeof asked === "string" && problem === null)
    return [{ element: "action", field: null, value: asked }];
  return report(codes.pattern(span(), `${label}: ${problem ?? ""}`, 'write it as a string: action: "DROP"'));
}
