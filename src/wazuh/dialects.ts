import type { Dialect, DialectName } from "../ossec/dialect.js";
import { ossecDialects } from "../ossec/dialects.js";
import { wazuh4 } from "./dialect.js";

/** Every dialect by its name: what a cache entry keeps of one. */
export const dialects: Readonly<Record<DialectName, Dialect>> = { ...ossecDialects, wazuh4 };
