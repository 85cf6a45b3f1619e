import type { LintRule } from "../model.js";

export const lineKillsEngine: LintRule = {
  code: "OSSEC-LINE-KILLS-ENGINE",
  effect: "dangerous",
  dialects: ["ossec", "wazuh"],
  needsLogs: true,
  title: "A line that kills the engine",
  why: "A rule tests a <field>, and the decoder of this line has no <order>: the engine dies.",
  instead: "Give the decoder an order, or the rule a condition before the field.",
  reference: "docs/reference/ossec.md#decoder-fields (NULL read)",
  bad: {
    decoders: `<decoder name="app"><prematch>^app </prematch></decoder>`,
    rules: `<rule id="100100" level="5"><decoded_as>app</decoded_as><field name="port">^22$</field><description>a</description></rule>`,
    logs: ["«app hello»"],
  },
  good: {
    decoders: String.raw`<decoder name="app"><prematch>^app </prematch><regex offset="after_prematch">^(\d+)</regex><order>port</order></decoder>`,
    rules: `<rule id="100100" level="5"><decoded_as>app</decoded_as><field name="port">^22$</field><description>a</description></rule>`,
    logs: ["app 22"],
  },
  check(context, report) {
    for (const { source, start, end, event } of context.lines?.events ?? []) {
      if (event.kind === "crash")
        report(
          { source, start, end },
          `the engine dies at this line${event.rule === null ? "" : `, in rule ${event.rule.id}`}: ${event.reason}`,
        );
    }
  },
};
