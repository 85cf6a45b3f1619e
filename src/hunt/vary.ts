import { replayDetections } from "../detections/replay.js";
import type { DetectionNotice } from "../detections/types.js";
import type { Diagnostic } from "../diagnostics/diagnostic.js";
import type { Model, ZeekDetectionModel, ZeekModel } from "../model/model.js";
import type { LoadedOssec } from "../ossec/definitions.js";
import { stopsProgram } from "../ossec/load/index.js";
import { Chain } from "../replay/chain.js";
import { loadOssecFor, type ReplayInput } from "../replay/replay.js";
import type { TimelineEvent } from "../replay/timeline.js";
import { archivedOptions, noticeToFeed, notReplayable } from "../replay/zeek-source.js";
import { effectiveLocalNets } from "../zeek/values/local-nets.js";
import { parseSubnet } from "../zeek/values/subnet.js";
import type { Hunt } from "./prepare.js";

/** What one threshold would have found, of one detection as if it were the only one. */
export interface Varied {
  readonly detection: string;
  readonly threshold: number;
  readonly notices: number;
  readonly suppressed: number;
  readonly sources: number;
  /** What OSSEC makes of its notices. */
  readonly alerts: number;
  readonly blocks: number;
}

/** A detection with one of the thresholds. */
interface Variant {
  readonly detection: ZeekDetectionModel;
  readonly threshold: number;
  /** Of its own, so that none holds back another's notices. */
  readonly note: string;
}

/** Every threshold is a detection of its own; the rows are fetched once, for the lowest. */
export async function vary(
  input: Pick<
    ReplayInput,
    "model" | "files" | "ossec" | "engine" | "loaded" | "show" | "reorder" | "timeZone"
  >,
  thresholds: readonly number[],
  hunting: Hunt,
): Promise<{
  readonly ok: boolean;
  readonly diagnostics: readonly Diagnostic[];
  readonly varied: readonly Varied[];
}> {
  const { model, timeZone, reorder } = input;
  const { zeek } = model;
  const loaded = input.loaded ?? loadOssecFor(input);
  const problems = loaded.problems.filter(stopsProgram);
  if (problems.length > 0 || zeek === null) return { ok: false, diagnostics: problems, varied: [] };
  const variants = model.detections
    .filter((one): one is ZeekDetectionModel => one.kind === "zeek" && notReplayable(one) === null)
    .flatMap((detection) =>
      thresholds.map(
        (threshold): Variant => ({ detection, threshold, note: `${detection.note} ${threshold}` }),
      ),
    );
  const played = variants.map(({ detection, threshold, note }) => ({
    ...detection,
    threshold,
    note,
    name: `${detection.name} ${threshold}`,
  }));
  const prepared = await hunting.prepare(played, reorder);
  if (!prepared.ok) return { ok: false, diagnostics: prepared.diagnostics, varied: [] };
  const found = new Map(
    variants.map((variant, i) => [
      played[i]?.name ?? "",
      new VariedChain(variant, zeek, { model, loaded, timeZone }),
    ]),
  );
  await replayDetections(
    {
      detections: played,
      noticeLog: zeek.noticeLog,
      localNets: effectiveLocalNets(zeek.localNets.flatMap((text) => parseSubnet(text) ?? [])),
      ...(reorder === null ? {} : { window: reorder }),
      ...archivedOptions(prepared),
    },
    (output) => {
      const chain = found.get(output.detection);
      if (output.kind === "suppressed") chain?.suppress();
      if (output.kind === "notice") chain?.feed(output);
    },
  );
  const varied = [...found.values()].map((chain) => chain.result());
  return { ok: true, diagnostics: prepared.diagnostics, varied };
}

interface VariedOptions {
  readonly model: Model;
  readonly loaded: LoadedOssec;
  readonly timeZone: string | undefined;
}

/** Counts what a variant's notices lead to. */
class VariedChain {
  readonly #variant: Variant;
  readonly #zeek: ZeekModel;
  readonly #options: VariedOptions;
  readonly #sources = new Set<string>();
  #chain: Chain | null = null;
  #notices = 0;
  #suppressed = 0;
  #alerts = 0;
  #blocks = 0;

  constructor(variant: Variant, zeek: ZeekModel, options: VariedOptions) {
    this.#variant = variant;
    this.#zeek = zeek;
    this.#options = options;
  }

  suppress(): void {
    this.#suppressed += 1;
  }

  feed(notice: DetectionNotice): void {
    this.#notices += 1;
    this.#sources.add(notice.source);
    const { note, detection } = this.#variant;
    // OSSEC reads the note that the bundle's rule is about.
    const line = notice.line.replace(note, () => detection.note);
    const fed = noticeToFeed(this.#zeek, { ...notice, note: detection.note, line }, notice.source).line;
    if (fed === null) return;
    this.#chain ??= new Chain(this.#options);
    this.#count(this.#chain.feed(fed, detection.name));
  }

  #count(events: readonly TimelineEvent[]): void {
    for (const { kind } of events) {
      if (kind === "alert") this.#alerts += 1;
      if (kind === "block") this.#blocks += 1;
    }
  }

  result(): Varied {
    const { detection, threshold } = this.#variant;
    return {
      detection: detection.name,
      threshold,
      notices: this.#notices,
      suppressed: this.#suppressed,
      sources: this.#sources.size,
      alerts: this.#alerts,
      blocks: this.#blocks,
    };
  }
}
