import type { LintRule } from "../model.js";
import { shadowedDecoders } from "../shadow.js";

export const decoderShadowed: LintRule = {
  code: "OSSEC-DECODER-SHADOWED",
  trap: "decoder-shadowed",
  effect: "dead",
  dialects: ["ossec", "wazuh"],
  title: "A decoder behind one that takes all its lines",
  why: "The first top-level decoder whose program_name and prematch match takes the line; there is no way back, even when none of its children matches.",
  instead: "Put the more special decoder first, or make it a child of the other.",
  reference: "spec/ossec.md 5.1 (first match wins, no backtracking)",
  bad: {
    decoders: `<decoder name="app"><prematch>^app </prematch></decoder>\n<decoder name="«app-login»"><prematch>^app login</prematch></decoder>`,
  },
  good: {
    decoders: `<decoder name="app-login"><prematch>^app login</prematch></decoder>\n<decoder name="app"><prematch>^app </prematch></decoder>`,
  },
  check(context, report) {
    for (const { decoder, by } of shadowedDecoders(context)) {
      report(
        context.written.decoder(decoder).namePlace,
        `decoder "${decoder.name}" never gets a line: decoder "${by.name}", which stands before it, takes them all`,
        { cause: context.written.decoder(by).namePlace },
      );
    }
  },
};
