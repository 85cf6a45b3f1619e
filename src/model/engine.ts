import type { EngineVersion, OssecModel } from "./model.js";

/**
 * The engine that stands in for the bundle's: OSSEC's own version; for Wazuh the one that is nearest to what
 * docs/reference/wazuh.md#in-short says of it, since it keeps TABs and has no limit on the history of one rule.
 */
export function engineOf(ossec: OssecModel): EngineVersion {
  return ossec.dialect === "ossec" ? ossec.version : "3.7";
}
