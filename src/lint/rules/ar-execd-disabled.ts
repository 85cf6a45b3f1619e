import { placeInSection } from "../conf-sections.js";
import type { LintRule } from "../model.js";

export const arExecdDisabled: LintRule = {
  code: "OSSEC-AR-EXECD-DISABLED",
  effect: "misread",
  dialects: ["ossec", "wazuh"],
  title: "The first <disabled> of the file decides for all",
  why: "execd looks for the first <disabled> in all active responses; when it says yes, execd ends, and no response is ever started.",
  instead: "Take the disabled block out of the file.",
  reference:
    "docs/reference/ossec.md#active-response (execd ends if the first <disabled> of the file is yes)",
  bad: {
    rules: `<rule id="100100" level="5"><match>bad</match><description>a</description></rule>`,
    conf: `<command><name>block</name><executable>block.sh</executable><expect></expect></command>\n<active-response><disabled>«yes»</disabled><command>block</command><location>local</location></active-response>\n<active-response><command>block</command><location>local</location><level>5</level></active-response>`,
  },
  good: {
    rules: `<rule id="100100" level="5"><match>bad</match><description>a</description></rule>`,
    conf: `<command><name>block</name><executable>block.sh</executable><expect></expect></command>\n<active-response><command>block</command><location>local</location><level>5</level></active-response>`,
  },
  check(context, report) {
    const { activeResponses, activeResponseOn, execdOn } = context.loaded.conf;
    if (activeResponses.length === 0 || !activeResponseOn || execdOn) return;
    const first = context.sections.find(
      (section) =>
        section.name === "active-response" && section.elements.some(({ name }) => name === "disabled"),
    );
    if (first !== undefined)
      report(
        placeInSection(first, "disabled"),
        "execd ends at this, so the responses below are never started",
      );
  },
};
