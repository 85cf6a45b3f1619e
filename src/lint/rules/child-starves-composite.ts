import { elementNamed } from "../elements.js";
import { listed } from "../helpers.js";
import type { LintRule } from "../model.js";
import { starvingChildren } from "../starved-composites.js";

export const childStarvesComposite: LintRule = {
  code: "OSSEC-CHILD-STARVES-COMPOSITE",
  effect: "dangerous",
  dialects: ["ossec", "wazuh"],
  title: "A child rule that hides events from the composite that counts its parent",
  why: "A composite counts the events of one rule (or of a group) as they were reported. An event that a child takes is reported as the child's: the composite does not see it, and an attacker who keeps to what the child matches never starts it. Not said of children of level 0 with a condition (they are meant to be ignored), of those that only certain sources meet (<srcip>), and of those that a composite counts themselves.",
  instead:
    "Count the child's events as well: a second composite with its id in <if_matched_sid>, or a group of both and <if_matched_group>.",
  reference: "docs/reference/ossec.md#correlation (more specific children take their events away)",
  bad: {
    rules: `<rule id="100100" level="5"><match>bad login</match><description>bad login</description></rule>\n<rule id="100101" level="10" frequency="6" timeframe="120"><if_matched_sid>100100</if_matched_sid><description>many bad logins</description></rule>\n<rule id="100102" level="7"><if_sid>«100100»</if_sid><match>for root</match><description>bad login of root</description></rule>`,
  },
  good: {
    rules: `<rule id="100100" level="5"><match>bad login</match><description>bad login</description></rule>\n<rule id="100101" level="10" frequency="6" timeframe="120"><if_matched_sid>100100</if_matched_sid><description>many bad logins</description></rule>\n<rule id="100102" level="7"><if_sid>100100</if_sid><match>for root</match><description>bad login of root</description></rule>\n<rule id="100103" level="10" frequency="6" timeframe="120"><if_matched_sid>100102</if_matched_sid><description>many bad logins of root</description></rule>`,
  },
  check(context, report) {
    const written = new Map(context.rules.map((one) => [one.rule, one]));
    for (const { child, bases, composites, all, firings } of starvingChildren(context)) {
      const of = written.get(child);
      const [first] = composites;
      if (of === undefined || first === undefined) continue;
      const from = listed(
        bases.map(({ id }) => id),
        3,
      );
      const ids = listed(composites.map(({ id }) => id));
      const events = first.frequency + 2;
      const effect = all
        ? `rule ${child.id} takes every event of rule ${from}, so composite ${ids} never fires`
        : `rule ${child.id} takes events of rule ${from}, so composite ${ids} does not count them: ${events} that rule ${child.id} matches do not start it`;
      const shown = firings.map(
        ({ composite, withChild, without }) =>
          `composite ${composite.id} fires ${times(withChild)}, without rule ${child.id} ${times(without)}`,
      );
      const same = context.written
        .rule(first)
        .elements.filter(({ name }) => /^same_/i.test(name))
        .map(({ name }) => `<${name} />`);
      report(
        elementNamed(of, "if_sid", "if_group", "if_level")?.content ?? context.written.rule(child).idPlace,
        shown.length === 0 ? effect : `${effect}. In the given lines ${shown.join("; ")}`,
        {
          help: `Count them as well: <rule id="…" level="${first.level}" frequency="${context.dialect === "wazuh" ? events : first.frequency}" timeframe="${first.timeframe}"><if_matched_sid>${child.id}</if_matched_sid>${same.join("")}…, or let <srcip> say for whom rule ${child.id} is.`,
        },
      );
    }
  },
};

function times(count: number): string {
  return count === 1 ? "once" : count === 0 ? "never" : `${count} times`;
}
