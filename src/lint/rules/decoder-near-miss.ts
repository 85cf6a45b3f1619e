import { lowerCase } from "../../ossec/load/text.js";
import type { LintRule } from "../model.js";

export const decoderNearMiss: LintRule = {
  code: "OSSEC-DECODER-NEAR-MISS",
  effect: "dead",
  needsLogs: true,
  title: "A decoder whose text nearly stands in a line",
  why: "No line reached the decoder, and one that no decoder took holds most of its prematch: a slip of the pen, or a text that pre-decoding took away.",
  instead: "Write the prematch as the line has it, behind what pre-decoding removes.",
  reference: "docs/reference/ossec.md#pre-decoding, #decoder-selection",
  bad: {
    decoders: `<decoder name="trace"><prematch>«pingtraceroute from»</prematch></decoder>`,
    logs: ["Nov 14 18:57:18 UDP: traceroute from 10.10.150.2"],
  },
  good: {
    decoders: `<decoder name="trace"><program_name>^UDP$</program_name><prematch>^traceroute from</prematch></decoder>`,
    logs: ["Nov 14 18:57:18 UDP: traceroute from 10.10.150.2"],
  },
  check(context, report) {
    const lost = (context.lines?.events ?? [])
      .filter(({ event }) => event.kind !== "ignored" && event.decoder === null)
      .slice(0, 2000);
    if (lost.length === 0) return;
    for (const decoder of context.loaded.decoders.all) {
      if (
        decoder.parent !== null ||
        decoder.prematch === null ||
        (context.lines?.decoders.get(decoder) ?? 0) > 0
      )
        continue;
      const text = lowerCase(decoder.prematch.text.replace(/^\^/, ""));
      if (text.length < 10 || /[\\|()$]/.test(text)) continue;
      if (lost.some(({ line }) => lowerCase(line).includes(text))) continue;
      const least = Math.ceil(text.length * 0.6);
      const found = lost.find(({ line }) => {
        const folded = lowerCase(line);
        return (
          !folded.includes(text) &&
          (folded.includes(text.slice(text.length - least)) || folded.includes(text.slice(0, least)))
        );
      });
      if (found !== undefined)
        report(
          context.written.pattern(decoder.prematch)[0],
          `no line reaches decoder "${decoder.name}", and "${found.log.slice(0, 60)}" nearly holds its prematch`,
        );
    }
  },
};
