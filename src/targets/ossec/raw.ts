import type { Model, RawModel } from "../../model/model.js";
import { ruleIdsOf } from "../../model/rule-ids.js";
import { decoderNames } from "./decoders.js";
import { xmlComment } from "./text.js";

/** The raw XML of a kind as it stands in its file; empty: there is none. */
export function rawText({ raw }: Model, kind: "decoders" | "rules"): string {
  return raw.flatMap((one) => rawPart(one, kind) ?? []).join("");
}

/** The part of one of them; null: it has none of that kind. */
export function rawPart(raw: RawModel, kind: "decoders" | "rules"): string | null {
  const text = raw[kind];
  return text === null ? null : `\n<!-- ${xmlComment(raw.name)}: raw XML. -->\n${text.trim()}\n`;
}

/** Rules that raw XML names and that nothing of the bundle defines. */
export function rawOutside(model: Model): {
  readonly rules: readonly number[];
  readonly groups: readonly string[];
  readonly decoders: readonly string[];
} {
  const ids = new Set(ruleIdsOf(model));
  const decoders = decoderNames(model);
  const groups = [
    ...model.detections.flatMap(({ rule }) => rule.groups),
    ...model.raw.flatMap((one) => one.groups),
  ];
  return {
    // Ids below 10 are the roots of the categories.
    rules: model.raw.flatMap(({ names }) => names.rules.filter((id) => id >= 10 && !ids.has(id))),
    groups: model.raw
      .flatMap(({ names }) => names.groups)
      .filter((group) => !groups.some((name) => name.includes(group)) && /^[\w, -]+$/.test(group)),
    decoders: model.raw
      .flatMap(({ names }) => names.decoders)
      .filter((name) => !decoders.has(name) && /^[\w .-]+$/.test(name)),
  };
}

/** Whether raw XML can be tried without a host's rules and decoders. */
export function rawStandsAlone(model: Model): boolean {
  const { rules, groups, decoders } = rawOutside(model);
  return rules.length + groups.length + decoders.length === 0;
}
