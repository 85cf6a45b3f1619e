import type { LintRule } from "../model.js";

export const decoderValue: LintRule = {
  code: "OSSEC-DECODER-VALUE",
  effect: "refused",
  dialects: ["ossec", "wazuh"],
  title: "A value that a decoder's element does not take",
  why: "type, plugin_decoder, order and fts take fixed words in exact letter case.",
  instead: "Write one of the words of the reference.",
  reference: "docs/reference/ossec.md#decoder-fields",
  bad: { decoders: `<decoder name="app"><type>«Firewall»</type><prematch>^app </prematch></decoder>` },
  good: { decoders: `<decoder name="app"><type>firewall</type><prematch>^app </prematch></decoder>` },
};
