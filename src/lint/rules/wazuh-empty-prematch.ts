import type { LintRule } from "../model.js";

export const wazuhEmptyPrematch: LintRule = {
  code: "WAZUH-EMPTY-PREMATCH",
  trap: "pcre2-empty-prematch-offset",
  effect: "misread",
  dialects: ["wazuh"],
  title: "An offset behind a prematch that matches nothing",
  why: "A pcre2 prematch that matches the empty text at the beginning ends before the log: what looks behind it sees an empty text wherever no header was cut off.",
  instead: "Leave the offset away, or let the prematch take a letter.",
  reference: "docs/reference/wazuh.md#offsets-in-wazuh",
  bad: {
    decoders: String.raw`<decoder name="app"><prematch type="pcre2">^(?=app )</prematch><regex offset="after_prematch">«app (\S+)»</regex><order>user</order></decoder>`,
  },
  good: {
    decoders: String.raw`<decoder name="app"><prematch type="pcre2">^(?=app )</prematch><regex>app (\S+)</regex><order>user</order></decoder>`,
  },
  check(context, report) {
    const all = context.loaded.decoders.all;
    const empty = all.filter(({ prematch }) => prematch?.language === "pcre2" && nothing.test(prematch.text));
    const names = new Set(empty.filter(({ parent }) => parent === null).map(({ name }) => name));
    for (const decoder of all) {
      const { regex, regexOffset, prematch, prematchOffset, parent } = decoder;
      const behindParent = parent !== null && names.has(parent);
      const behindOwn = empty.includes(decoder) && regexOffset === "after_prematch";
      const place =
        regex !== null && (behindOwn || (behindParent && regexOffset === "after_parent"))
          ? context.written.pattern(regex)[0]
          : prematch !== null && behindParent && prematchOffset === "after_parent"
            ? context.written.pattern(prematch)[0]
            : null;
      if (place !== null)
        report(
          place,
          `decoder "${decoder.name}" looks behind a prematch that matches nothing: in lines without a header it sees an empty text`,
        );
    }
  },
};

/** The beginning, and what is only looked at. */
const nothing = /^(?:\(\?[a-z]+\))*\^?(?:\(\?[=!](?:[^()\\]|\\.)*\))*$/;
