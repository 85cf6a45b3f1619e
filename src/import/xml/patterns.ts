/** Patterns of rule files as patterns of a bundle that mean the same. */
import { trapCodes } from "../../compiler/decode/pattern.js";
import type { ConditionPattern, Pcre2Pattern } from "../../dsl/pattern.js";
import type { PatternDefinition } from "../../ossec/definitions.js";
import { NoForm } from "./no-form.js";
import { utf8Text } from "./texts.js";

export type Pattern = ConditionPattern | { readonly not: ConditionPattern };

const noText = new NoForm("its bytes are no UTF-8");

/** A pattern of a condition. */
export function patternOf(definition: PatternDefinition, isWazuh: boolean): Pattern | NoForm {
  const { language, text, negated } = definition;
  // To Wazuh a `!` in front turns the whole pattern around (docs/reference/wazuh.md#os_match-of-wazuh).
  const turns = isWazuh && language === "osmatch" && text.startsWith("!");
  const made = positive(language, turns ? text.slice(1) : text, isWazuh);
  if (made instanceof NoForm) return made;
  return turns === (negated === true) ? made : { not: made };
}

function positive(
  language: PatternDefinition["language"],
  bytes: string,
  isWazuh: boolean,
): ConditionPattern | NoForm {
  const text = utf8Text(bytes);
  if (language === "pcre2") {
    const written = text ?? highBytesEscaped(bytes);
    return written === null ? noText : isWazuh ? wazuhPcre2(written) : { language, text: written };
  }
  if (text === null) return noText;
  if (!isWazuh) return { language, text };
  if (language === "osregex") return { language: "wazuhregex", text };
  const words = text.split("|");
  if (words.some((word) => !/^[\0-\x7f]*$/.test(word) && !/^\^|\$$/.test(word)))
    return new NoForm(
      "Wazuh finds no letter beyond ASCII in a word without ^ or $, and a bundle's osMatch does",
    );
  // Within a word Wazuh takes them for letters; OSSEC, and a bundle, for what never fits.
  return words.some((word) => /.\^|\$./.test(word))
    ? { language: "pcre2", text: words.map(literalWord).join("|") }
    : { language, text };
}

/** A word of OS_Match, of which only the first `^` and the last `$` mean something. */
function literalWord(word: string): string {
  const [, start = "", own = "", end = ""] = /^(\^?)(.*?)(\$?)$/s.exec(word) ?? [];
  return start + own.replace(/[\\^$.[\]{}()*+?#]/g, "\\$&") + (end === "" ? "" : "\\z");
}

/** Wazuh minds letter case in PCRE2, a bundle only where it is said: `(?-i)`. */
export function wazuhPcre2(text: string): Pcre2Pattern {
  const [, options = "", own = ""] = /^((?:\(\*[A-Z0-9_=]+\))*)(.*)$/s.exec(text) ?? [];
  const rest = own.slice("(?i)".length);
  const ignoresCase = own.startsWith("(?i)") && !rest.startsWith("(?-i)");
  return { language: "pcre2", text: options + (ignoresCase ? rest : `(?-i)${own}`) };
}

/** Bytes of PCRE2 that are no ASCII as escapes; null: one of them stands behind a backslash. */
function highBytesEscaped(bytes: string): string | null {
  if (/\\[\x80-\xff]/.test(bytes)) return null;
  return bytes.replace(/[\x80-\xff]/g, (byte) => `\\x${byte.charCodeAt(0).toString(16)}`);
}

/** What the rule has to accept because a pattern of the detection reads like something that it is not. */
export function acceptedTraps(value: unknown): readonly string[] {
  if (typeof value !== "object" || value === null) return [];
  if ("language" in value && "text" in value) {
    const { language, text } = value;
    if ((language === "osmatch" || language === "osregex") && typeof text === "string")
      return trapCodes({ language, text });
  }
  return Object.values(value).flatMap(acceptedTraps);
}
