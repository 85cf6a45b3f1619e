/** Everything that happens until the engine is loaded (docs/reference/ossec.md#xml, #decoders, #loading-rules, #addresses, #configuration, #active-response, #config-check). */

export { latin1, type OssecSource, pathBelowHome, type Unreadable } from "../../files/ossec-source.js";
export { codes } from "./codes.js";
export { type LoadOptions, loadOssec } from "./load-home.js";
export {
  type LooseFile,
  type LooseFiles,
  type LooseOptions,
  type LooseReading,
  loadLoose,
  loadLooseAs,
} from "./load-loose.js";
export { type ProgramVerdict, programVerdict, stopsProgram } from "./problems.js";
export { builtInRootsFile, categoryRootsText } from "./roots.js";
