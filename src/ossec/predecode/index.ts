/** Pre-decoding of lines (spec/ossec.md 4). */

export { deleteControlBytes, hasControlByte } from "./control-bytes.js";
export {
  type CutLine,
  cutLine,
  type EngineVersion,
  type Predecoded,
  type PredecodedLine,
  type PredecodeOptions,
  predecode,
} from "./predecode.js";
