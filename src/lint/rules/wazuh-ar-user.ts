import { placeInSection } from "../conf-sections.js";
import { listed } from "../helpers.js";
import type { LintRule } from "../model.js";

export const wazuhArUser: LintRule = {
  code: "WAZUH-AR-USER",
  trap: "ar-dstuser-characters",
  effect: "dangerous",
  dialects: ["wazuh"],
  title: "A response that a user name can hold back",
  why: "A response is not sent when dstuser has a byte outside A-Z a-z 0-9 . _ @ ? -, whatever the command needs: an attacker who tries a name with a blank or a \\ is never blocked.",
  instead:
    "Let the decoder put the name into srcuser, or capture only \\\\w+ and bind the response to a rule of a decoder without dstuser.",
  reference: "docs/reference/wazuh.md#responses-in-wazuh",
  bad: {
    decoders: String.raw`<decoder name="app"><prematch>^app </prematch><regex offset="after_prematch">^user (\.+) from (\S+)$</regex><order>dstuser, srcip</order></decoder>`,
    rules: `<rule id="100100" level="8"><decoded_as>app</decoded_as><description>a</description></rule>`,
    conf: `<command><name>drop</name><executable>firewall-drop</executable><timeout_allowed>yes</timeout_allowed></command>
<active-response><command>drop</command><location>local</location><rules_id>«100100»</rules_id><timeout>600</timeout></active-response>`,
  },
  good: {
    decoders: String.raw`<decoder name="app"><prematch>^app </prematch><regex offset="after_prematch">^user (\.+) from (\S+)$</regex><order>srcuser, srcip</order></decoder>`,
    rules: `<rule id="100100" level="8"><decoded_as>app</decoded_as><description>a</description></rule>`,
    conf: `<command><name>drop</name><executable>firewall-drop</executable><timeout_allowed>yes</timeout_allowed></command>
<active-response><command>drop</command><location>local</location><rules_id>100100</rules_id><timeout>600</timeout></active-response>`,
  },
  check(context, report) {
    for (const { section, index } of context.responses) {
      const held = context.loaded.rules.filter(
        (rule) =>
          rule.activeResponses.includes(index) &&
          !context.stock.isStock(context.written.rule(rule).place) &&
          context.outcomesOf(rule).some(({ slots }) => slots.has("dstuser") && slots.has("srcip")),
      );
      if (held.length === 0) continue;
      report(
        placeInSection(section, "rules_id", "rules_group", "level"),
        `no block for rule ${listed(held.map(({ id }) => id))} when the user name has a blank, a \\ or another unusual character`,
      );
    }
  },
};
