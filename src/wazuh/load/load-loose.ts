import type { LoadedOssec } from "../../ossec/definitions.js";
import { type LooseFiles, type LooseReading, loadLooseAs } from "../../ossec/load/load-loose.js";
import { wazuh4 } from "../dialect.js";

/** Loads files without an installation, as {@link loadLoose} does OSSEC's. */
export function loadLooseWazuh(files: LooseFiles, reading: LooseReading = {}): LoadedOssec {
  return loadLooseAs(files, wazuh4, reading);
}
