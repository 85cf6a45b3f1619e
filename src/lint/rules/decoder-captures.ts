import type { LintRule } from "../model.js";

export const decoderCaptures: LintRule = {
  code: "OSSEC-DECODER-CAPTURES",
  effect: "refused",
  title: "A decoder's regex for which no captures are kept",
  why: "A pattern of plain characters that begins with ^ or ends with $ takes a fast path without captures; as a decoder's regex it is refused.",
  instead: "Put a group ( ) around what the order names.",
  reference: "docs/reference/ossec.md#os_regex",
  bad: {
    decoders: `<decoder name="app"><prematch>^app </prematch><regex>«^bad»</regex><order>action</order></decoder>`,
  },
  good: {
    decoders: `<decoder name="app"><prematch>^app </prematch><regex>^(bad)</regex><order>action</order></decoder>`,
  },
};
