/** What of a replay is shown: plain data. */
import type { TimelineEvent } from "../../../src/replay/timeline.js";

/** An event of the timeline, as the page shows it. */
export interface ShownEvent {
  readonly kind: TimelineEvent["kind"];
  /** Epoch seconds. */
  readonly time: number;
  readonly detection: string | null;
  readonly source: string | null;
  /** What happened, in words. */
  readonly text: string;
  /** The line behind it; null: there is none. */
  readonly line: string | null;
  /** Of a block: when it ends; null: never, or no block. */
  readonly until: number | null;
}

export interface ReplayProgress {
  readonly done: boolean;
  readonly read: number;
  readonly size: number;
  /** By kind, all of them. */
  readonly counts: Readonly<Record<string, number>>;
  /** Those since the last progress; of many the first are kept. */
  readonly events: readonly ShownEvent[];
  readonly outcome: ReplayOutcome | null;
}

export interface ReplayOutcome {
  readonly nearMisses: readonly ShownNearMiss[];
  readonly silent: readonly string[];
  /** Why the silent ones were so. */
  readonly why: readonly {
    readonly detection: string;
    readonly message: string;
    readonly help: string | null;
  }[];
  readonly diagnostics: readonly {
    readonly severity: string;
    readonly code: string;
    readonly message: string;
  }[];
}

export interface ShownNearMiss {
  readonly detection: string;
  readonly key: string;
  readonly text: string;
}

/** More are counted, not kept. */
export const mostEvents = 20_000;
