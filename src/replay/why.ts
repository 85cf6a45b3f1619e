import type { DetectionSummary, Funnel, NearMiss } from "../detections/index.js";
import type { DetectionModel, Model, ZeekDetectionModel } from "../model/model.js";
import type { LineFunnel } from "./line-funnel.js";
import type { TimelineEvent } from "./timeline.js";
import { lineCause } from "./why-lines.js";
import { rowCause } from "./why-rows.js";

/** What kept a detection silent, or that nothing did: a stable word for programs. */
export type CauseName =
  | "fired"
  | "suppressed"
  // Zeek's logs.
  | "log-not-given"
  | "not-replayable"
  | "notices-taken"
  | "no-rows"
  | "column-missing"
  | "never-set"
  | "local-source"
  | "not-local"
  | "turned"
  | "condition"
  | "key-too-fine"
  | "same-value"
  | "window"
  | "below-threshold"
  | "table-full"
  // OSSEC.
  | "no-lines"
  | "no-decoder"
  | "other-decoder"
  | "rule-condition"
  | "other-rule"
  | "child-rule"
  | "silenced"
  | "rule-not-loaded"
  | "base-silent"
  | "base-not-loaded"
  | "burst-sources"
  // The response.
  | "no-response"
  | "refused";

/** Why nothing happened, or what happened. */
export interface Cause {
  readonly name: CauseName;
  /** What was found, with numbers. */
  readonly message: string;
  /** What to do about it; null: nothing is wrong. */
  readonly help: string | null;
}

/** Why a Zeek detection was not evaluated. */
export type Unplayed =
  | { readonly kind: "log-not-given"; readonly log: string; readonly given: readonly string[] }
  | { readonly kind: "not-replayable"; readonly reason: string }
  | { readonly kind: "notices-taken"; readonly file: string };

/** Rows on their way to a notice. */
export interface RowFunnel extends Funnel {
  /** Name of its log without `.log`. */
  readonly log: string;
  readonly event: string;
  /** Rows of that log that were read. */
  readonly rows: number;
  /** Columns that the log does not have, of those that the detection reads. */
  readonly lacking: readonly string[];
  readonly summary: DetectionSummary;
  /** The key that came closest without reaching the threshold; null: none was counted. */
  readonly best: NearMiss | null;
  /** A row limit ended the reading. */
  readonly isPart: boolean;
}

/** What happened behind a detection, by kind. */
export interface Happened {
  readonly notices: number;
  readonly alerts: number;
  readonly blocks: number;
  readonly refused: number;
  /** Why the last block was refused. */
  readonly refusal: string | null;
}

/** Everything that is known of why a detection did what it did. */
export interface Why extends Happened {
  readonly detection: string;
  readonly kind: DetectionModel["kind"];
  /** Nothing came of it: no notice of Zeek's, no alert of others, no line of a rule that silences. */
  readonly isSilent: boolean;
  readonly rows: RowFunnel | null;
  readonly lines: LineFunnel | null;
  readonly cause: Cause;
}

/** Counts what happens behind each detection. */
export class HappenedCounter {
  readonly #counts = new Map<string, { -readonly [name in keyof Happened]: Happened[name] }>();

  see(event: TimelineEvent): void {
    if (event.detection === null) return;
    let counts = this.#counts.get(event.detection);
    if (counts === undefined) {
      counts = { ...none };
      this.#counts.set(event.detection, counts);
    }
    if (event.kind === "notice") counts.notices += 1;
    else if (event.kind === "alert") counts.alerts += 1;
    else if (event.kind === "block") counts.blocks += 1;
    else if (event.kind === "refused") {
      counts.refused += 1;
      counts.refusal = event.reason;
    }
  }

  of(detection: string): Happened {
    return this.#counts.get(detection) ?? none;
  }
}

const none: Happened = { notices: 0, alerts: 0, blocks: 0, refused: 0, refusal: null };

/** A rule, or the rules of a group, behind which another one stands. */
export type RuleBase =
  | { readonly kind: "rule"; readonly id: number }
  | { readonly kind: "group"; readonly group: string };

/** What a replay has found out about its detections. */
export interface Found {
  readonly model: Model;
  readonly happened: HappenedCounter;
  readonly rows: ReadonlyMap<string, RowFunnel>;
  readonly unplayed: ReadonlyMap<string, Unplayed>;
  readonly lines: ReadonlyMap<string, LineFunnel>;
  /** Whether the rules that a burst counts are there. */
  readonly isLoaded: (base: RuleBase) => boolean;
  readonly isRuleLoaded: (id: number) => boolean;
  /** Lines were given to OSSEC beside the notices. */
  readonly hasLines: boolean;
  /** Zeek's logs were given. */
  readonly hasRows: boolean;
}

/** Why each detection of the bundle did what it did, in the bundle's order. */
export function whyOf(found: Found): readonly Why[] {
  return found.model.detections.map((detection) => {
    const { name, kind } = detection;
    const rows = found.rows.get(name) ?? null;
    const lines = found.lines.get(name) ?? null;
    const happened = found.happened.of(name);
    const cause = causeOf(found, detection, happened);
    const isSilent = cause.name !== "fired" && cause.name !== "suppressed" && !hasFired(detection, happened);
    return { detection: name, kind, ...happened, isSilent, rows, lines, cause };
  });
}

/** It did what it is there for; whether anybody was blocked is another matter. */
export function hasFired({ kind }: Pick<DetectionModel, "kind">, { notices, alerts }: Happened): boolean {
  return (kind === "zeek" ? notices : alerts) > 0;
}

function causeOf(found: Found, detection: DetectionModel, happened: Happened): Cause {
  const lines = found.lines.get(detection.name);
  if (detection.kind === "zeek") {
    if (happened.notices === 0) return zeekCause(found, detection);
    if (happened.alerts === 0) return lineCause(detection, lines, found);
  } else if (happened.alerts === 0) return lineCause(detection, lines, found);
  const stopped = responseCause(found.model, detection, happened);
  if (stopped !== null) return stopped;
  const hits = found.rows.get(detection.name)?.summary.hits ?? happened.notices;
  const suppressed = found.rows.get(detection.name)?.summary.suppressed ?? 0;
  if (suppressed > 0 && detection.kind === "zeek")
    return {
      name: "suppressed",
      message: `it fired: ${hits} hits, of which ${suppressed} gave no notice of their own since the same key had one within ${detection.suppress} s`,
      help: "notice: { suppress } sets that time",
    };
  return { name: "fired", message: "it fired", help: null };
}

function zeekCause(found: Found, detection: ZeekDetectionModel): Cause {
  const unplayed = found.unplayed.get(detection.name);
  if (unplayed !== undefined) return unplayedCause(unplayed);
  const log = detection.rows?.log ?? "conn";
  if (!found.hasRows) return unplayedCause({ kind: "log-not-given", log, given: [] });
  return rowCause(detection, found.rows.get(detection.name) ?? null, found.model.zeek?.localNets ?? []);
}

function unplayedCause(unplayed: Unplayed): Cause {
  switch (unplayed.kind) {
    case "log-not-given": {
      const { log, given } = unplayed;
      return {
        name: "log-not-given",
        message: `none of the given logs is ${log}.log; given: ${given.length === 0 ? "none of Zeek's" : given.map((one) => `${one}.log`).join(", ")}`,
        help: `give ${log}.log with --zeek, or the folder that holds it`,
      };
    }
    case "not-replayable":
      return {
        name: "not-replayable",
        message: unplayed.reason,
        help: "its silence means nothing here; give its notice log to see what it raised",
      };
    case "notices-taken":
      return {
        name: "notices-taken",
        message: `its notices are taken from ${unplayed.file}, and there are none of it`,
        help: "give the log that it looks at to have it evaluated anew",
      };
  }
}

/** An alert that leads to no block, where one of the bundle's responses blocks on it. */
function responseCause(model: Model, detection: DetectionModel, happened: Happened): Cause | null {
  if (happened.blocks > 0 || happened.refused === 0) return null;
  return {
    name: "refused",
    message: `${happened.refused} block${happened.refused === 1 ? " was" : "s were"} refused: ${happened.refusal ?? ""}`,
    help:
      model.responses.length === 0
        ? null
        : `neverBlock and OSSEC's white list protect addresses; "${detection.name}" itself fired`,
  };
}
