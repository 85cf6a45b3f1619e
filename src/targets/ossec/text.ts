import { text as asText, type sharedEscapes, unfit } from "../escape.js";
import type { EscapeHelper } from "../render.js";

/** A value of this many bytes is dropped when rules load, and the condition with it (docs/reference/ossec.md#rule-elements). */
const tooLong = 2048;

const control = /[\p{Cc}\p{Zl}\p{Zp}]/u;
/** `$` is left alone only before one of the characters that end a variable's name (docs/reference/ossec.md#xml). */
const variable = /\$(?![$.|, ]|$)/;

/**
 * Why a text cannot stand in OSSEC's XML (a description, a pattern), or null. The dialect knows no entities
 * and no escapes: what it would read differently can only be refused (docs/reference/ossec.md#xml).
 */
export function checkRuleText(text: string): string | null {
  return checkLiteralText(text) ?? variableProblem(text);
}

/** The same in a file that defines no variables, as Wazuh's of a bundle. */
export function checkLiteralText(text: string): string | null {
  const problem = textProblem(text);
  if (problem !== null) return problem;
  return Buffer.byteLength(text) >= tooLong ? `OSSEC drops values of ${tooLong} bytes or more` : null;
}

function textProblem(text: string): string | null {
  if (text === "") return "it is empty";
  if (control.test(text)) return "it has a control character or a line break";
  if (/\p{Cs}/u.test(text)) return "it has half of a surrogate pair";
  if (text.includes("<")) return "OSSEC's XML has no way to write `<`";
  if (text.endsWith("\\")) return "OSSEC reads a backslash at the end together with the closing tag";
  return null;
}

/** Why a text would be another one where a file defines variables, or null. */
export function variableProblem(text: string): string | null {
  return variable.test(text)
    ? "OSSEC takes `$` and what follows for a variable where the file defines any; `$` may only stand at the end or before a blank, `.`, `,`, `|` or `$`"
    : null;
}

/** Element text of rules and decoders, written as it is. */
export const xmlText: EscapeHelper = (value) => {
  const content = asText("xmlText", value);
  if (checkRuleText(content) !== null) throw unfit("xmlText", value);
  return content;
};

/** Element text in a file that defines no variables, as Wazuh's of a bundle. */
const xmlLiteral: EscapeHelper = (value) => {
  const content = asText("xmlLiteral", value);
  if (checkLiteralText(content) !== null) throw unfit("xmlLiteral", value);
  return content;
};

/** A description, in which Wazuh puts fields of the event in the place of `$(name)`; others refuse it before. */
const xmlDescription: EscapeHelper = (value) => {
  const content = asText("xmlDescription", value);
  if (checkRuleText(content.replace(/\$\([A-Za-z0-9_.@-]+\)/g, "()")) !== null)
    throw unfit("xmlDescription", value);
  return content;
};

/** A decoder's pattern: as element text, but decoders take up to 8192 bytes (docs/reference/ossec.md#decoder-fields). */
const xmlPattern: EscapeHelper = (value) => {
  const content = asText("xmlPattern", value);
  if (variableProblem(content) !== null) throw unfit("xmlPattern", value);
  return xmlLiteralPattern(content);
};

/** The same in a file that defines no variables. */
const xmlLiteralPattern: EscapeHelper = (value) => {
  const content = asText("xmlLiteralPattern", value);
  if (textProblem(content) !== null) throw unfit("xmlLiteralPattern", value);
  if (content.length >= 8000) throw unfit("xmlLiteralPattern", value);
  return content;
};

/** An attribute's value between double quotes. */
const xmlAttribute: EscapeHelper = (value) => {
  const content = asText("xmlAttribute", value);
  if (!/^[A-Za-z0-9_,.@-]+$/.test(content)) throw unfit("xmlAttribute", value);
  return content;
};

/** An OS_Match pattern in an attribute: an attribute ends at `"`, and may not hold `>`. */
const xmlWords: EscapeHelper = (value) => {
  const content = asText("xmlWords", value);
  if (checkRuleText(content) !== null || /[">]/.test(content)) throw unfit("xmlWords", value);
  return content;
};

/** Text of a comment: either terminator, `-->` or `!>`, would end it (docs/reference/ossec.md#xml). */
export const xmlComment: EscapeHelper = (value) =>
  asText("xmlComment", value)
    .replace(/[\p{Cc}\p{Cf}\p{Zl}\p{Zp}\p{Cs}<>!]+/gu, " ")
    .replace(/-{2,}/g, "-")
    .replace(/-$/, "")
    .trim();

/** The escapes of OSSEC's XML, beside the shared ones. */
export const xmlEscapes = {
  xmlText,
  xmlLiteral,
  xmlLiteralPattern,
  xmlDescription,
  xmlWords,
  xmlPattern,
  xmlAttribute,
  xmlComment,
} satisfies Record<string, (typeof sharedEscapes)[string]>;
