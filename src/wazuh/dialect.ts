/** Wazuh 4 (docs/reference/wazuh.md), where it is not OSSEC 4.3. */
import type { ComparedField } from "../ossec/definitions.js";
import type { Dialect } from "../ossec/dialect.js";
import { ossecDialects } from "../ossec/dialects.js";
import { compileWazuhPattern } from "./patterns/index.js";

const ossec = ossecDialects["4.3"];

export const wazuh4: Dialect = {
  ...ossec,
  name: "wazuh4",
  compilePattern: compileWazuhPattern,
  // An older state of OSSEC's reader (docs/reference/wazuh.md#xml-reader).
  xml: {
    declaration: "text",
    tooDeep: "error",
    sizeLimit: 20480,
    attributeLimit: 49,
    parenthesis: "text",
  },
  engine: {
    ...ossec.engine,
    comparesDifferent: new Set<ComparedField>([
      "srcip",
      "dstip",
      "srcport",
      "dstport",
      "srcuser",
      "dstuser",
      "id",
      "protocol",
      "action",
      "url",
      "data",
      "extradata",
      "status",
      "systemname",
      "srcgeoip",
      "dstgeoip",
      "location",
    ]),
  },
};
