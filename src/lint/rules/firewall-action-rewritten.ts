import { normalAction } from "../../ossec/engine/firewall-events.js";
import { elementNamed } from "../elements.js";
import type { LintRule } from "../model.js";

export const firewallActionRewritten: LintRule = {
  code: "OSSEC-FIREWALL-ACTION-REWRITTEN",
  effect: "dead",
  title: "An action of a firewall event that the daemon has given another name",
  why: "The daemon replaces the action of events of type firewall by its own word (DROP, CLOSED, ALLOW, UNKNOWN) before rules are tried; <action> is compared with that, letter by letter. ossec-logtest shows the word of the line.",
  instead: "Write DROP, ALLOW or CLOSED.",
  reference: "docs/reference/ossec.md#daemon-and-logtest",
  bad: {
    rules: `<rule id="100100" level="5"><category>firewall</category><action>«deny»</action><description>a</description></rule>`,
  },
  good: {
    rules: `<rule id="100100" level="5"><category>firewall</category><action>DROP</action><description>a</description></rule>`,
  },
  check(context, report) {
    if (context.loaded.options.logFirewall === 0) return;
    for (const written of context.rules) {
      const { rule } = written;
      const element = elementNamed(written, "action");
      if (element === undefined || rule.action?.language !== "text" || rule.category !== "firewall") continue;
      const { text } = rule.action;
      const word = normalAction(text);
      if (word === text) continue;
      report(element.content, `rule ${rule.id} never sees the action ${text}: the daemon calls it ${word}`, {
        help: word === "UNKNOWN" ? "Write DROP, ALLOW or CLOSED." : `Write <action>${word}</action>.`,
      });
    }
  },
};
