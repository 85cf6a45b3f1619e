import type { ElementRange } from "../../ossec/source-map.js";
import { textAt } from "../../ossec/xml/source.js";
import { fixOf } from "../edits.js";
import type { Fix, LintRule } from "../model.js";

export const nestedElementTextLost: LintRule = {
  code: "OSSEC-NESTED-ELEMENT-TEXT-LOST",
  trap: "nested-element-text-lost",
  effect: "misread",
  dialects: ["ossec", "wazuh"],
  title: "An element inside a value",
  why: "Text before an inner element is lost: only what follows it remains.",
  instead: String.raw`A < of the text is written \<.`,
  reference: "docs/reference/ossec.md#xml (An element inside a value)",
  bad: {
    rules: `<rule id="100100" level="5"><match>«bad<b>very</b>login»</match><description>a</description></rule>`,
  },
  fixed: { rules: `<rule id="100100" level="5"><match>login</match><description>a</description></rule>` },
  good: { rules: `<rule id="100100" level="5"><match>login</match><description>a</description></rule>` },
  check(context, report) {
    const look = (elements: readonly ElementRange[]): void => {
      for (const element of elements) {
        const { name, content, value, opening } = element;
        if (content.start < opening.end) continue;
        if (content.end - content.start <= value.length || !/(?<!\\)<[^!]/.test(textAt(content))) continue;
        const inside = textAt(content).replace(/<!-*[\s\S]*?(?:-->|!>|$)/g, "");
        if (/(?<!\\)<[A-Za-z]/.test(inside))
          report(
            content,
            `<${name}> holds another element: only "${value}" remains of its text`,
            keepRest(element),
          );
      }
    };
    // That one holds elements.
    const withoutMitre = (elements: readonly ElementRange[]) =>
      elements.filter(({ name }) => !/^mitre$/i.test(name));
    const isWazuh = context.dialect === "wazuh";
    for (const { elements } of context.rules) look(isWazuh ? withoutMitre(elements) : elements);
    for (const decoder of context.loaded.decoders.all) look(context.written.decoder(decoder).elements);
  },
};

/** Keeps what follows the last inner element; variables and comments are left alone. */
function keepRest({ content, value }: ElementRange): { readonly fix?: Fix } {
  const text = textAt(content);
  if (/[$]|<!|<var\b/i.test(text) || !text.endsWith(`>${value}`)) return {};
  const lost = { ...content, end: content.end - value.length };
  return fixOf("Take away what is lost anyway.", { place: lost, text: "" });
}
