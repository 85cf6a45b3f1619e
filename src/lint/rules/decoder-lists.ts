import type { LintRule } from "../model.js";

export const decoderLists: LintRule = {
  code: "OSSEC-DECODER-LISTS",
  effect: "dead",
  dialects: ["ossec", "wazuh"],
  title: "No decoder for lines with, or without, a program name",
  why: "Decoders with and without program_name are two lists, each for its own lines. When one is empty the engine logs it, and such lines are not decoded.",
  instead: "Load the shipped decoder.xml as well.",
  reference: "docs/reference/ossec.md#decoder-fields (If only one of the two lists is filled)",
  bad: { decoders: `<decoder name="app"><prematch>^app </prematch></decoder>` },
  good: {
    decoders: `<decoder name="app"><prematch>^app </prematch></decoder>\n<decoder name="app-p"><program_name>^app$</program_name></decoder>`,
  },
};
