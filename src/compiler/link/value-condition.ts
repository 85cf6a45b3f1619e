import type { PatternModel, RuleConditionModel } from "../../model/model.js";
import { checkRuleText } from "../../targets/ossec/text.js";
import { codes } from "../codes.js";
import type { ComparedDeclaration, TextDeclaration } from "../decode/conditions.js";
import { describe, type SourceRange } from "../decode/field.js";
import type { LookupDeclaration } from "../decode/list.js";
import { parseNetwork } from "../decode/network.js";
import {
  type ConditionLanguage,
  type ConditionPatternDeclaration,
  checkPattern,
  languageProblem,
  type Problem,
} from "../decode/pattern.js";
import type { LinkContext } from "./context.js";

/** What a condition looks at: an element of a rule, or a field of the decoder's own. */
export type Looked = { readonly element: string } | { readonly field: string };

/** A condition on a text; null, and reported, where the engine cannot ask it. */
export function textCondition(
  context: LinkContext,
  place: SourceRange,
  asked: TextDeclaration,
  looked: Looked,
): RuleConditionModel | null {
  if (isLookup(asked))
    return context.lists.condition(context, place, asked, "field" in looked ? looked.field : looked.element);
  if (isNegation(asked)) {
    const made = comparison(context, place, asked.value, looked);
    return made === null ? null : negated(context, place, made);
  }
  return comparison(context, place, asked, looked);
}

/** The same, turned around; null, and reported, where the engine cannot. */
export function negated(
  { report, ossec }: LinkContext,
  { label, span }: SourceRange,
  condition: RuleConditionModel,
): RuleConditionModel | null {
  if (ossec.dialect === "wazuh") return { ...condition, negated: true };
  return report(
    codes.onlyWazuh(
      span(),
      `${label}: OSSEC's rules cannot ask for what a text is not`,
      'write what it is; of addresses "!10.0.0.0/8", of lists { notIn: … }; or silence the others with a rule of their own',
    ),
  );
}

function comparison(
  { report, ossec }: LinkContext,
  { label, span }: SourceRange,
  asked: ComparedDeclaration,
  looked: Looked,
): RuleConditionModel | null {
  const inField = "field" in looked;
  const pattern = isText(asked) ? exact(asked, inField ? "osregex" : "osmatch") : asked;
  if (pattern === null || asked === "")
    return report(
      codes.pattern(
        span(),
        asked === ""
          ? `${label} is empty: a field without a text is none, and no condition on it is met`
          : `${label} is ${describe(asked)}, which has characters that mean something in a pattern`,
        asked === "" ? "leave it out" : "write it as a pattern",
      ),
    );
  const languages: readonly ConditionLanguage[] =
    ossec.dialect === "wazuh"
      ? ["osmatch", "osregex", "pcre2", "wazuhregex"]
      : inField
        ? ["osregex"]
        : ["osmatch", "pcre2"];
  const checked: ConditionPatternDeclaration | Problem =
    languageProblem(pattern.language, languages) ?? ("matcher" in pattern ? pattern : checkPattern(pattern));
  if ("message" in checked) return report(codes.pattern(span(), `${label} ${checked.message}`, checked.help));
  const { language, text } = checked;
  const usual = inField ? "osregex" : "osmatch";
  const said = language === usual || (language === "pcre2" && !inField) ? {} : { language };
  if (inField) return { element: "field", field: looked.field, value: text, ...said };
  const { element } = looked;
  return { element: language === "pcre2" ? `${element}_pcre2` : element, field: null, value: text, ...said };
}

export function isLookup(asked: TextDeclaration): asked is LookupDeclaration {
  return typeof asked === "object" && "kind" in asked && asked.kind !== "not";
}

type Negation = Extract<TextDeclaration, { readonly kind: "not" }>;

export function isNegation(asked: TextDeclaration): asked is Negation {
  return typeof asked === "object" && "kind" in asked && asked.kind === "not";
}

function isText(asked: TextDeclaration): asked is string | readonly string[] {
  return typeof asked === "string" || Array.isArray(asked);
}

/** Strings as the pattern that only one of these values fits; null where the language has no such pattern. */
function exact(asked: string | readonly string[], language: "osmatch" | "osregex"): PatternModel | null {
  const values = typeof asked === "string" ? [asked] : asked;
  return values.every((value) => /^[\w @./:,;=+%~-]+$/.test(value))
    ? { language, text: values.map((value) => `^${value}$`).join("|") }
    : null;
}

/** Conditions on an address: one of these, or none of them (docs/reference/ossec.md#addresses). */
export function addressConditions(
  context: LinkContext,
  place: SourceRange,
  asked: TextDeclaration,
  element: "srcip" | "dstip",
): readonly RuleConditionModel[] | null {
  const { label } = place;
  const { report } = context;
  if (isLookup(asked)) {
    const made = context.lists.condition(context, place, asked, element);
    return made === null ? null : [made];
  }
  const values = isText(asked) ? (typeof asked === "string" ? [asked] : asked) : null;
  const parsed = values?.map((value) => parseNetwork(value.startsWith("!") ? value.slice(1) : value));
  if (values === null || parsed === undefined || parsed.includes(null))
    return report(
      codes.network(
        place.span(),
        `${label} is ${describe(values?.[parsed?.indexOf(null) ?? 0] ?? asked)}, which is not an address or a prefix`,
        'write "192.0.2.1", "10.0.0.0/8", or "!10.0.0.0/8" for all others',
      ),
    );
  const negated = values.filter((value) => value.startsWith("!")).length;
  if (negated > 0 && negated < values.length)
    return report(
      codes.network(
        place.span(),
        `${label} mixes addresses with "!" and without: the engine takes the first entry that holds the address, and where none does the last one decides`,
        "let all have the !, or none",
      ),
    );
  const text = values.join("");
  const problem = checkRuleText(text.slice(0, 1_000));
  return problem === null
    ? values.map((value) => ({ element, field: null, value }))
    : report(codes.network(place.span(), `${label}: ${problem}`));
}
