import type { LintRule } from "../model.js";

export const decoderOffset: LintRule = {
  code: "OSSEC-DECODER-OFFSET",
  effect: "refused",
  dialects: ["ossec", "wazuh"],
  title: "An offset that cannot be used here",
  why: "after_parent needs a parent, after_prematch in a child a prematch of its own, after_regex an earlier decoder of the same name; a prematch takes after_parent only.",
  instead: "Use the offset that fits.",
  reference: "docs/reference/ossec.md#decoder-fields (offset)",
  bad: {
    decoders: String.raw`<decoder name="app"><prematch>^app </prematch><regex offset="«after_parent»">(\S+)</regex><order>user</order></decoder>`,
  },
  good: {
    decoders: String.raw`<decoder name="app"><prematch>^app </prematch><regex offset="after_prematch">(\S+)</regex><order>user</order></decoder>`,
  },
};
