import { lowerCase } from "../../ossec/load/text.js";
import { elementOfSection } from "../conf-sections.js";
import { rewrite } from "../edits.js";
import type { LintRule } from "../model.js";

export const arLocationPattern: LintRule = {
  code: "OSSEC-AR-LOCATION-PATTERN",
  effect: "misread",
  dialects: ["ossec", "wazuh"],
  title: "A location that is found inside another word",
  why: "The location is searched as a text: nonlocalized counts as local, and a word with all or any in it as all.",
  instead: "Write local, server, defined-agent or all.",
  reference: "docs/reference/ossec.md#active-response (location)",
  bad: {
    rules: `<rule id="100100" level="5"><match>bad</match><description>a</description></rule>`,
    conf: `<command><name>block</name><executable>block.sh</executable><expect></expect></command>\n<active-response><command>block</command><location>«nonlocalized»</location><level>5</level></active-response>`,
  },
  fixed: {
    conf: `<command><name>block</name><executable>block.sh</executable><expect></expect></command>\n<active-response><command>block</command><location>local</location><level>5</level></active-response>`,
  },
  good: {
    rules: `<rule id="100100" level="5"><match>bad</match><description>a</description></rule>`,
    conf: `<command><name>block</name><executable>block.sh</executable><expect></expect></command>\n<active-response><command>block</command><location>local</location><level>5</level></active-response>`,
  },
  check(context, report) {
    const words = new Set([
      "local",
      "server",
      "as",
      "analysisd",
      "analysis-server",
      "defined-agent",
      "all",
      "any",
    ]);
    for (const { response, section } of context.responses) {
      const location = elementOfSection(section, "location");
      if (
        location === undefined ||
        lowerCase(location.value)
          .split(/[\s,|]+/)
          .every((word) => word === "" || words.has(word))
      )
        continue;
      const [only, ...others] = response.locations;
      report(
        location.place,
        `"${location.value}" counts as ${response.locations.join(" and ")}`,
        only === undefined || others.length > 0
          ? {}
          : rewrite("Write what the engine reads.", location.place, location.value, only),
      );
    }
  },
};
