/** `zopf explain`: why a rule fired on a line, and why one did not. */

export {
  explainLine,
  type LineExplanation,
  type RuleVerdict,
  rulesAbove,
  ruleVerdict,
} from "./explain.js";
export { explanationText, verdictText } from "./explain-text.js";
export { type DecoderAttempt, Recorder, type RuleAttempt } from "./recorder.js";
