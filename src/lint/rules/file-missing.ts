import type { LintRule } from "../model.js";

export const fileMissing: LintRule = {
  code: "OSSEC-FILE-MISSING",
  effect: "refused",
  dialects: ["ossec", "wazuh"],
  title: "A file that the configuration needs is not there",
  why: "A rule or decoder file that ossec.conf names, or ossec.conf itself, is missing or cannot be read: the engine does not start.",
  instead: "Put the file there, or take its name out of <rules>.",
  reference: "docs/reference/ossec.md#configuration, #config-check",
  bad: { conf: `<rules><include>«nosuch.xml»</include></rules>` },
  good: { rules: `<rule id="100100" level="5"><match>bad</match><description>a</description></rule>` },
};
