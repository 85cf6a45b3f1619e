/** Wazuh's pattern languages. */
export {
  compileWazuhPattern,
  knownWazuhPatterns,
  learnWazuhPatterns,
  type WazuhPatternSource,
} from "./compile.js";
