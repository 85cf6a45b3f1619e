/** Elements and attributes that an engine reads: what an editor offers. They come from the loaders themselves. */
import type { DialectName } from "../../../src/ossec/dialect.js";
import { dialectOf } from "./load.js";

export interface Words {
  readonly rules: readonly string[];
  readonly ruleAttributes: readonly string[];
  readonly decoders: readonly string[];
}

export function wordsOf(engine: DialectName): Words {
  const { rules, decoders } = dialectOf(engine);
  const sorted = (...names: readonly Iterable<string>[]): readonly string[] =>
    [...new Set(names.flatMap((some) => [...some]))].sort();
  return {
    rules: sorted(rules.elements.keys(), rules.exactElements.keys()),
    ruleAttributes: sorted(rules.attributes.keys()),
    decoders: sorted(decoders.elements.keys(), decoders.exactElements.keys()),
  };
}
