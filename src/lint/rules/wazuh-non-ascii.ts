import { ownerOf } from "../elements.js";
import type { LintRule } from "../model.js";

export const wazuhNonAscii: LintRule = {
  code: "WAZUH-NON-ASCII",
  trap: "os-regex-non-ascii-literal",
  effect: "dead",
  dialects: ["wazuh"],
  title: "A letter beyond ASCII that never matches",
  why: "In os_regex a byte from 0x80 on never matches as it stands, in os_match a word with one only between or beside ^ and $: a slip in the engine.",
  instead: 'Write \\S or \\. for it, anchor the word with ^, or use type="pcre2".',
  reference: "docs/reference/wazuh.md#os_regex-of-wazuh",
  bad: { rules: `<rule id="100100" level="5"><regex>«grüß»</regex><description>a</description></rule>` },
  good: {
    rules: `<rule id="100100" level="5"><regex type="pcre2">grüß</regex><description>a</description></rule>`,
  },
  check(context, report) {
    for (const pattern of context.patterns) {
      if (pattern.language === "pcre2" || !/[\x80-\xff]/.test(pattern.text)) continue;
      const words = pattern.text.split("|");
      const dead = words.filter(
        (word) =>
          /[\x80-\xff]/.test(word) &&
          (pattern.language === "osregex" || !(word.startsWith("^") || word.endsWith("$"))),
      );
      if (dead.length === 0) continue;
      const what = dead.length === words.length ? "never matches" : "never matches by some of its words";
      report(
        pattern.place,
        `<${pattern.name}> of ${ownerOf(pattern)} ${what}: letters beyond ASCII are not found`,
      );
    }
  },
};
