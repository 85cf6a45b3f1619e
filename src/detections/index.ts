export { fieldsWithoutColumn, isReplayedEvent } from "./binding.js";
export { createEngine, type DetectionEngine, type EngineOptions } from "./engine.js";
export type { ExampleRow, FieldValue, Funnel, FunnelStep, SeenValues } from "./funnel.js";
export { type ReplayedDetections, type ReplayOptions, replayDetections } from "./replay.js";
export type {
  CapacityNotice,
  DetectionNotice,
  DetectionOutput,
  DetectionSummary,
  NearMiss,
  NearMissesLeftOut,
  Origin,
  OwnLogRow,
  SuppressedHit,
} from "./types.js";
