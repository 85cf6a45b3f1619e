/** Top-level decoders that are never tried successfully because an earlier one takes all their lines. */
import type { DecoderDefinition, DecoderNode, PatternDefinition } from "../ossec/definitions.js";
import { matchesWhatever } from "../ossec/patterns/inclusion.js";
import type { LintContext } from "./context.js";
import { implies } from "./tokens.js";

export interface ShadowedDecoder {
  readonly decoder: DecoderDefinition;
  readonly by: DecoderDefinition;
}

function given(
  context: LintContext,
  one: PatternDefinition | null,
  wanted: PatternDefinition | null,
  closely: boolean,
): boolean {
  if (wanted === null) return true;
  if (one === null) return false;
  if (one.language === wanted.language && one.text === wanted.text) return true;
  return (
    implies(context.alternativesOf(one), context.alternativesOf(wanted)) ||
    (closely && matchesWhatever(wanted, one))
  );
}

/** More decoders than this are compared only where they ask for the very same. */
const comparedDecoders = 1024;

const keyOf = ({ programName, prematch }: DecoderDefinition): string =>
  `${programName?.language ?? ""} ${programName?.text ?? ""}\n${prematch?.language ?? ""} ${prematch?.text ?? ""}`;

function look(context: LintContext, nodes: readonly DecoderNode[], found: ShadowedDecoder[]): void {
  const earlier: DecoderDefinition[] = [];
  const byKey = new Map<string, DecoderDefinition>();
  for (const { decoder } of nodes) {
    if (decoder.refused) continue;
    const { place } = context.written.decoder(decoder);
    const { source } = place;
    // What stands behind what among the stock decoders is nobody's business here.
    const closely = context.dialect === "ossec" && !context.stock.isStock(place);
    const known = (other: DecoderDefinition): boolean =>
      context.ordered || context.written.decoder(other).place.source.file === source.file;
    const same = byKey.get(keyOf(decoder));
    const by =
      same !== undefined && known(same)
        ? same
        : earlier.find(
            (other) =>
              known(other) &&
              given(context, decoder.programName, other.programName, closely) &&
              given(context, decoder.prematch, other.prematch, closely),
          );
    if (by !== undefined) found.push({ decoder, by });
    else {
      if (earlier.length < comparedDecoders) earlier.push(decoder);
      byKey.set(keyOf(decoder), decoder);
    }
  }
}

export function shadowedDecoders(context: LintContext): readonly ShadowedDecoder[] {
  const found: ShadowedDecoder[] = [];
  const { withProgramName, withoutProgramName } = context.loaded.decoders;
  look(context, withProgramName, found);
  look(context, withoutProgramName, found);
  return found;
}
