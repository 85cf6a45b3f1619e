import type { LintRule } from "../model.js";

export const decoderParent: LintRule = {
  code: "OSSEC-DECODER-PARENT",
  effect: "refused",
  dialects: ["ossec", "wazuh"],
  title: "A parent that is no top-level decoder loaded before",
  why: "There are two levels only: a grandchild, a later parent, an unknown one or the decoder itself is an error.",
  instead: "Name a top-level decoder that stands above.",
  reference: "docs/reference/ossec.md#decoder-selection (Two levels only)",
  bad: {
    decoders: String.raw`<decoder name="app-a"><parent>«app»</parent><regex>(\S+)</regex><order>user</order></decoder>`,
  },
  good: {
    decoders:
      `<decoder name="app"><prematch>^app </prematch></decoder>\n` +
      String.raw`<decoder name="app-a"><parent>app</parent><regex>(\S+)</regex><order>user</order></decoder>`,
  },
};
