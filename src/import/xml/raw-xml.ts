/** Rules and decoders as XML again, for what the language has no form for. */
import type { XmlElement } from "../../ossec/xml/document.js";
import { spanOf } from "../../ossec/xml/source.js";
import type { Refused } from "../draft.js";
import type { Item } from "./layout.js";
import { foreignByte, shownText, utf8Text } from "./texts.js";

/** The group of a rule with nothing but this rule; null where its bytes are no text. */
export function rawRule(
  { element, group }: Item,
  usesVariables: boolean,
  accept: readonly string[],
): string | null {
  const name = group?.attributes.find((one) => one.name.toLowerCase() === "name")?.value ?? "";
  const text = readableText(elementText(element, usesVariables, "  "));
  const groupName = utf8Text(name);
  if (text === null || groupName === null) return null;
  const known =
    accept.length === 0 ? "" : `<!-- zopf-disable-next-rule ${accept.join(" ")}: as it was -->\n  `;
  return `\n<group name="${groupName}">\n  ${known}${text}\n</group>\n`;
}

/** A decoder with the comments above it; null where its bytes are no text. */
export function rawDecoder({ element, above }: Item, usesVariables: boolean): string | null {
  const text = readableText(elementText(element, usesVariables, ""));
  // What a comment's bytes are to the engine nobody asks.
  return text === null ? null : [...above.map((comment) => shownText(comment)), text].join("\n");
}

/** Where the bytes of an element are no UTF-8, and what to do about it. */
export function noText({ element }: Item): Pick<Refused, "place" | "reason" | "help"> {
  const { source } = element.place;
  const at = element.start + Math.max(0, foreignByte(source.text.slice(element.start, element.end)));
  const byte = source.text.charCodeAt(at).toString(16).toUpperCase();
  return {
    place: spanOf({ source, start: at, end: at + 1 }),
    reason: `its byte ${byte} is no UTF-8, and a bundle's texts are`,
    help: "Where the file is in Latin 1: iconv -f ISO-8859-1 -t UTF-8 FILE > FILE.new, and import that. Its patterns then ask for letters as UTF-8 has them.",
  };
}

/** Texts for people, which mean nothing to the engine. */
const forPeople = /<!-[\s\S]*?(?:->|!>)|(?<=<(description|info|ftscomment)(?:\s[^>]*)?>)[^<]*(?=<\/\1\s*>)/gi;

/** The text of the bytes; where only what is for people is no UTF-8, that is read as Latin 1. Null: there is none. */
function readableText(bytes: string): string | null {
  return (
    utf8Text(bytes) ??
    utf8Text(bytes.replace(forPeople, (text) => Buffer.from(shownText(text), "utf8").toString("latin1")))
  );
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
