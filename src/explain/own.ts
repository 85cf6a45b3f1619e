/** Which decoders and rules are the reader's own: those that did not come with the system. */
import { isBuiltIn } from "../lint/elements.js";
import { stockContent } from "../lint/stock.js";
import type { DecoderDefinition, LoadedOssec, RuleDefinition } from "../ossec/definitions.js";
import type { SourceRange } from "../ossec/xml/source.js";

export interface OwnDefinitions {
  readonly decoders: readonly DecoderDefinition[];
  readonly rules: readonly RuleDefinition[];
}

const isLocalFile = ({ source: { file } }: SourceRange): boolean =>
  (file.slice(file.lastIndexOf("/") + 1) || file).startsWith("local");

/** What OSSEC's text does not have; where nothing is OSSEC's, what stands in local files; else everything. */
function ownOf<T>(
  all: readonly T[],
  placeOf: (one: T) => SourceRange,
  isStock: (place: SourceRange) => boolean,
): readonly T[] {
  const written = all.filter((one) => !isBuiltIn(placeOf(one)));
  const strangers = written.filter((one) => !isStock(placeOf(one)));
  if (strangers.length < written.length) return strangers;
  const local = written.filter((one) => isLocalFile(placeOf(one)));
  return local.length > 0 ? local : written;
}

/** Worked out once a configuration. */
const known = new WeakMap<LoadedOssec, OwnDefinitions>();

export function ownDefinitions(loaded: LoadedOssec): OwnDefinitions {
  let own = known.get(loaded);
  if (own === undefined) {
    const { written } = loaded;
    const { isShipped } = loaded.dialect.loading;
    const stock = stockContent(loaded);
    const isStock = (place: SourceRange): boolean => stock.isStock(place) || isShipped(place.source.file);
    own = {
      decoders: ownOf(loaded.decoders.all, (one) => written.decoder(one).place, isStock),
      // An overwrite of a stock rule is the reader's.
      rules: ownOf(
        loaded.rules,
        (rule) => {
          const source = written.rule(rule);
          return (source.overwrites.at(-1) ?? source).place;
        },
        isStock,
      ),
    };
    known.set(loaded, own);
  }
  return own;
}
