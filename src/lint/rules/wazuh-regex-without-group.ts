import type { LintRule } from "../model.js";

export const wazuhRegexWithoutGroup: LintRule = {
  code: "WAZUH-REGEX-WITHOUT-GROUP",
  trap: "pcre2-regex-without-group",
  effect: "dangerous",
  dialects: ["wazuh"],
  title: "A PCRE2 regex without any group",
  why: "The engine dies of it (signal 11) on the first line that it matches, if no regex before it has captured anything; later the captures of another pattern of the decoder are taken.",
  instead: "Write a group for each name of <order>, or take the regex away.",
  reference: "docs/reference/wazuh.md#crashes",
  bad: {
    decoders: String.raw`<decoder name="app"><prematch>^app </prematch><regex type="pcre2">«^app \S+»</regex><order>user</order></decoder>`,
  },
  good: {
    decoders: String.raw`<decoder name="app"><prematch>^app </prematch><regex type="pcre2">^app (\S+)</regex><order>user</order></decoder>`,
  },
  check(context, report) {
    for (const decoder of context.loaded.decoders.all) {
      const { regex } = decoder;
      if (regex === null || regex.language !== "pcre2" || hasGroup(regex.text)) continue;
      report(
        context.written.pattern(regex)[0],
        `the engine dies of this pattern of decoder "${decoder.name}": it has no group`,
      );
    }
  },
};

/** A capture: a parenthesis that is neither escaped nor in a class, and no other kind of group. */
function hasGroup(text: string): boolean {
  const bare = text.replace(/\\Q[\s\S]*?(?:\\E|$)|\\[\s\S]|\[\^?\]?(?:\[:\w+:\]|\\[\s\S]|[^\]])*\]/g, "x");
  return /\((?!\?(?!P?<[A-Za-z_]|'))(?!\*)/.test(bare);
}
