import type { LintRule } from "../model.js";

export const noWhiteList: LintRule = {
  code: "OSSEC-NO-WHITE-LIST",
  effect: "dangerous",
  dialects: ["ossec", "wazuh"],
  title: "Active responses on addresses without a white list",
  why: "Nothing keeps the response from blocking your own gateway, name server or monitoring, whose addresses an attacker can forge.",
  instead: "Add <white_list> entries to <global>.",
  reference:
    "docs/reference/ossec.md#configuration, #active-response (the white list is consulted for commands that expect srcip)",
  bad: {
    rules: `<rule id="100100" level="5"><match>bad</match><description>a</description></rule>`,
    conf: `<command><name>block</name><executable>block.sh</executable><expect>srcip</expect></command>\n«<active-response>»<command>block</command><location>local</location><level>5</level></active-response>`,
  },
  good: {
    rules: `<rule id="100100" level="5"><match>bad</match><description>a</description></rule>`,
    conf: `<global><white_list>192.0.2.1</white_list></global>\n<command><name>block</name><executable>block.sh</executable><expect>srcip</expect></command>\n<active-response><command>block</command><location>local</location><level>5</level></active-response>`,
  },
  check(context, report) {
    if (context.loaded.conf.whiteList.length > 0) return;
    const [first] = context.responses.filter(({ response }) => response.command.expect.srcip);
    if (first !== undefined)
      report(first.section.opening, "there is no white list: any address can be blocked");
  },
};
