import { foundRecords } from "./found-records.js";
import { goldenSession, predecode, probes, sequences, verdictEvents } from "./ossec-families.js";
import type { JsonObject, Verdict } from "./ossec-oracle.js";
import { loadVerdicts } from "./ossec-pattern-families.js";

/** The comparisons of a record that a clone has. */
export function recordedVerdicts(family: string, record: JsonObject): readonly Verdict[] {
  switch (family) {
    case "predecode":
      return predecode([record]);
    case "probes":
      return probes([record]);
    case "sequences":
      return sequences([record]);
    case "verdicts":
      return [...loadVerdicts([record]), ...verdictEvents([record])];
    case "found":
      return foundRecords([record]);
    case "session":
      return goldenSession(record);
    default:
      return [];
  }
}
