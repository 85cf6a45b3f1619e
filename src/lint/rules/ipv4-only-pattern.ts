import type { LintRule } from "../model.js";

export const ipv4OnlyPattern: LintRule = {
  code: "OSSEC-IPV4-ONLY-PATTERN",
  effect: "style",
  dialects: ["ossec", "wazuh"],
  title: "A pattern that knows IPv4 only",
  why: String.raw`\d+.\d+.\d+.\d+ captures no IPv6 address: such attackers are neither reported with their address nor blocked.`,
  instead: String.raw`Write (\S+) where the address is followed by a blank.`,
  reference: "docs/reference/ossec.md#os_regex, #addresses",
  bad: {
    decoders: String.raw`<decoder name="app"><prematch>^app </prematch><regex offset="after_prematch">«^from (\d+.\d+.\d+.\d+)»</regex><order>srcip</order></decoder>`,
  },
  good: {
    decoders: String.raw`<decoder name="app"><prematch>^app </prematch><regex offset="after_prematch">^from (\S+)</regex><order>srcip</order></decoder>`,
  },
  check(context, report) {
    for (const { name, regex, order } of context.loaded.decoders.all) {
      if (regex === null || order === null || !/\\d\+\\?\.\\d\+\\?\.\\d\+\\?\.\\d/.test(regex.text)) continue;
      if (order.some((field) => field.kind === "slot" && (field.slot === "srcip" || field.slot === "dstip")))
        report(context.written.pattern(regex)[0], `decoder "${name}" captures IPv4 addresses only`);
    }
  },
};
