/** All of Wazuh's recorded answers, a family a kind, for the tests and `npm run conformance`. */
import type { Verdict } from "./ossec-oracle.js";
import { wazuhPatterns } from "./wazuh-pattern-families.js";

export const wazuhFamilies: Readonly<Record<string, () => readonly Verdict[]>> = {
  wazuhPatterns,
};
