/** Pre-decoding of lines (spec/ossec.md 4). */

export { ControlBytes, deleteControlBytes } from "./control-bytes.js";
export { LF, type LineBytes, lineBytes } from "./line-bytes.js";
export {
  type CutLine,
  cutLine,
  type Predecoded,
  type PredecodedLine,
  type PredecodeOptions,
  predecode,
} from "./predecode.js";
