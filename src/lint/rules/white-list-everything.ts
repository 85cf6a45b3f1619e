import type { LintRule } from "../model.js";

export const whiteListEverything: LintRule = {
  code: "OSSEC-WHITE-LIST-EVERYTHING",
  trap: "white-list-everything",
  effect: "dangerous",
  dialects: ["ossec", "wazuh"],
  title: "A white list that holds every address",
  why: "Nothing is ever blocked.",
  instead: "List the addresses and networks that must not be blocked.",
  reference: "docs/reference/ossec.md#addresses (/0 of either family matches both), #active-response",
  bad: { conf: `<global><white_list>«0.0.0.0/0»</white_list></global>` },
  good: { conf: `<global><white_list>192.0.2.0/24</white_list></global>` },
  check(context, report) {
    for (const [index, { text, address }] of context.loaded.conf.whiteList.entries()) {
      const place = context.written.whiteList[index];
      if (place === undefined) continue;
      if (
        address === null ? text !== "" : !(address.kind === "any" || address.prefix === 0 || address.negated)
      )
        continue;
      report(
        place,
        address?.negated === true
          ? `"${text}" holds every address but that one: everybody else is never blocked`
          : `"${text}" holds every address: nobody is ever blocked`,
      );
    }
  },
};
