import { showPath } from "./cli/command.js";
import { compileBundles } from "./compiler/compile.js";
import { selectAnalysis } from "./compiler/select-target.js";
import type { NearMiss, NearMissesLeftOut } from "./detections/index.js";
import type { Diagnostic } from "./diagnostics/diagnostic.js";
import type { TimelineEvent } from "./replay/timeline.js";

export type { NearMiss, NearMissesLeftOut } from "./detections/index.js";
export type { Diagnostic } from "./diagnostics/diagnostic.js";
export type {
  AlertEvent,
  BlockEvent,
  NoticeEvent,
  RefusedEvent,
  TimelineEvent,
  UnblockEvent,
} from "./replay/timeline.js";

/** What `replay` is given; paths as for `zopf replay`. */
export interface ReplayRequest {
  /** The bundle's file. */
  readonly bundle: string;
  /** Zeek logs and folders of them. */
  readonly zeek?: readonly string[];
  /** Files of lines that OSSEC reads. */
  readonly syslog?: readonly string[];
  /** An OSSEC home whose rules stand around the bundle's own. */
  readonly ossec?: string;
  readonly engine?: "4.3" | "3.8" | "3.7";
  /** Which of several hosts that stand alone; see `zopf replay --target`. */
  readonly target?: string;
  /** The year of dates that have none. */
  readonly year?: number;
  /** When lines count as written that have no date, and no dated line beside them; epoch seconds. */
  readonly assumeDate?: number;
}

export interface ReplayResult {
  /** What happened, in order: notices, alerts, blocks, unblocks, refused blocks. */
  readonly events: readonly TimelineEvent[];
  /** Keys that stayed below a threshold, closest first, at most 100 of a detection. */
  readonly nearMisses: readonly NearMiss[];
  /** How many more there were, of the detections with more. */
  readonly nearMissesLeftOut: readonly NearMissesLeftOut[];
  readonly diagnostics: readonly Diagnostic[];
}

/** The bundle does not compile, or a log cannot be read: `diagnostics` say why. */
export class ReplayError extends Error {
  readonly diagnostics: readonly Diagnostic[];
  constructor(diagnostics: readonly Diagnostic[]) {
    super(
      diagnostics
        .filter(({ severity }) => severity === "error")
        .map(({ file, line, column, message }) => `${file}:${line}:${column} ${message}`)
        .join("\n"),
    );
    this.name = "ReplayError";
    this.diagnostics = diagnostics;
  }
}

/**
 * Plays logs through a bundle's whole chain, for a test runner of your own:
 *
 *     const { events } = await replay({ bundle: "perimeter.zopf.ts", zeek: ["conn.log"] });
 *
 * Rejects with a {@link ReplayError} where `zopf replay` would exit with 2.
 */
export async function replay(request: ReplayRequest): Promise<ReplayResult> {
  const compiled = await compileBundles([request.bundle], { show: showPath, cache: true });
  const selected = selectAnalysis(compiled.bundles, request.target ?? null, showPath);
  if (!compiled.ok || !selected.ok) throw new ReplayError([...compiled.diagnostics, ...selected.diagnostics]);
  const { bundle } = selected;
  const { replay: run } = await import("./replay/replay.js");
  const events: TimelineEvent[] = [];
  const outcome = await run(
    {
      model: bundle.model,
      files: bundle.files,
      zeek: request.zeek ?? [],
      syslog: request.syslog ?? [],
      ossec: request.ossec ?? null,
      engine: request.engine ?? null,
      year: request.year ?? null,
      assumeDate: request.assumeDate ?? null,
      reorder: null,
      timeZone: process.env.TZ,
      nearMisses: true,
      show: showPath,
    },
    (event) => {
      if (request.target !== undefined && "target" in event && event.target !== request.target) return;
      events.push(event);
    },
  );
  const diagnostics = [...compiled.diagnostics, ...outcome.diagnostics];
  if (!outcome.ok) throw new ReplayError(diagnostics);
  const { nearMisses, nearMissesLeftOut } = outcome;
  return { events, nearMisses, nearMissesLeftOut, diagnostics };
}
