import { asksForDate } from "../dates.js";
import type { LintRule } from "../model.js";

export const prematchOnStrippedDate: LintRule = {
  code: "OSSEC-PREMATCH-ON-STRIPPED-DATE",
  trap: "prematch-on-stripped-date",
  effect: "dead",
  title: "A prematch that asks for the date",
  why: "Pre-decoding removes the date (and host and program) before decoders see the line.",
  instead: "Begin the prematch with what stands behind the head.",
  reference: "docs/reference/ossec.md#pre-decoding",
  bad: {
    decoders: String.raw`<decoder name="app"><prematch>«^\w\w\w \d\d \d\d:\d\d:\d\d»</prematch></decoder>`,
  },
  good: { decoders: String.raw`<decoder name="app"><prematch>^started at \d\d:\d\d</prematch></decoder>` },
  check(context, report) {
    for (const decoder of context.loaded.decoders.all) {
      if (decoder.prematch === null || decoder.parent !== null) continue;
      // Lines say more than shapes do.
      if ((context.lines?.decoders.get(decoder) ?? 0) > 0) continue;
      const what = asksForDate(decoder.prematch);
      if (what === null) continue;
      report(
        context.written.pattern(decoder.prematch)[0],
        `decoder "${decoder.name}" asks for ${what}, which pre-decoding removes`,
      );
    }
  },
};
