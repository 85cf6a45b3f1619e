import type { RuleConditionModel } from "../../model/model.js";
import type { PatternLanguage } from "../../ossec/patterns/index.js";

/** An element as the templates show it. */
export interface ElementContext extends Readonly<Record<string, unknown>> {
  readonly element: string;
  /** Of `<field>`. */
  readonly field: string | null;
  /** The language of its pattern, where an attribute says it; of `<info>` what it is. */
  readonly type: "pcre2" | "osregex" | "osmatch" | "link" | "cve" | null;
  /** `yes` turns a condition around, where an attribute says it. */
  readonly negate: "yes" | null;
  /** Of `<list>`: the field that is looked up, how, and what its value must fit. */
  readonly list: {
    readonly field: string;
    readonly lookup: string;
    readonly checkValue: string | null;
  } | null;
  readonly value: string;
}

/** A pattern as the bundle has it, with the language that it is written in. */
export interface WrittenPattern {
  readonly language: PatternLanguage;
  readonly text: string;
}

/** An element with nothing but its value. */
export function plainElement(element: string, value: string, field: string | null = null): ElementContext {
  return { element, field, type: null, negate: null, list: null, value };
}

/** OSSEC names PCRE2 in the element: `<pcre2>` is `<regex>` in it, all others end in `_pcre2` (docs/reference/ossec.md#pattern-languages). */
export function ossecPattern(element: string, { language, text }: WrittenPattern): ElementContext {
  if (language !== "pcre2") return plainElement(element, text);
  return plainElement(element === "regex" ? "pcre2" : `${element}_pcre2`, text);
}

export function ossecCondition({ element, field, value, list }: RuleConditionModel): ElementContext {
  return { ...plainElement(element, value, field), list: list ?? null };
}
