import type { OssecModel } from "../../model/model.js";
import type { Dialect } from "../../ossec/dialect.js";
import { ossecDialects } from "../../ossec/dialects.js";
import { wazuh4 } from "../../wazuh/dialect.js";

/** How the engine that a bundle is for reads its files and lines. */
export function dialectOf(ossec: OssecModel): Dialect {
  return ossec.dialect === "ossec" ? ossecDialects[ossec.version] : wazuh4;
}
