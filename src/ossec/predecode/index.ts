/** Pre-decoding of lines (spec/ossec.md 4). */

export {
  type EngineVersion,
  type Predecoded,
  type PredecodedLine,
  type PredecodeOptions,
  predecode,
} from "./predecode.js";
