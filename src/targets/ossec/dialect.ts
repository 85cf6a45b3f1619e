import type { EngineVersion, OssecModel } from "../../model/model.js";
import type { Dialect } from "../../ossec/dialect.js";
import { ossecDialects } from "../../ossec/dialects.js";
import { wazuh4 } from "../../wazuh/dialect.js";

/**
 * How the engine that a bundle is for reads its files and lines.
 *
 * @param version - another version of OSSEC than the bundle's; Wazuh has one dialect
 */
export function dialectOf(ossec: OssecModel, version: EngineVersion | null = null): Dialect {
  return ossec.dialect === "ossec" ? ossecDialects[version ?? ossec.version] : wazuh4;
}
