import type { LintRule } from "../model.js";

export const wazuhStaleCaptures: LintRule = {
  code: "WAZUH-STALE-CAPTURES",
  trap: "stale-captures",
  effect: "misread",
  dialects: ["wazuh"],
  title: "A regex that takes the captures of the prematch",
  why: "A pcre2 regex without a group takes what the groups of the same decoder's pcre2 prematch captured.",
  instead: "Write the groups into the regex.",
  reference: "docs/reference/wazuh.md#fields-in-wazuh",
  bad: {
    decoders: String.raw`<decoder name="app"><prematch type="pcre2">^app (\w+)</prematch><regex type="pcre2">«login»</regex><order>user</order></decoder>`,
  },
  good: {
    decoders: String.raw`<decoder name="app"><prematch type="pcre2">^app \w+</prematch><regex type="pcre2">login (\w+)</regex><order>user</order></decoder>`,
  },
  check(context, report) {
    for (const { name, regex, prematch } of context.loaded.decoders.all) {
      if (regex?.language !== "pcre2" || prematch?.language !== "pcre2") continue;
      if (
        !/\((?!\?)/.test(regex.text.replace(/\\./g, "")) &&
        /\((?!\?)/.test(prematch.text.replace(/\\./g, ""))
      )
        report(
          context.written.pattern(regex)[0],
          `the fields of decoder "${name}" are what its prematch captured`,
        );
    }
  },
};
