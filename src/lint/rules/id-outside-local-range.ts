import type { LintRule } from "../model.js";

export const idOutsideLocalRange: LintRule = {
  code: "OSSEC-ID-OUTSIDE-LOCAL-RANGE",
  effect: "style",
  title: "A rule of one's own outside the local range",
  why: "Ids below 100000 belong to the shipped rules; an update may bring a rule of the same id, and then the engine does not start.",
  instead: "Take an id from 100000 to 119999.",
  reference: "spec/ossec.md 6.4 (duplicate id: error)",
  bad: { rules: `<rule id="«5000»" level="5"><match>bad login</match><description>a</description></rule>` },
  good: { rules: `<rule id="100100" level="5"><match>bad login</match><description>a</description></rule>` },
  check(context, report) {
    for (const written of context.rules) {
      const { id, idPlace } = written.rule;
      if (written.overwrite || id < 10 || (id >= 100_000 && id < 120_000)) continue;
      if (/(?:^|\/)local_rules\.xml$/.test(idPlace.source.file))
        report(idPlace, `rule ${id} of local_rules.xml is outside 100000 to 119999`);
    }
  },
};
