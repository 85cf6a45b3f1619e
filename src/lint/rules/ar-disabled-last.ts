import { placeInSection } from "../conf-sections.js";
import type { LintRule } from "../model.js";

export const arDisabledLast: LintRule = {
  code: "OSSEC-AR-DISABLED-LAST",
  trap: "ar-disabled-last",
  effect: "dangerous",
  dialects: ["ossec", "wazuh"],
  title: "A disabled active response behind others",
  why: "A block with disabled yes resets the switch of all: the blocks before it stay off unless an enabled one follows.",
  instead: "Take the disabled block out, or put it first.",
  reference: "docs/reference/ossec.md#active-response (disabled)",
  bad: {
    rules: `<rule id="100100" level="5"><match>bad</match><description>a</description></rule>`,
    conf: `<command><name>block</name><executable>block.sh</executable><expect></expect></command>\n<active-response><command>block</command><location>local</location><level>5</level></active-response>\n<active-response><disabled>«yes»</disabled></active-response>`,
  },
  good: {
    rules: `<rule id="100100" level="5"><match>bad</match><description>a</description></rule>`,
    conf: `<command><name>block</name><executable>block.sh</executable><expect></expect></command>\n<active-response><command>block</command><location>local</location><level>5</level></active-response>`,
  },
  check(context, report) {
    const { activeResponses, activeResponseOn } = context.loaded.conf;
    if (activeResponses.length === 0 || activeResponseOn) return;
    const last = context.sections.findLast(
      (section) =>
        section.name === "active-response" &&
        section.elements.some(({ name, value }) => name === "disabled" && value === "yes"),
    );
    if (last !== undefined)
      report(
        placeInSection(last, "disabled"),
        `this turns off the ${activeResponses.length === 1 ? "active response" : `${activeResponses.length} active responses`} read before it`,
      );
  },
};
