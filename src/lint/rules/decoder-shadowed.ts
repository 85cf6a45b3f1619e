import { DecoderChoice } from "../../ossec/decoder-choice.js";
import type { DecoderDefinition, DecoderNode } from "../../ossec/definitions.js";
import { spanOf } from "../../ossec/xml/source.js";
import type { LintContext } from "../context.js";
import { type LineEvent, siblingLines } from "../lines.js";
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
  reference: "docs/reference/ossec.md#decoder-selection (first match wins, no backtracking)",
  bad: {
    decoders: `<decoder name="app"><prematch>^app </prematch></decoder>\n<decoder name="«app-login»"><prematch>^app login</prematch></decoder>`,
  },
  good: {
    decoders: `<decoder name="app-login"><prematch>^app login</prematch></decoder>\n<decoder name="app"><prematch>^app </prematch></decoder>`,
  },
  check(context, report) {
    const never = new Set<DecoderDefinition>();
    for (const { decoder, by } of shadowedDecoders(context)) {
      never.add(decoder);
      report(
        context.written.decoder(decoder).namePlace,
        `decoder "${decoder.name}" never gets a line: decoder "${by.name}", which stands before it, takes them all`,
        { cause: context.written.decoder(by).namePlace, help: asChild(decoder, by) },
      );
    }
    for (const { decoder, by, lines, first } of losingDecoders(context, never)) {
      const { line } = spanOf({ source: first.source, start: first.start, end: first.end });
      report(
        context.written.decoder(decoder).namePlace,
        `decoder "${decoder.name}" fits ${lines === 1 ? "a line" : `${lines} lines`} of ${first.source.file} (line ${line}) and gets none: decoder "${by.name}", which stands before it, takes ${lines === 1 ? "it" : "them"}`,
        { help: asChild(decoder, by) },
      );
    }
  },
};

function asChild(decoder: DecoderDefinition, by: DecoderDefinition): string {
  const parent = `<parent>${by.name}</parent>`;
  const how =
    decoder.programName === null
      ? `Write ${parent} into it`
      : `Write ${parent} in place of its <program_name>`;
  const others = decoder.prematch === null ? " and give it a <prematch>" : "";
  return `${how}${others}, so that it is tried as a child; or load its file first: <decoder> lines in <rules> of ossec.conf say the order.`;
}

interface LosingDecoder {
  readonly decoder: DecoderDefinition;
  readonly by: DecoderDefinition;
  readonly lines: number;
  readonly first: LineEvent;
}

/** Decoders that lines of `--logs` fit and none of which they get. */
function losingDecoders(
  context: LintContext,
  never: ReadonlySet<DecoderDefinition>,
): readonly LosingDecoder[] {
  const { lines, loaded, stock, written } = context;
  if (lines === null) return [];
  const { withProgramName, withoutProgramName } = loaded.decoders;
  const wanted = (node: DecoderNode): boolean =>
    !never.has(node.decoder) &&
    !lines.decoders.has(node.decoder) &&
    !stock.isStock(written.decoder(node.decoder).place);
  const own = new DecoderChoice({
    withProgramName: withProgramName.filter(wanted),
    withoutProgramName: withoutProgramName.filter(wanted),
  });
  const all = new DecoderChoice(loaded.decoders);
  const found = new Map<DecoderDefinition, LosingDecoder>();
  for (const line of lines.events.slice(0, siblingLines)) {
    for (const { decoder } of own.fitting(line)) {
      const by = all.taker(line)?.decoder;
      if (by === undefined || by === decoder) continue;
      const known = found.get(decoder);
      found.set(
        decoder,
        known === undefined ? { decoder, by, lines: 1, first: line } : { ...known, lines: known.lines + 1 },
      );
    }
  }
  return [...found.values()];
}
