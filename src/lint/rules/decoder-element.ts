import type { LintRule } from "../model.js";

export const decoderElement: LintRule = {
  code: "OSSEC-DECODER-ELEMENT",
  effect: "refused",
  dialects: ["ossec", "wazuh"],
  title: "An element or attribute that decoders do not have",
  why: "The engine knows a fixed set of elements, an offset on patterns, and a name on the decoder, first and alone.",
  instead: "Take it away.",
  reference: "docs/reference/ossec.md#decoder-fields",
  bad: { decoders: `<decoder name="app"><prematch>^app </prematch>«<color>»red</color></decoder>` },
  good: { decoders: `<decoder name="app"><prematch>^app </prematch></decoder>` },
};
