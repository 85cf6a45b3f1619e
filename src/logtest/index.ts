/** What `zopf logtest` prints: ossec-logtest's text, alerts.log's format, JSON lines. */

export { LineCutter, lineLimit } from "../files/lines.js";
export { AlertWriter } from "./alert-text.js";
export { eventJson, groupNames } from "./event-json.js";
export { eventText, invitation, RuleDebugging } from "./event-text.js";
export { OutputPieces, type Sink } from "./output-pieces.js";
export { logtestProblems } from "./problems.js";
export { runPrompt } from "./prompt.js";
export { runStream } from "./run.js";
export { LogtestSession, type SessionOptions, type WrongControlLine } from "./session.js";
