/** A compiled bundle against logs: the same replay as the command's, told piece by piece. */
import type { NearMiss } from "../../../src/detections/index.js";
import type { ReadingWatch } from "../../../src/files/reading-watch.js";
import { replay } from "../../../src/replay/replay.js";
import type { TimelineEvent } from "../../../src/replay/timeline.js";
import type { CompiledHost } from "./bundle.js";
import { utf8 } from "./bytes.js";
import { mostEvents, type ReplayOutcome, type ReplayProgress, type ShownEvent } from "./replay-shown.js";

function textOf(event: TimelineEvent): string {
  switch (event.kind) {
    case "notice":
      return `${event.note}: ${event.message}`;
    case "alert":
      return `rule ${event.rule} (level ${event.level}) ${event.description}`;
    case "block":
      return `blocked in ${event.table}${event.entry === undefined ? "" : ` as ${event.entry}`}, for rule ${event.rule}: ${event.command.join(" ")}`;
    case "unblock":
      return event.heldBy === undefined
        ? `unblocked in ${event.table}: ${event.command.join(" ")}`
        : `no longer blocked; ${event.heldBy} others hold ${event.entry ?? "its entry"} in ${event.table}`;
    case "refused":
      return `not blocked, for rule ${event.rule}: ${event.reason}`;
    case "response":
      return `${event.action}: ${event.script} ${event.command.join(" ")}`;
  }
}

const shown = (event: TimelineEvent): ShownEvent => ({
  kind: event.kind,
  time: event.time,
  detection: event.detection,
  source: event.source,
  text: utf8(textOf(event)),
  line: event.kind === "notice" || event.kind === "alert" ? utf8(event.line) : null,
  until: event.kind === "block" ? event.until : null,
});

const nearText = ({ count, threshold }: NearMiss): string => `${count} of ${threshold}`;

export interface ReplayHooks {
  readonly tell: (progress: ReplayProgress) => void;
  readonly stopped: () => boolean;
  /** Milliseconds. */
  readonly clock: () => number;
}

/** A page is told how far it is so often, in milliseconds. */
const everySo = 200;

/**
 * @param zeek - names of Zeek's logs
 * @param syslog - names of other logs
 */
export async function runReplay(
  { model, files }: CompiledHost,
  zeek: readonly string[],
  syslog: readonly string[],
  size: number,
  { tell, stopped, clock }: ReplayHooks,
): Promise<void> {
  let read = 0;
  let kept = 0;
  let fresh: ShownEvent[] = [];
  const counts: Record<string, number> = {};
  let last = clock();
  const progress = (outcome: ReplayOutcome | null): void => {
    tell({ done: outcome !== null, read, size, counts: { ...counts }, events: fresh, outcome });
    fresh = [];
    last = clock();
  };
  const watch: ReadingWatch = {
    expect: () => undefined,
    read(bytes) {
      read += bytes;
      if (clock() - last > everySo) progress(null);
    },
    stopped,
  };
  const input = {
    model,
    files,
    zeek,
    syslog,
    ossec: null,
    engine: null,
    year: null,
    reorder: null,
    timeZone: "UTC",
    nearMisses: true,
    show: (path: string) => path,
  };
  const result = await replay({ ...input, watch }, (event) => {
    counts[event.kind] = (counts[event.kind] ?? 0) + 1;
    if (kept >= mostEvents) return;
    kept += 1;
    fresh.push(shown(event));
  });
  const again =
    result.silent.length === 0 || stopped()
      ? []
      : (await replay({ ...input, why: true, most: beginning }, () => undefined)).why;
  progress({
    nearMisses: result.nearMisses.slice(0, 500).map((near) => ({
      detection: near.detection,
      key: near.source,
      text: nearText(near),
    })),
    silent: result.silent,
    why: again
      .filter(({ detection }) => result.silent.includes(detection))
      .map(({ detection, cause }) => ({ detection, message: cause.message, help: cause.help })),
    diagnostics: result.diagnostics.map(({ severity, code, message, file }) => ({
      severity,
      code,
      message: `${file}: ${message}`,
    })),
  });
}

/** So much is looked at once more for silent detections. */
const beginning = { rows: 100_000, lines: 5_000 };
