/** Rules and decoders as XML again, for what the language has no form for. */
import type { XmlElement } from "../../ossec/xml/document.js";
import type { Item } from "./layout.js";
import { utf8Text } from "./texts.js";

/** The group of a rule with nothing but this rule; null where its bytes are no text. */
export function rawRule(
  { element, group }: Item,
  usesVariables: boolean,
  accept: readonly string[],
): string | null {
  const name = group?.attributes.find((one) => one.name.toLowerCase() === "name")?.value ?? "";
  const text = utf8Text(elementText(element, usesVariables, "  "));
  const groupName = utf8Text(name);
  if (text === null || groupName === null) return null;
  const known =
    accept.length === 0 ? "" : `<!-- zopf-disable-next-rule ${accept.join(" ")}: as it was -->\n  `;
  return `\n<group name="${groupName}">\n  ${known}${text}\n</group>\n`;
}

/** Decoders one behind the other, with the comments between them; null where their bytes are no text. */
export function rawDecoders(items: readonly Item[], usesVariables: boolean): string | null {
  const texts = items.map(({ element }) => utf8Text(elementText(element, usesVariables, "")));
  return texts.includes(null) ? null : `\n${texts.join("\n\n")}\n`;
}

/**
 * An element as it stands there; its lines are indented as the first one. Values with variables are replaced by what
 * they became: a bundle's XML has no variables.
 */
function elementText(element: XmlElement, usesVariables: boolean, indentation: string): string {
  const { start, end } = element;
  const { source } = element.place;
  let text = "";
  let at = start;
  const replace = (from: number, to: number, value: string): void => {
    if (source.text.slice(from, to) === value) return;
    text += source.text.slice(at, from) + value;
    at = to;
  };
  if (usesVariables) {
    for (const { valueStart, valueEnd, value } of element.attributes) replace(valueStart, valueEnd, value);
    for (const child of element.children) {
      for (const { valueStart, valueEnd, value } of child.attributes) replace(valueStart, valueEnd, value);
      if (
        child.children.length === 0 &&
        source.text.slice(child.contentStart, child.contentEnd).includes("$")
      )
        replace(child.contentStart, child.contentEnd, child.value);
    }
  }
  text += source.text.slice(at, end);
  const lines = text.replaceAll("\r\n", "\n").replaceAll("\r", "\n").split("\n");
  const line = source.text.lastIndexOf("\n", start - 1) + 1;
  const depth = start - line;
  const isIndented = source.text.slice(line, start).trim() === "";
  // Within a value blanks count.
  const isBetween = (one: string): boolean => /^\s*<(?!\/)|^\s*<\/(?:rule|decoder)\s*>/i.test(one);
  return lines
    .map((one, index) =>
      index > 0 && isIndented && isBetween(one) && one.slice(0, depth).trim() === ""
        ? indentation + one.slice(depth)
        : one,
    )
    .join("\n");
}
