/** All of Wazuh's recorded answers, a family a kind, for the tests and `npm run conformance`. */
import type { Verdict } from "./ossec-oracle.js";
import { wazuhIniCases, wazuhSessions } from "./wazuh-events.js";
import { wazuhLists, wazuhLogtestTexts } from "./wazuh-logtest.js";
import { wazuhRecords } from "./wazuh-oracle.js";
import {
  wazuhAddresses,
  wazuhAnswerText,
  wazuhJsonDecoder,
  wazuhPatterns,
} from "./wazuh-pattern-families.js";
import { wazuhPredecode } from "./wazuh-predecode.js";
import { wazuhResponses } from "./wazuh-responses.js";
import { wazuhVerdicts } from "./wazuh-verdicts.js";

/** Its home is too large for a copy. */
export const familiesOfStock: ReadonlySet<string> = new Set(["wazuhIniCases"]);

export const wazuhFamilies: Readonly<Record<string, () => readonly Verdict[]>> = {
  wazuhAddresses,
  wazuhAnswerText,
  wazuhJsonDecoder,
  wazuhLists,
  wazuhLogtestTexts,
  wazuhPatterns,
  wazuhIniCases: () => wazuhIniCases(wazuhRecords("ini_cases.json")),
  wazuhDecoders: () => wazuhSessions("wazuh decoder_probes", wazuhRecords("decoder_probes.json")),
  wazuhRules: () => wazuhSessions("wazuh rule_probes", wazuhRecords("rule_probes.json")),
  wazuhSequences: () => wazuhSessions("wazuh sequences", wazuhRecords("sequences.json")),
  wazuhResponses,
  wazuhVerdicts,
  wazuhPredecode: () => wazuhPredecode(wazuhRecords("predecode.json")),
};
