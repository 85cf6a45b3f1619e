/** How decoders are written in a dialect, as data. OSSEC's is in ossec-decoders.ts, Wazuh's in wazuh/load/. */
import type { XmlElement } from "../xml/document.js";
import type { DecoderReading } from "./decoder-reading.js";

/** Reads an element into the decoder that is read. */
export type DecoderElementReader = (reading: DecoderReading, child: XmlElement) => void;

export interface DecoderLanguage {
  /** Elements by their names in lower case. */
  readonly elements: ReadonlyMap<string, DecoderElementReader>;
  /** Elements whose letter case counts. */
  readonly exactElements: ReadonlyMap<string, DecoderElementReader>;
  /** The only attribute beside the name, in lower case; it has no effect. */
  readonly secondAttribute: string | null;
  /** Bytes: of a first value at most, and of all values of a name together with one more. */
  readonly textLimits: { readonly first: number; readonly joined: number };
  /** A regex of which the engine keeps no captures. */
  readonly withoutCaptures: "refused" | "loaded";
  /** In a chain a plugin decoder may stand where a regex may. */
  readonly pluginsInChains: boolean;
  /** Decoders that are known without a file. */
  readonly builtInNames: readonly string[];
  /** What is asked of a decoder when all its elements are read, beyond what every dialect asks. */
  readonly check: (reading: DecoderReading) => void;
}
