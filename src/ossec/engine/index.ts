/** The run-time of OSSEC's analysis. */

export { createEngine, type Engine, type EngineOptions } from "./engine.js";
export type {
  AnalysedEvent,
  CrashCause,
  CrashedEvent,
  EngineEvent,
  IgnoredLine,
  PrintedField,
  SilencedBy,
} from "./event.js";
export { alertDate, type Clock, createClock, type LocalTime } from "./local-time.js";
export { patternProblems, type UnrunnablePattern } from "./patterns.js";
export type { CountedEvents, EngineTrace, FailedCondition } from "./trace.js";
