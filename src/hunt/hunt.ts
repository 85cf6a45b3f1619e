import { textLog } from "../archive/line-columns.js";
import type { Diagnostic } from "../diagnostics/diagnostic.js";
import type { ReadingWatch } from "../files/reading-watch.js";
import type { Model } from "../model/model.js";
import { datesOf, type ReplayInput, type ReplayOutcome, replay } from "../replay/replay.js";
import type { TimelineEvent } from "../replay/timeline.js";
import type { ArchivedRows } from "../replay/zeek-source.js";
import { PRIVATE_ADDRESS_SPACE } from "../zeek/values/local-nets.js";
import { clickhouseName } from "./clickhouse-store.js";
import { codes } from "./codes.js";
import { linesLog } from "./columns.js";
import type { TimeRange } from "./foreign.js";
import { everyLine, HuntedLines, type LineCounts } from "./lines.js";
import type { Names } from "./names.js";
import { engineFailure, openStore } from "./open-store.js";
import type { Place } from "./place.js";
import { Hunt, type HuntCounts } from "./prepare.js";
import { type Store, StoreError } from "./store.js";
import { type Varied, vary } from "./vary.js";

export interface HuntInput {
  /** One, or one that holds Zeek's rows and one that holds lines. */
  readonly places: readonly Place[];
  readonly names: Names;
  readonly range: TimeRange;
  /** All that the replay of the rows needs. */
  readonly replay: Omit<ReplayInput, "zeek" | "syslog" | "archive" | "watch">;
  /** Names of the detections that are hunted; empty: all of the bundle. */
  readonly detections: readonly string[];
  readonly exactCaps: boolean;
  readonly maxRows: number;
  /** Seconds; null: as long as it takes. */
  readonly timeLimit: number | null;
  /** Thresholds that are tried, one after the other; empty: the bundle's own. */
  readonly vary: readonly number[];
  readonly watch?: ReadingWatch;
  readonly onQuery?: (purpose: string, sql: string) => void;
  readonly onProgress?: (what: string) => void;
  /** Gets what stops the hunt, on the server too. */
  readonly onStart?: (stop: () => void) => void;
}

export interface HuntOutcome {
  readonly diagnostics: readonly Diagnostic[];
  /** In order; empty where the hunt failed: half an answer is none. */
  readonly events: readonly TimelineEvent[];
  readonly counts: (HuntCounts & { readonly lines: LineCounts | null }) | null;
  readonly varied: readonly Varied[];
  readonly why: ReplayOutcome["why"];
  readonly ok: boolean;
}

/** Plays a bundle over an archive: SQL proposes whom the replay has to look at (prepare.ts). */
export async function hunt(input: HuntInput): Promise<HuntOutcome> {
  const { places } = input;
  const failed = (...diagnostics: readonly Diagnostic[]): HuntOutcome => ({
    diagnostics,
    events: [],
    counts: null,
    varied: [],
    why: [],
    ok: false,
  });
  const model = chosen(input.replay.model, input.detections);
  if (model === null) {
    const known = input.replay.model.detections.map(({ name }) => name).join(", ");
    const span = {
      file: input.replay.model.detections[0]?.span.file ?? input.replay.model.name,
      line: 1,
      column: 1,
    };
    return failed(
      codes.place(span, `the bundle has no detection ${input.detections.join(", ")}`, `it has ${known}`),
    );
  }
  const limit = input.timeLimit;
  let isStopped = false;
  const engines: (() => void)[] = [];
  const stop = (): void => {
    isStopped = true;
    for (const engine of engines) engine();
  };
  const stopped = (name: string): HuntOutcome =>
    failed(
      codes.stopped(
        { file: name, line: 1, column: 1 },
        "stopped before the end: nothing is shown of half an answer",
        limit === null
          ? undefined
          : "narrow it with --from, --to or --detection, or allow more with --time-limit",
      ),
    );
  input.onStart?.(stop);
  const timer = limit === null ? null : setTimeout(stop, limit * 1000);
  const stores: Store[] = [];
  const diagnostics: Diagnostic[] = [];
  try {
    for (const place of places) {
      const opened = await openStore(place, {
        names: input.names,
        range: input.range,
        dates: datesOf(input.replay),
        watch: input.watch,
        onStart: (engine) => void engines.push(engine),
      });
      if (isStopped || !opened.ok) {
        if (opened.ok) stores.push(opened.store);
        return isStopped ? stopped(nameOf(place)) : failed(...diagnostics, ...opened.diagnostics);
      }
      stores.push(opened.store);
      engines.push(() => opened.store.interrupt());
      diagnostics.push(...opened.diagnostics);
    }
    const [first, ...more] = stores;
    if (first === undefined) throw new Error("bug in zopf: a hunt has a place");
    const parted = partsOf([first, ...more]);
    if ("severity" in parted) return failed(...diagnostics, parted);
    const outcome = await run(input, model, parted);
    return { ...outcome, diagnostics: [...diagnostics, ...outcome.diagnostics] };
  } catch (error) {
    if (!(error instanceof StoreError)) throw error;
    return error.isStopped ? stopped(error.place) : failed(...diagnostics, engineFailure(error));
  } finally {
    if (timer !== null) clearTimeout(timer);
    for (const store of stores) await store.close();
  }
}

/** What is hunted in; null: no place holds such a thing. */
interface Stores {
  readonly name: string;
  readonly first: Store;
  readonly rows: Store | null;
  readonly lines: Store | null;
}

/** Which store holds Zeek's rows, and which one lines. */
function partsOf(stores: readonly [Store, ...Store[]]): Stores | Diagnostic {
  const rows = stores.filter(({ found }) => found.some(({ log }) => log !== linesLog));
  const lines = stores.filter((store) => store.log(linesLog) !== undefined);
  for (const [several, what] of [
    [rows, "rows of Zeek's logs"],
    [lines, "lines of logs"],
  ] as const) {
    const [, second] = several;
    if (second !== undefined)
      return codes.place(
        { file: second.name, line: 1, column: 1 },
        `holds ${what}, and so does ${several[0]?.name}`,
        "give one place with rows of Zeek's, and one with lines: --on PLACE?table=NAME&log=lines",
      );
  }
  const name = stores.map((store) => store.name).join(" and ");
  return { name, first: stores[0], rows: rows[0] ?? null, lines: lines[0] ?? null };
}

const nameOf = (place: Place): string => (place.kind === "duckdb" ? place.path : clickhouseName(place));

async function run(input: HuntInput, model: Model, stores: Stores): Promise<HuntOutcome> {
  const own = model.zeek?.localNets ?? [];
  const hunting = new Hunt({
    store: stores.rows ?? stores.first,
    localNets: [...own, ...PRIVATE_ADDRESS_SPACE],
    exactCaps: input.exactCaps || input.replay.why === true,
    maxRows: input.maxRows,
    ...(input.onQuery === undefined ? {} : { onQuery: input.onQuery }),
    ...(input.onProgress === undefined ? {} : { onProgress: input.onProgress }),
  });
  if (input.vary.length > 0) {
    const { ok, diagnostics, varied } = await vary({ ...input.replay, model }, input.vary, hunting);
    const counts = ok ? { ...hunting.counts(), lines: null } : null;
    return { ok, diagnostics, varied, counts, events: [], why: [] };
  }
  const lines =
    stores.lines === null
      ? null
      : new HuntedLines({
          store: stores.lines,
          whole: input.replay.why === true,
          maxRows: input.maxRows,
          onQuery: input.onQuery,
          onProgress: input.onProgress,
        });
  const hasRows = hunting.found.length > 0;
  const events: TimelineEvent[] = [];
  const { diagnostics, why, ok } = await replay(
    {
      ...input.replay,
      model,
      zeek: [],
      syslog: [],
      ...(hasRows && model.zeek !== null ? { archive: withNotices(hunting, stores.rows) } : {}),
      ...(lines === null ? {} : { lines }),
    },
    (event) => void events.push(event),
  );
  const unhunted = notHunted(model, stores.name, hasRows, lines !== null);
  return {
    diagnostics: [...unhunted, ...diagnostics],
    events: ok ? events : [],
    counts: { ...hunting.counts(), lines: lines?.counts() ?? null },
    varied: [],
    why,
    ok,
  };
}

/** The rows of a hunt, and the notices that stand in the archive: what the replay takes where it cannot evaluate. */
const withNotices = (hunting: Hunt, store: Store | null): ArchivedRows => ({
  found: hunting.found,
  prepare: (detections, window) => hunting.prepare(detections, window),
  notices(log) {
    const text = store?.log(textLog(log));
    return store === null || text === undefined ? null : everyLine(store, text);
  },
});

/** Says which detections read what the place does not hold. */
function notHunted(
  { detections }: Model,
  place: string,
  hasRows: boolean,
  hasLines: boolean,
): readonly Diagnostic[] {
  const missing = (kinds: readonly string[], what: string, help: string): readonly Diagnostic[] => {
    const [first, ...more] = detections.filter(({ kind }) => kinds.includes(kind));
    if (first === undefined) return [];
    const names = [first, ...more].map(({ name }) => name).join(", ");
    return [codes.unhunted(first.span, `not hunted: ${names} (${place} holds no ${what})`, help)];
  };
  return [
    ...(hasRows ? [] : missing(["zeek"], "rows of Zeek's", "name the table of Zeek's log")),
    ...(hasLines
      ? []
      : missing(["log", "iplog"], "lines of logs", "name a table of lines: --on PLACE?table=NAME&log=lines")),
  ];
}

/** The detections that are asked for; null: there is none of such a name. */
function chosen(model: Model, names: readonly string[]): Model | null {
  if (names.length === 0) return model;
  const known = new Set(model.detections.map(({ name }) => name));
  if (names.some((name) => !known.has(name))) return null;
  // Rules that stand behind those of Zeek's detections stay: they say what becomes of a notice.
  return {
    ...model,
    detections: model.detections.filter((one) => one.kind !== "zeek" || names.includes(one.name)),
  };
}
