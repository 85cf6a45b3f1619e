/** What stands in the playground: texts of the editors, and which engine reads them. */
import type { DialectName } from "../../../src/ossec/dialect.js";

/** Engines in the order in which they are offered. */
export const engineNames = ["4.3", "3.8", "3.7", "wazuh4"] as const satisfies readonly DialectName[];

export const engineTitles: Readonly<Record<DialectName, string>> = {
  "4.3": "OSSEC 4.3",
  "3.8": "OSSEC 3.8",
  "3.7": "OSSEC 3.7",
  wazuh4: "Wazuh 4",
};

/** Texts that are edited, as people write them. */
export interface Texts {
  readonly decoders: string;
  readonly rules: string;
  readonly conf: string;
  readonly lines: string;
}

export type EditorName = keyof Texts;

export interface PlaygroundInput extends Texts {
  readonly engine: DialectName;
}

/** A rule set from the reader's own disk: paths below the folder that was chosen, with `/`. */
export type RulesetFiles = ReadonlyMap<string, Uint8Array>;
