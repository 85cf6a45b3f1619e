import type { Diagnostic } from "../../diagnostics/diagnostic.js";
import { parsePrefix } from "../../firewall/address.js";
import type { PatternModel, RuleConditionModel } from "../../model/model.js";
import type { PatternLanguage } from "../../ossec/patterns/index.js";
import { checkRuleText } from "../../targets/ossec/text.js";
import { codes } from "../codes.js";
import { describe, type SourceRange } from "../decode/field.js";
import type { LogDeclaration } from "../decode/log.js";
import type { OrderEntry } from "../decode/log-order.js";
import { checkPattern, languageProblem, type PatternDeclaration } from "../decode/pattern.js";
import type { LinkContext } from "./context.js";

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
  return match === undefined
    ? whole
    : [{ element: wholeLine[match.language], field: null, value: match.text }, ...whole];
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
  readonly asked: PatternDeclaration | string;
  readonly entry: OrderEntry;
  readonly order: readonly OrderEntry[];
  /** Elements of the bundle's engine for fields that OSSEC's rules cannot ask for. */
  readonly own: ReadonlyMap<string, string>;
}

function linkCondition({ report }: LinkContext, condition: Asked): RuleConditionModel | null {
  const { place, asked, entry, order, own } = condition;
  const { label } = place;
  if (entry.slot === "srcip" || entry.slot === "dstip")
    return addressCondition(asked, entry.slot) ?? report(notAnAddress(condition));
  if (entry.slot === "action") {
    const problem =
      typeof asked === "string" ? checkRuleText(asked) : "OSSEC compares an action with a plain text";
    if (typeof asked === "string" && problem === null)
      return { element: "action", field: null, value: asked };
    return report(
      codes.pattern(place.span(), `${label}: ${problem ?? ""}`, 'write it as a string: action: "DROP"'),
    );
  }
  const element = matched.get(entry.slot) ?? own.get(entry.slot);
  if (element === undefined && !entry.dynamic)
    return report(
      codes.order(
        place.span(),
        `${label}: OSSEC's rules have no condition on ${entry.name}`,
        "write it into the regex",
      ),
    );
  if (entry.slot === "srcuser" && order.some(({ slot }) => slot === "dstuser"))
    return report(
      codes.order(
        place.span(),
        `${label}: OSSEC's <user> looks at dstuser, which the order fills too, and never at srcuser then`,
      ),
    );
  const languages = element === undefined ? (["osregex"] as const) : (["osmatch", "pcre2"] as const);
  const pattern = typeof asked === "string" ? exact(asked, languages[0]) : asked;
  if (pattern === null)
    return report(
      codes.pattern(
        place.span(),
        `${label} is ${describe(asked)}, which has characters that mean something in a pattern`,
        "write it as a pattern",
      ),
    );
  const checked =
    languageProblem(pattern.language, languages) ?? ("matcher" in pattern ? pattern : checkPattern(pattern));
  if ("message" in checked)
    return report(codes.pattern(place.span(), `${label} ${checked.message}`, checked.help));
  const { language, text } = checked;
  if (element === undefined) return { element: "field", field: entry.name, value: text };
  return { element: language === "pcre2" ? `${element}_pcre2` : element, field: null, value: text };
}

/** A string as the pattern that only that value fits; null where the language has no such pattern. */
function exact(value: string, language: "osmatch" | "osregex"): PatternModel | null {
  return /^[\w @./:,;=+%~-]+$/.test(value) ? { language, text: `^${value}$` } : null;
}

function addressCondition(
  asked: PatternDeclaration | string,
  element: "srcip" | "dstip",
): RuleConditionModel | null {
  if (typeof asked !== "string") return null;
  const prefix = parsePrefix(asked.startsWith("!") ? asked.slice(1) : asked);
  return prefix === null ? null : { element, field: null, value: asked };
}

function notAnAddress({ place, asked }: Asked): Diagnostic {
  return codes.network(
    place.span(),
    `${place.label} is ${describe(asked)}, which is not an address or a prefix`,
    'write "192.0.2.1", "10.0.0.0/8", or "!10.0.0.0/8" for all others',
  );
}
