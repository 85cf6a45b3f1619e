import { elementNamed } from "../elements.js";
import type { LintRule } from "../model.js";

export const hostnameOfAgents: LintRule = {
  code: "OSSEC-HOSTNAME-OF-AGENTS",
  effect: "misread",
  dialects: ["ossec", "wazuh"],
  title: "A host name that events of agents do not have",
  why: "Where agents report, the host name of their events is `(agent) address->file`, not the one in the line: a pattern that is bound to the beginning or the end of a plain name only matches what the server itself reads.",
  instead: "Look for the agent's name in its parentheses: <hostname>(node1) </hostname>.",
  reference: "docs/reference/ossec.md#daemon-and-logtest",
  bad: {
    rules: `<rule id="100100" level="5"><match>bad</match><hostname>«^node1$»</hostname><description>a</description></rule>`,
    conf: `<remote><connection>secure</connection></remote>`,
  },
  good: {
    rules: `<rule id="100100" level="5"><match>bad</match><hostname>(node1) </hostname><description>a</description></rule>`,
    conf: `<remote><connection>secure</connection></remote>`,
  },
  check(context, report) {
    const agents = context.sections.some(
      ({ name, elements }) =>
        name === "remote" &&
        elements.every((one) => one.name !== "connection" || one.value.trim() === "secure"),
    );
    if (!agents) return;
    for (const written of context.rules) {
      const { rule } = written;
      const element = elementNamed(written, "hostname", "hostname_pcre2");
      if (rule.hostname === null || element === undefined) continue;
      const words = rule.hostname.text.split("|");
      if (!words.every((word) => /^\^(?![(\\.])/.test(word) || /[\w-]\$$/.test(word))) continue;
      const name = (words[0] ?? "").replace(/[\^$\\]/g, "");
      report(
        element.content,
        `rule ${rule.id} does not match events of agents, whose host name is (agent) address->file`,
        { help: `Write <hostname>(${name}) </hostname> for the agent ${name}.` },
      );
    }
  },
};
