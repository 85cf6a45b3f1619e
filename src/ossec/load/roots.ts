import type { EventType, RuleCategory } from "../definitions.js";
import { readXml } from "../xml/read.js";
import { sourceText } from "../xml/source.js";
import type { RuleContext } from "./rule-reading.js";
import { type RulesTarget, readRules } from "./rules-file.js";

/** The category roots 1-7 (docs/reference/ossec.md#rule-shape), for files that are loaded alone. */
const categoryRoots: readonly (readonly [number, RuleCategory & EventType])[] = [
  [1, "syslog"],
  [2, "firewall"],
  [3, "ids"],
  [4, "web-log"],
  [5, "squid"],
  [6, "windows"],
  [7, "ossec"],
];

/** Text of a file with these. */
export const categoryRootsText = categoryRoots
  .map(
    ([id, category]) =>
      `<group name="${category}"><rule id="${id}" level="0" noalert="1"><category>${category}</category>` +
      `<description>Category root: ${category}.</description></rule></group>`,
  )
  .join("\n");

/** File name of the built-in roots in spans. */
export const builtInRootsFile = "(built-in category roots)";

export function addCategoryRoots(context: RuleContext, target: RulesTarget): void {
  const source = sourceText(builtInRootsFile, categoryRootsText);
  readRules(readXml(source, { dialect: context.dialect, variables: true }), context, target);
}
