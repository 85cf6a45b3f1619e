import type { LintRule } from "../model.js";

export const whiteListHostName: LintRule = {
  code: "OSSEC-WHITE-LIST-HOST-NAME",
  trap: "white-list-host-name",
  effect: "dangerous",
  title: "A white list entry that is no address",
  why: "What is no address or prefix is a host text, compared with the beginning of the address text. A name never is that: the host is blocked like any other. A wrong address (192.0.2.300, a netmask, a list) is such a text too since 4.x.",
  instead: "Write addresses and prefixes, one an element, without blanks.",
  reference: "docs/reference/ossec.md#configuration, #active-response",
  bad: { conf: `<global><white_list>«gateway.example.org»</white_list></global>` },
  good: { conf: `<global><white_list>192.0.2.1</white_list></global>` },
  check(context, report) {
    for (const [index, { text, address }] of context.loaded.conf.whiteList.entries()) {
      const place = context.written.whiteList[index];
      if (place === undefined) continue;
      if (address === null && text !== "")
        report(
          place,
          /^[0-9a-f:.]+$/i.test(text)
            ? `"${text}" is no address: it is compared with the beginning of addresses as a text`
            : `"${text}" is no address and protects nobody`,
        );
    }
  },
};
