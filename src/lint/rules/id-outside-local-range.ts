import type { LintRule } from "../model.js";

export const idOutsideLocalRange: LintRule = {
  code: "OSSEC-ID-OUTSIDE-LOCAL-RANGE",
  effect: "style",
  dialects: ["ossec", "wazuh"],
  title: "A rule of one's own outside the local range",
  why: "Ids below 100000 belong to the shipped rules; an update may bring a rule of the same id, and then the engine does not start.",
  instead: "Take an id from 100000 to 119999.",
  reference:
    "docs/reference/ossec.md#place-in-the-tree (duplicate id: error), docs/reference/wazuh.md#in-short",
  bad: { rules: `<rule id="«5000»" level="5"><match>bad login</match><description>a</description></rule>` },
  good: { rules: `<rule id="100100" level="5"><match>bad login</match><description>a</description></rule>` },
  check(context, report) {
    for (const written of context.rules) {
      const { id } = written.rule;
      const { idPlace } = context.written.rule(written.rule);
      const { file } = idPlace.source;
      if (written.overwrite || id < 10 || id >= 100_000) {
        // Wazuh knows no upper end.
        if (written.overwrite || id < 120_000 || context.dialect === "wazuh") continue;
      }
      const own =
        /(?:^|\/)local_rules\.xml$/.test(file) ||
        (context.dialect === "wazuh" && /(?:^|\/)etc\/rules\//.test(file));
      const range = context.dialect === "wazuh" ? "is below 100000" : "is outside 100000 to 119999";
      if (own) report(idPlace, `rule ${id} of ${file.slice(file.lastIndexOf("/") + 1)} ${range}`);
    }
  },
};
