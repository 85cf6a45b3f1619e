import { didYouMean } from "../../diagnostics/near-names.js";
import { lowerCase } from "../../ossec/load/text.js";
import type { ElementRange } from "../../ossec/source-map.js";
import { removeAttribute } from "../edits.js";
import type { LintRule } from "../model.js";

export const wazuhAttributeCase: LintRule = {
  code: "WAZUH-ATTRIBUTE-UNKNOWN",
  trap: "attribute-case",
  effect: "misread",
  dialects: ["wazuh"],
  title: "An attribute that the engine does not know",
  why: 'Unknown attributes of elements are ignored, and letter case counts: TYPE="pcre2" or ofset="after_parent" have no effect.',
  instead: "Write type, negate, offset in lower case.",
  reference: "docs/reference/wazuh.md#xml-reader",
  bad: {
    rules: String.raw`<rule id="100100" level="5"><match «TYPE»="pcre2">^bad$</match><description>a</description></rule>`,
  },
  good: {
    rules: String.raw`<rule id="100100" level="5"><match type="pcre2">^bad$</match><description>a</description></rule>`,
  },
  fixed: {
    rules: String.raw`<rule id="100100" level="5"><match>^bad$</match><description>a</description></rule>`,
  },
  check(context, report) {
    const look = (elements: readonly ElementRange[], known: ReadonlySet<string>): void => {
      for (const { name, attributes } of elements) {
        const folded = lowerCase(name);
        if (folded === "list" || folded === "info" || folded === "mitre") continue;
        for (const attribute of attributes) {
          if (known.has(attribute.name) || (folded === "field" && attribute.name === "name")) continue;
          const near = didYouMean(lowerCase(attribute.name), [...known]).trim();
          report(attribute.namePlace, `${attribute.name}="${attribute.value}" of <${name}> is ignored`, {
            ...(near === "" ? {} : { help: near }),
            ...removeAttribute("Take the attribute away.", attribute),
          });
        }
      }
    };
    for (const { elements } of context.rules) look(elements, ofRules);
    for (const decoder of context.loaded.decoders.all)
      look(context.written.decoder(decoder).elements, ofDecoders);
  },
};

const ofRules: ReadonlySet<string> = new Set(["type", "negate"]);
const ofDecoders: ReadonlySet<string> = new Set(["type", "offset"]);
