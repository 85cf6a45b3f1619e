import { ossecDialects } from "../../ossec/dialects.js";
import type { XmlElement } from "../../ossec/xml/document.js";
import { readXml } from "../../ossec/xml/read.js";
import { sourceText } from "../../ossec/xml/source.js";

/**
 * Decoders or rules in Wazuh's words: it names the language of a pattern in an attribute, and its PCRE2 minds the
 * case of letters, which OSSEC's does not (docs/reference/wazuh.md#in-short).
 */
export function wazuhXml(text: string): string {
  const source = sourceText("", text);
  const { roots } = readXml(source, { dialect: ossecDialects["3.7"], variables: false });
  const edits: { readonly start: number; readonly end: number; readonly text: string }[] = [];
  const visit = (element: XmlElement): void => {
    for (const child of element.children) visit(child);
    const name = element.name === "pcre2" ? "regex" : element.name.replace(/_pcre2$/, "");
    if (name === element.name) return;
    const attributes = element.attributes.map((attribute) => ` ${attribute.name}="${attribute.value}"`);
    const closing = text.lastIndexOf(element.name, element.end);
    edits.push(
      {
        start: element.start,
        end: element.openEnd,
        text: `<${name} type="pcre2"${attributes.join("")}>(?i)`,
      },
      { start: closing, end: closing + element.name.length, text: name },
    );
  };
  for (const root of roots) visit(root);
  edits.sort((a, b) => b.start - a.start);
  return edits.reduce(
    (rest, { start, end, text: put }) => rest.slice(0, start) + put + rest.slice(end),
    text,
  );
}
