import type { RuleDefinition } from "../../ossec/definitions.js";
import { placeInSection } from "../conf-sections.js";
import { mayFill } from "../context.js";
import { listed } from "../helpers.js";
import type { LintRule } from "../model.js";

export const arWithoutSrcip: LintRule = {
  code: "OSSEC-AR-WITHOUT-SRCIP",
  trap: "ar-without-srcip",
  effect: "dead",
  title: "An active response that expects an address that is never there",
  why: "A command that expects srcip is not started for events without one. No decoder of the rules that start it fills srcip.",
  instead: "Let the decoder fill srcip, or use a command that expects nothing.",
  reference: "spec/ossec.md 11 (expected srcip/user/filename must be set)",
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
      const told = all ? without : named;
      if (told.length === 0) continue;
      const ids = listed(told.map(({ id }) => id));
      report(
        all
          ? placeInSection(section, "rules_id", "rules_group", "level")
          : placeInSection(section, "rules_id"),
        `the command expects srcip, which no decoder fills for rule ${ids}: it is never started${all ? "" : told.length === 1 ? " by it" : " by them"}`,
      );
    }
  },
};
