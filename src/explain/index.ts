/** `zopf explain`: why a rule fired on a line, and why one did not. */

export { type DecoderFate, type DecoderReport, decodersOf } from "./decoders.js";
export {
  explainLine,
  type LineExplanation,
  type RuleVerdict,
  rulesAbove,
  ruleVerdict,
  type WatchedLine,
  watchLine,
} from "./explain.js";
export { explanationJson, verdictJson } from "./explain-json.js";
export { explanationText, verdictText } from "./explain-text.js";
export { type Original, Originals, originalOf, type Pasted } from "./original.js";
export type { OwnDefinitions } from "./own.js";
export { type DecoderAttempt, Recorder, type RuleAttempt } from "./recorder.js";
export { type Explained, type ExplainOptions, explain } from "./run.js";
