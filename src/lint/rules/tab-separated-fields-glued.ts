import type { DecoderDefinition, DecoderSet } from "../../ossec/definitions.js";
import { reportFirst } from "../helpers.js";
import { gluedText, type LineEvent } from "../lines.js";
import type { LintRule } from "../model.js";

export const tabSeparatedFieldsGlued: LintRule = {
  code: "OSSEC-TAB-SEPARATED-FIELDS-GLUED",
  trap: "tab-separated-fields-glued",
  effect: "dangerous",
  title: "Fields that grow together because TABs are deleted",
  why: "Since 3.8.0 every TAB is deleted from a line: two fields become one word, and a capture takes its neighbour along. An address with a user name behind it is no address.",
  instead: "Let the sensor write blanks or JSON.",
  reference: "docs/reference/ossec.md#pre-decoding (0.)",
  bad: {
    decoders: String.raw`<decoder name="app"><prematch>^app </prematch><regex offset="after_prematch">^(\S+)</regex><order>srcip</order></decoder>`,
    logs: ["«app 192.0.2.1\tbob»"],
  },
  good: {
    decoders: String.raw`<decoder name="app"><prematch>^app </prematch><regex offset="after_prematch">^(\S+)</regex><order>srcip</order></decoder>`,
    logs: ["app 192.0.2.1 bob"],
  },
  check(context, report) {
    if (context.loaded.dialect.engine.controlBytes === "kept") return;
    for (const { name, regex, order } of zeekReaders(context.loaded.decoders)) {
      if (regex === null || order === null || !/\(\\[Sw][+*]\)(?:$|\\t|\\s)/.test(regex.text)) continue;
      report(
        context.written.pattern(regex)[0],
        `decoder "${name}" reads a log of Zeek, whose TABs are deleted: a word of its regex takes the next field along`,
      );
    }
    for (const { name, regex, order } of context.loaded.decoders.all) {
      if (regex === null || order === null || !/(?<!\\)(?:\\\\)*\\t(?!\*)|\t/.test(regex.text)) continue;
      report(
        context.written.pattern(regex)[0],
        `the regex of decoder "${name}" is for fields separated by TABs, which arrive as one word`,
      );
    }
    const glued = ({ line, event }: LineEvent): boolean => {
      if (gluedText(line) === null || event.kind === "ignored") return false;
      return event.fields.length === 0 || event.fields.some(([, value]) => !line.includes(value));
    };
    reportFirst(context, report, glued, "fields that stand on both sides of a TAB arrive as one word");
  },
};

/** Decoders that ask for the name of a notice, or for Zeek's time stamp, in lines that are no JSON. */
function zeekReaders({ withoutProgramName }: DecoderSet): readonly DecoderDefinition[] {
  return withoutProgramName.flatMap(({ decoder, children }) => {
    const asked = decoder.prematch?.text ?? "";
    if (/["{]/.test(asked)) return [];
    return /[A-Za-z]{2,}::[A-Za-z]{2,}|^\^1?\\d\+\\?\.(?:\\d){6}/.test(asked) ? [decoder, ...children] : [];
  });
}
