/** Which rules and decoders lines reached. */
import type { LoadedOssec } from "../ossec/definitions.js";
import { spanOf } from "../ossec/xml/source.js";
import { isBuiltIn } from "./elements.js";
import { type LineFacts, siblingLines } from "./lines.js";

export interface CoveredThing {
  readonly kind: "rule" | "decoder";
  readonly name: string;
  readonly file: string;
  readonly line: number;
  /** Lines in which it matched. */
  readonly matched: number;
  /** Rules: lines for which it was reported. */
  readonly reported: number;
}

export interface UndecodedLine {
  readonly file: string;
  readonly line: number;
  readonly text: string;
}

/** A rule that was never reported although its conditions held: siblings were tried before it. */
export interface LostRule {
  readonly rule: number;
  readonly file: string;
  readonly line: number;
  /** Log lines that it would have matched. */
  readonly lines: number;
  /** Who took them, the most frequent first. */
  readonly to: readonly { readonly rule: number; readonly lines: number }[];
}

export interface Coverage {
  readonly lines: number;
  readonly things: readonly CoveredThing[];
  /** Lines that no decoder took. */
  readonly undecoded: readonly UndecodedLine[];
  /** Rules that matched but were never reported: a child, or a sibling before them, always won. */
  readonly neverReported: readonly string[];
  /** Rules that always lose to a sibling, as far as {@link siblingLines} lines show it. */
  readonly lost: readonly LostRule[];
  /** How many lines were looked at for that. */
  readonly lostLines: number;
}

export function coverageOf(loaded: LoadedOssec, facts: LineFacts): Coverage {
  const things: CoveredThing[] = [];
  for (const rule of loaded.rules) {
    const { place } = loaded.written.rule(rule);
    if (isBuiltIn(place)) continue;
    const { file, line } = spanOf(place);
    things.push({
      kind: "rule",
      name: String(rule.id),
      file,
      line,
      matched: facts.matched.get(rule) ?? 0,
      reported: facts.reported.get(rule) ?? 0,
    });
  }
  for (const decoder of loaded.decoders.all) {
    const { file, line } = spanOf(loaded.written.decoder(decoder).place);
    const matched = facts.decoders.get(decoder) ?? 0;
    things.push({ kind: "decoder", name: decoder.name, file, line, matched, reported: matched });
  }
  const undecoded = facts.events
    .filter(({ event }) => event.kind !== "ignored" && event.decoder === null)
    .map(({ source, start, line }) => ({
      file: source.file,
      line: spanOf({ source, start, end: start }).line,
      text: line,
    }));
  const neverReported = things
    .filter(({ kind, matched, reported }) => kind === "rule" && matched > 0 && reported === 0)
    .map(({ name }) => name);
  const lost = loaded.rules.flatMap((rule): readonly LostRule[] => {
    const winners = facts.lost.get(rule);
    if (winners === undefined) return [];
    const to = [...winners]
      .map(([{ id }, lines]) => ({ rule: id, lines }))
      .sort((one, other) => other.lines - one.lines || one.rule - other.rule);
    const { file, line } = spanOf(loaded.written.rule(rule).place);
    return [{ rule: rule.id, file, line, lines: to.reduce((sum, { lines }) => sum + lines, 0), to }];
  });
  const lines = facts.events.length;
  return { lines, things, undecoded, neverReported, lost, lostLines: Math.min(lines, siblingLines) };
}
