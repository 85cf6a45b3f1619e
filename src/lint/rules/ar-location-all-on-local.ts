import { elementOfSection } from "../conf-sections.js";
import type { LintRule } from "../model.js";

export const arLocationAllOnLocal: LintRule = {
  code: "OSSEC-AR-LOCATION-ALL-ON-LOCAL",
  trap: "ar-location-all-on-local",
  effect: "dead",
  dialects: ["ossec", "wazuh"],
  title: "location all on a stand-alone installation",
  why: "all, any and defined-agent mean agents only. Without <remote> there are none, and the response does nothing.",
  instead: "Write <location>local</location>.",
  reference: "docs/reference/ossec.md#active-response (location)",
  bad: {
    rules: `<rule id="100100" level="5"><match>bad</match><description>a</description></rule>`,
    conf: `<command><name>block</name><executable>block.sh</executable><expect></expect></command>\n<active-response><command>block</command><location>«all»</location><level>5</level></active-response>`,
  },
  good: {
    rules: `<rule id="100100" level="5"><match>bad</match><description>a</description></rule>`,
    conf: `<command><name>block</name><executable>block.sh</executable><expect></expect></command>\n<active-response><command>block</command><location>local</location><level>5</level></active-response>`,
  },
  check(context, report) {
    if (context.sections.some(({ name }) => name === "remote" || name === "client")) return;
    for (const { response, section } of context.responses) {
      if (response.locations.includes("local") || response.locations.includes("server")) continue;
      const location = elementOfSection(section, "location");
      if (location !== undefined)
        report(
          location.place,
          `location ${location.value} means agents, and this installation has none: the response does nothing`,
        );
    }
  },
};
