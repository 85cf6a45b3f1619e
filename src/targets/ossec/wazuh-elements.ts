import type { RuleConditionModel } from "../../model/model.js";
import { osMatchAsPcre2, osRegexAsPcre2 } from "../../ossec/patterns/as-pcre2.js";
import { type ElementContext, plainElement, type WrittenPattern } from "./elements.js";
import { checkLiteralText } from "./text.js";

/**
 * Patterns of a bundle mean what they mean to OSSEC. Wazuh's OS_Regex is an older matcher, which knows no `|` in groups
 * and no byte above 0x7f, and its PCRE2 minds the case of letters (docs/reference/wazuh.md#patterns): so OS_Regex is
 * written as PCRE2, and so is an OS_Match that is more than plain words.
 */
export function wazuhPattern(element: string, { language, text }: WrittenPattern): ElementContext {
  switch (language) {
    case "pcre2":
      return caseless(element, text);
    case "osregex":
      return caseless(element, asPcre2(text));
    case "osmatch":
      return plainWords.test(text)
        ? plainElement(element, text)
        : caseless(element, osMatchAsPcre2(text).replaceAll("$", "\\z"));
  }
}

/** The language of the elements that hold patterns, where no suffix says another one (docs/reference/ossec.md#pattern-languages). */
const languages: ReadonlyMap<string, "osregex" | "osmatch"> = new Map([
  ["regex", "osregex"],
  ["field", "osregex"],
  ...[
    "match",
    "user",
    "id",
    "url",
    "status",
    "hostname",
    "program_name",
    "srcport",
    "dstport",
    "protocol",
    "location",
  ].map((element) => [element, "osmatch"] as const),
  ...["data", "extra_data", "system_name"].map((element) => [element, "osmatch"] as const),
]);

export function wazuhCondition(condition: RuleConditionModel): ElementContext {
  const written = writtenCondition(condition);
  return condition.negated === true ? { ...written, negate: "yes" } : written;
}

function writtenCondition({ element, field, value, list, language }: RuleConditionModel): ElementContext {
  if (list !== undefined) return { ...plainElement(element, value), list };
  // A `!` in front is dropped (docs/reference/wazuh.md#addresses-in-wazuh).
  if ((element === "srcip" || element === "dstip") && value.startsWith("!"))
    return { ...plainElement(element, value.slice(1)), negate: "yes" };
  const name = element === "pcre2" ? "regex" : element.replace(/_pcre2$/, "");
  if (name !== element) return caseless(name, value);
  const usual = languages.get(element);
  if (language === "wazuhregex")
    return {
      ...plainElement(element, value, field),
      type: usual === "osregex" ? null : "osregex",
    };
  const written = language ?? usual;
  if (written === undefined) return plainElement(element, value);
  const made = { ...wazuhPattern(element, { language: written, text: value }), field };
  return made.type === null && usual !== written ? { ...made, type: written } : made;
}

/** Words of printable ASCII with anchors at their ends; a `!` in front would turn the pattern around. */
const plainWords = /^(?!!)\^?[ -#%-\]_-{}~]*\$?(?:\|\^?[ -#%-\]_-{}~]*\$?)*$/;

/** Options of PCRE2's, `(*NUL)`, have to stay in front. */
function caseless(element: string, text: string): ElementContext {
  const options = /^(?:\(\*[A-Z0-9_=]+\))*/.exec(text)?.[0] ?? "";
  // Letter case counts there, and so it is meant.
  const own = text.slice(options.length);
  if (own.startsWith("(?-i)")) {
    const rest = options + own.slice("(?-i)".length);
    // An empty text, or one that begins with a blank, is none in XML.
    return { ...plainElement(element, checkLiteralText(rest) === null ? rest : text), type: "pcre2" };
  }
  return { ...plainElement(element, `${options}(?i)${text.slice(options.length)}`), type: "pcre2" };
}

/**
 * `$` there is the very end of the text. The XML can hold no `<`, and takes a `$` for the beginning of a variable's name
 * wherever the file defines one.
 */
function asPcre2(text: string): string {
  const written = osRegexAsPcre2(text);
  if (written === null)
    throw new Error("bug in zopf: an OS_Regex that was compiled before has no such escape");
  return written.replaceAll("\\<", "\\x3c").replaceAll("(?!\\n)$", "\\z");
}
