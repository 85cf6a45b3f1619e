/** Pre-decoding of lines (docs/reference/ossec.md#pre-decoding). */

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
