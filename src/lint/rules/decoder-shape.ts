import type { LintRule } from "../model.js";

export const decoderShape: LintRule = {
  code: "OSSEC-DECODER-SHAPE",
  effect: "refused",
  dialects: ["ossec", "wazuh"],
  title: "Parts of a decoder that need or exclude one another",
  why: "A decoder needs a prematch, a program_name or a parent; regex and order only together; fts only with a regex; a plugin without both.",
  instead: "Add what is missing.",
  reference: "docs/reference/ossec.md#decoder-fields (Needed)",
  bad: {
    decoders: String.raw`«<decoder name="app">»<prematch>^app </prematch><regex>(\S+)</regex></decoder>`,
  },
  good: {
    decoders: String.raw`<decoder name="app"><prematch>^app </prematch><regex>(\S+)</regex><order>user</order></decoder>`,
  },
};
