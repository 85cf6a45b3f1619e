import type { LintRule } from "../model.js";

export const wazuhWhiteListIpv6: LintRule = {
  code: "WAZUH-WHITE-LIST-IPV6",
  trap: "white-list-ipv6-is-text",
  effect: "dangerous",
  dialects: ["wazuh"],
  title: "An IPv6 entry of the white list, which is text",
  why: "Entries that are no IPv4 address are os_match text, IPv6 addresses and prefixes as well: 2001:db8::/32 holds back nothing but an address that contains these very characters.",
  instead:
    "Keep such networks in the response script, or list the addresses as they are written in logs, with ^ and $.",
  reference: "docs/reference/wazuh.md#configuration-of-wazuh",
  bad: { conf: `<global><white_list>«2001:db8::/32»</white_list></global>` },
  good: { conf: `<global><white_list>^2001:db8::1$</white_list></global>` },
  check(context, report) {
    for (const [index, { text, address }] of context.loaded.conf.whiteList.entries()) {
      const place = context.written.whiteList[index];
      if (address !== null || place === undefined) continue;
      if (/^!?[0-9a-f:.]*:[0-9a-f:.]*(?:\/\d+)?$/i.test(text))
        report(
          place,
          text.includes("/")
            ? `no address is in ${text}: it is looked for as a text`
            : `${text} is looked for as a text: also in longer addresses, and not in other spellings`,
        );
    }
  },
};
