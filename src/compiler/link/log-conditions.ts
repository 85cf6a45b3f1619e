import type { RuleConditionModel } from "../../model/model.js";
import { checkRuleText } from "../../targets/ossec/text.js";
import { codes } from "../codes.js";
import type { LineConditionDeclaration, TextDeclaration } from "../decode/conditions.js";
import type { SourceRange } from "../decode/field.js";
import type { LogDeclaration } from "../decode/log.js";
import type { OrderEntry } from "../decode/log-order.js";
import type { ConditionLanguage } from "../decode/pattern.js";
import type { LinkContext } from "./context.js";
import { linkMoments } from "./moments.js";
import { addressConditions, isLookup, isNegation, negated, textCondition } from "./value-condition.js";

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
  const matched = match === undefined ? [] : matchConditions(context, match);
  if (whole.length < conditions.length || matched === null) return null;
  return [...matched, ...whole.flat(), ...linkMoments(declared)];
}

/** The two elements for the message as a whole, and the languages that each has by its name. */
type LineElement = "match" | "regex";

const lineElements: Readonly<Record<ConditionLanguage, readonly LineElement[]>> = {
  osmatch: ["match"],
  osregex: ["regex"],
  wazuhregex: ["regex"],
  pcre2: ["regex", "match"],
};

/** The conditions on the message as a whole: each takes an element of its own; null, and reported, where none is left. */
export function matchConditions(
  context: LinkContext,
  match: readonly LineConditionDeclaration[],
): readonly RuleConditionModel[] | null {
  const made = new Map<LineElement, RuleConditionModel>();
  // Those that have no choice come first.
  const byChoice = [...match.entries()].sort(([, one], [, other]) => choices(one) - choices(other));
  for (const [index, condition] of byChoice) {
    const place = context.places.at(match, index);
    const { language, text } = "kind" in condition ? condition.value : condition;
    const element = lineElements[language].find((one) => !made.has(one));
    if (element === undefined || (language === "wazuhregex" && context.ossec.dialect === "ossec"))
      return context.report(
        codes.pattern(
          place.span(),
          element === undefined
            ? `${place.label}: a rule has one place for an osMatch and one for an osRegex pattern of the message; pcre2 takes either`
            : `${place.label} cannot be a wazuhRegex pattern: OSSEC has no such element`,
          element === undefined ? "write one of them in pcre2" : "write osRegex",
        ),
      );
    const plain: RuleConditionModel = {
      element: language === "pcre2" ? (element === "regex" ? "pcre2" : "match_pcre2") : element,
      field: null,
      value: text,
      ...(language === "wazuhregex" ? { language } : {}),
    };
    const whole = "kind" in condition ? negated(context, place, plain) : plain;
    if (whole === null) return null;
    made.set(element, whole);
  }
  return (["match", "regex"] as const).flatMap((element) => made.get(element) ?? []);
}

function choices(condition: LineConditionDeclaration): number {
  return lineElements["kind" in condition ? condition.value.language : condition.language].length;
}

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

/** An action is compared as a text, with letter case; Wazuh takes patterns too. */
export function actionCondition(
  context: LinkContext,
  place: SourceRange,
  asked: TextDeclaration,
): readonly RuleConditionModel[] | null {
  const { report, ossec } = context;
  if (typeof asked === "string") {
    const problem = checkRuleText(asked);
    if (problem === null) return [{ element: "action", field: null, value: asked }];
    return report(codes.pattern(place.span(), `${place.label}: ${problem}`));
  }
  const compared = isNegation(asked) ? asked.value : asked;
  if (ossec.dialect === "wazuh" && !Array.isArray(compared) && typeof compared !== "string") {
    const made = textCondition(context, place, asked, { element: "action" });
    if (made === null) return null;
    // Without a language the element is a text.
    return [
      made.element === "action" && made.language === undefined ? { ...made, language: "osmatch" } : made,
    ];
  }
  return report(
    codes.pattern(
      place.span(),
      `${place.label}: ${ossec.dialect === "wazuh" ? "Wazuh compares an action with a plain text or a pattern" : "OSSEC compares an action with a plain text"}`,
      'write it as a string: action: "DROP"',
    ),
  );
}
