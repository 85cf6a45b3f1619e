import type { RuleDefinition } from "../../ossec/definitions.js";
import { placeInSection } from "../conf-sections.js";
import { type LintContext, mayFill } from "../context.js";
import { listed } from "../helpers.js";
import type { LintRule } from "../model.js";
import { chainOf } from "../tree.js";

export const arWithoutSrcip: LintRule = {
  code: "OSSEC-AR-WITHOUT-SRCIP",
  trap: "ar-without-srcip",
  effect: "dead",
  title: "An active response that expects an address that is never there",
  why: "A command that expects srcip is not started for events without one. No decoder of the rules that start it fills srcip.",
  instead: "Let the decoder fill srcip, or use a command that expects nothing.",
  reference: "docs/reference/ossec.md#active-response (expected srcip/user/filename must be set)",
  bad: {
    decoders: `<decoder name="app"><prematch>^app </prematch></decoder>`,
    rules: `<rule id="100100" level="5"><decoded_as>app</decoded_as><description>a</description></rule>`,
    conf: `<command><name>block</name><executable>block.sh</executable><expect>srcip</expect></command>\n<active-response><command>block</command><location>local</location><rules_id>«100100»</rules_id></active-response>`,
  },
  good: {
    decoders: String.raw`<decoder name="app"><prematch>^app </prematch><regex offset="after_prematch">^from (\S+)</regex><order>srcip</order></decoder>`,
    rules: `<rule id="100100" level="5"><decoded_as>app</decoded_as><description>a</description></rule>`,
    conf: `<command><name>block</name><executable>block.sh</executable><expect>srcip</expect></command>\n<active-response><command>block</command><location>local</location><rules_id>100100</rules_id></active-response>`,
  },
  check(context, report) {
    if (!context.complete) return;
    const lacks = (rule: RuleDefinition): boolean => {
      const outcomes = context.outcomesOf(rule);
      return outcomes.length > 0 && !mayFill(outcomes, "srcip");
    };
    for (const { response, section, index } of context.responses) {
      if (!response.command.expect.srcip) continue;
      const bound = context.loaded.rules.filter(({ activeResponses }) => activeResponses.includes(index));
      const without = bound.filter(lacks);
      const named = without.filter(({ id }) => response.rulesId.includes(id));
      const all = without.length === bound.length;
      // That a level also takes in rules without an address cannot be avoided.
      const reported = all ? without : named;
      const chance = bound.filter(
        (rule) => response.rulesId.includes(rule.id) && !lacks(rule) && leftToChance(context, rule),
      );
      if (reported.length === 0 && chance.length > 0)
        report(
          placeInSection(section, "rules_id"),
          `the command expects srcip, but rule ${listed(chance.map(({ id }) => id))} asks for no decoder: of a line that no decoder takes there is no srcip, and nothing is started`,
          {
            severity: "warning",
            help: "Write a decoder that fills srcip for these lines, and ask for it with <decoded_as>.",
          },
        );
      if (reported.length === 0) continue;
      const ids = listed(reported.map(({ id }) => id));
      report(
        all
          ? placeInSection(section, "rules_id", "rules_group", "level")
          : placeInSection(section, "rules_id"),
        `the command expects srcip, which no decoder fills for rule ${ids}: it is never started${all ? "" : reported.length === 1 ? " by it" : " by them"}`,
      );
    }
  },
};

/** A rule on the text alone: whether there is an address depends on which decoder happens to take the line. */
function leftToChance(context: LintContext, rule: RuleDefinition): boolean {
  const places = context.tree.places.get(rule) ?? [];
  return (
    rule.category === "syslog" &&
    !context.stock.isStock(context.written.rule(rule).place) &&
    places.length > 0 &&
    places.every(
      (place) =>
        place.decodedAs === null &&
        [...chainOf(place)].every(
          ({ srcip, correlation, search }) =>
            srcip.length === 0 && !correlation.same.includes("srcip") && search === null,
        ),
    )
  );
}
