import { armedDetections } from "../compiler/link/responses.js";
import type { Valued } from "../detections/binding.js";
import { replayDetections } from "../detections/replay.js";
import type { DetectionSummary } from "../detections/types.js";
import type { Diagnostic } from "../diagnostics/diagnostic.js";
import { fileStatus } from "../files/file-status.js";
import { type ReadingWatch, sizeOf } from "../files/reading-watch.js";
import type { Model, ZeekDetectionModel, ZeekModel } from "../model/model.js";
import { stopsProgram } from "../ossec/load/index.js";
import { threadReading } from "../replay/reading-thread.js";
import { type ReplayInput, replay, silences } from "../replay/replay.js";
import type { Why } from "../replay/why.js";
import { filesByLog, notReplayable, type ReorderWindow } from "../replay/zeek-source.js";
import type { EmittedFile } from "../targets/file.js";
import { loadGenerated } from "../targets/generated.js";
import { areRotated, findLogs } from "../zeek/logs/find.js";
import { effectiveLocalNets } from "../zeek/values/local-nets.js";
import { parseSubnet } from "../zeek/values/subnet.js";
import { createBlocking } from "./blocking.js";
import { codes } from "./codes.js";
import { type Counted, createTuning } from "./counting.js";
import type { KnownList } from "./lists.js";
import { mostThreshold, type Setting, settingsOf, type Variation } from "./settings.js";

export interface TuneInput {
  readonly model: Model;
  readonly files: readonly EmittedFile[];
  readonly zeek: readonly string[];
  readonly variation: Variation;
  /** The only one to tune; null: every one that can be replayed. */
  readonly detection: string | null;
  readonly knownGood: KnownList | null;
  readonly knownBad: KnownList | null;
  readonly reorder: ReorderWindow | null;
  /** Whether to say of all detections, in another pass, what became of the rows; else of those without a notice. */
  readonly why: boolean;
  /** Whether each setting is compared with the bundle's own, source by source (default false). */
  readonly compare?: boolean;
  /** Follows the reading; where it stops it, the numbers are those of a part, and `partial` says so. */
  readonly watch?: ReadingWatch | undefined;
  readonly show: (path: string) => string;
}

/** What one setting does. */
export interface TunedSetting extends Setting {
  /** Sources with a notice. */
  readonly noticed: number;
  /** Those of them that would be blocked. */
  readonly blocked: number;
  /** Those of the blocked that are on the lists, or of the noticed where nothing blocks; null without a list. */
  readonly knownGood: readonly string[] | null;
  readonly knownBad: readonly string[] | null;
  /** Against the bundle's own setting, where that was asked for and is among those that were tried. */
  readonly against?: { readonly added: SomeSources; readonly lost: SomeSources };
}

/** Sources, of many only the first ones. */
export interface SomeSources {
  readonly count: number;
  readonly some: readonly string[];
}

export interface TunedDetection {
  readonly detection: string;
  /** Whether a response of the bundle blocks on its notices. */
  readonly blocks: boolean;
  /** As the bundle has it. */
  readonly own: Setting;
  /** Events that passed `where`. */
  readonly counted: number;
  readonly settings: readonly TunedSetting[];
}

export interface TuneOutcome {
  readonly detections: readonly TunedDetection[];
  /** With the bundle's own threshold and window. */
  readonly why: readonly Why[];
  readonly diagnostics: readonly Diagnostic[];
  readonly ok: boolean;
}

/** How many sources each setting of a detection would block, in one pass over the logs (see `createTuning`). */
export async function tune(input: TuneInput): Promise<TuneOutcome> {
  const { model } = input;
  const diagnostics: Diagnostic[] = [];
  const failed = (...more: readonly Diagnostic[]): TuneOutcome => ({
    detections: [],
    why: [],
    diagnostics: [...diagnostics, ...more],
    ok: false,
  });
  const chosen = choose(input);
  diagnostics.push(...chosen.diagnostics);
  if (model.zeek === null || chosen.detections.length === 0) return failed();
  const loaded = loadGenerated(model, input.files);
  const broken = loaded.problems.filter(stopsProgram);
  if (broken.length > 0) return failed(...broken);

  const found = await findLogs(input.zeek);
  diagnostics.push(...found.diagnostics);
  const conn = found.logs.filter(({ log, inFolder }) => log === "conn" || (log === undefined && !inFolder));
  const [first] = found.logs;
  const logs = filesByLog(found.logs.filter(({ log }) => log !== "conn"));
  const given = chosen.detections.filter(({ rows }) =>
    rows === null || rows.log === "conn" ? conn.length > 0 : logs.has(rows.log),
  );
  if (given.length === 0) {
    const wanted = [...new Set(chosen.detections.map(({ rows }) => `${rows?.log ?? "conn"}.log`))].join(", ");
    return first === undefined
      ? failed()
      : failed(
          codes.detection(
            { file: first.file, line: 1, column: 1 },
            `none of the given logs is ${wanted}, from which detections are counted anew`,
          ),
        );
  }
  const zeek = model.zeek;
  const localNets = effectiveLocalNets(zeek.localNets.flatMap((text) => parseSubnet(text) ?? []));
  const play = (work: readonly Work[], separate: Separate): ReturnType<typeof pass> =>
    pass(work, separate, zeek, {
      conn: conn.map(({ file }) => file),
      logs,
      localNets,
      reading: { place: threadReading, siteNets: zeek.localNets },
      trace: areRotated(conn) ? "live" : "offline",
      ...(input.reorder === null ? {} : { window: input.reorder }),
      ...(input.watch === undefined ? {} : { watch: input.watch }),
    });
  const isStopped = (): boolean => input.watch?.stopped() === true;

  const work = given.map(
    (detection): Work => ({
      detection,
      settings: settingsOf(input.variation, {
        threshold: detection.threshold,
        window: detection.window.seconds,
      }),
    }),
  );
  const readFiles = [...conn.map(({ file }) => file), ...[...logs.values()].flat()];
  input.watch?.expect(sizeOf(readFiles));
  const done = await play(work, new Map());
  diagnostics.push(...done.diagnostics);
  const again = work.filter(({ detection }) => (done.counted.get(detection.name)?.unproved().size ?? 0) > 0);
  let second: Awaited<ReturnType<typeof pass>> | null = null;
  if (again.length > 0 && !isStopped()) {
    input.watch?.expect(sizeOf(readFiles));
    const once = found.logs.find(({ file }) => file === "-" || !isFile(file));
    if (once !== undefined)
      return failed(
        codes.again(
          { file: once.file, line: 1, column: 1 },
          "more sources at a time than one pass can tell apart exactly, and this input cannot be read twice",
          "give the log as a file",
        ),
      );
    second = await play(
      again,
      new Map(again.map(({ detection }) => [detection.name, done.counted.get(detection.name)?.unproved()])),
    );
  }
  const detections = work.map(({ detection, settings }): TunedDetection => {
    const blocking = createBlocking(model, detection, loaded, localNets);
    const unproved = done.counted.get(detection.name)?.unproved();
    const blocks = isBlocked(model, detection);
    const own: Setting = { threshold: detection.threshold, window: detection.window.seconds };
    const of = (setting: Setting) => {
      const from = unproved?.has(setting.window) === true ? second : done;
      const reached = from?.counted.get(detection.name)?.reached(setting) ?? [];
      const noticed = new Map(reached.map((one) => [blocking.sourceOf(one), one]));
      const blocked = [...noticed].flatMap(([source, one]) => (blocking.blocks(one) ? [source] : []));
      return {
        noticed: noticed.size,
        blocked: blocked.length,
        sources: blocks ? blocked : [...noticed.keys()],
      };
    };
    const isOwn = ({ threshold, window }: Setting): boolean =>
      threshold === own.threshold && window === own.window;
    const now = input.compare === true && settings.some(isOwn) ? new Set(of(own).sources) : null;
    return {
      detection: detection.name,
      blocks,
      own,
      counted: done.summaries.find((one) => one.detection === detection.name)?.counted ?? 0,
      settings: settings.map((setting) => {
        const { sources, ...numbers } = of(setting);
        const among = (list: KnownList | null): readonly string[] | null =>
          list === null ? null : sources.filter((source) => list.has(source)).sort();
        return {
          ...setting,
          ...numbers,
          knownGood: among(input.knownGood),
          knownBad: among(input.knownBad),
          ...(now === null ? {} : { against: compared(now, sources) }),
        };
      }),
    };
  });
  if (isStopped())
    diagnostics.push(
      codes.partial(
        { file: first?.file ?? "", line: 1, column: 1 },
        "stopped before the end: the numbers are those of a part",
      ),
    );
  const why = isStopped() ? [] : await whyOf(input, detections);
  return { detections, why, diagnostics, ok: !diagnostics.some(({ severity }) => severity === "error") };
}

/** Sources that are named, at most. */
const mostNamed = 30;

function compared(own: ReadonlySet<string>, sources: readonly string[]): TunedSetting["against"] {
  const there = new Set(sources);
  const some = (all: readonly string[]): SomeSources => ({
    count: all.length,
    some: [...all].sort().slice(0, mostNamed),
  });
  return {
    added: some(sources.filter((source) => !own.has(source))),
    lost: some([...own].filter((source) => !there.has(source))),
  };
}

async function whyOf(
  { model, files, zeek, reorder, why, show }: TuneInput,
  tuned: readonly TunedDetection[],
): Promise<readonly Why[]> {
  const replayed: ReplayInput = {
    model,
    files,
    zeek,
    syslog: [],
    ossec: null,
    engine: null,
    year: null,
    reorder,
    timeZone: "UTC",
    show,
  };
  const silent = tuned.flatMap(({ detection, settings }) =>
    settings.every(({ noticed }) => noticed === 0) ? [detection] : [],
  );
  if (!why) return silences(replayed, { silent });
  const all = await replay({ ...replayed, why }, () => undefined);
  return all.why.filter(({ detection }) => tuned.some((one) => one.detection === detection));
}

function isBlocked({ responses, detections }: Model, detection: ZeekDetectionModel): boolean {
  return responses.some(
    (response) => response.kind === "block" && armedDetections(response, detections).includes(detection),
  );
}

interface Work {
  readonly detection: ZeekDetectionModel;
  readonly settings: readonly Setting[];
}

/** Windows that are counted setting by setting, by detection. */
type Separate = ReadonlyMap<string, ReadonlySet<number> | undefined>;

async function pass(
  work: readonly Work[],
  separate: Separate,
  zeek: ZeekModel,
  options: Omit<Parameters<typeof replayDetections>[0], "detections" | "noticeLog" | "detectorOf">,
): Promise<{
  readonly counted: ReadonlyMap<string, Counted>;
  readonly summaries: readonly DetectionSummary[];
  readonly diagnostics: readonly Diagnostic[];
}> {
  const tunings = new Map(
    work.map(({ detection, settings }) => {
      const windows = separate.get(detection.name);
      const wanted = windows === undefined ? settings : settings.filter(({ window }) => windows.has(window));
      return [detection.name, createTuning<Valued>(wanted, windows ?? new Set())] as const;
    }),
  );
  const result = await replayDetections(
    {
      ...options,
      detections: work.map(({ detection }) => detection),
      noticeLog: zeek.noticeLog,
      detectorOf(detection, share, surroundings) {
        const tuning = tunings.get(detection.name);
        if (tuning === undefined) throw new Error(`bug in zopf: ${detection.name} is not tuned`);
        return tuning.makeDetector(detection, share, surroundings);
      },
    },
    () => undefined,
  );
  return {
    counted: new Map([...tunings].map(([name, { counted }]) => [name, counted])),
    summaries: result.summaries,
    diagnostics: result.events.diagnostics,
  };
}

function isFile(file: string): boolean {
  return fileStatus(file)?.isFile() === true;
}

const notZeek = {
  iplog: "iplog decides for itself what a scan is",
  log: "it counts nothing",
  rule: "it counts nothing",
  sequence: "it waits for one thing after another",
  burst: "OSSEC counts its events, and --vary is about Zeek's",
} as const;

/** Which detections can be tuned as asked, and why not the others. */
function choose({ model, detection: wanted, variation }: TuneInput): {
  readonly detections: readonly ZeekDetectionModel[];
  readonly diagnostics: readonly Diagnostic[];
} {
  const here = { file: model.detections[0]?.span.file ?? model.name, line: 1, column: 1 };
  const named = model.detections.filter(({ name }) => wanted === null || name === wanted);
  const names = model.detections.map(({ name }) => name).join(", ");
  if (named.length === 0)
    return {
      detections: [],
      diagnostics: [codes.detection(here, `the bundle has no detection "${wanted}"`, `it has ${names}`)],
    };
  const diagnostics: Diagnostic[] = [];
  const detections = named.filter((one): one is ZeekDetectionModel => {
    const why = one.kind === "zeek" ? notReplayable(one) : notZeek[one.kind];
    if (why !== null)
      diagnostics.push({
        ...codes.detection(one.span, `"${one.name}" cannot be tuned: ${why}`),
        severity: wanted === null ? "warning" : "error",
      });
    return why === null;
  });
  if (detections.length === 0 && wanted !== null) return { detections, diagnostics };
  if (detections.length === 0)
    return { detections, diagnostics: [...diagnostics, codes.detection(here, "no detection can be tuned")] };
  for (const { name, count, span } of detections) {
    if (count.kind === "sum") continue;
    const bad = variation.thresholds?.find((value) => !Number.isInteger(value) || value > mostThreshold);
    if (bad !== undefined)
      diagnostics.push(
        codes.setting(
          span,
          `"${name}" counts, so its threshold is a whole number up to ${mostThreshold}, not ${bad}`,
        ),
      );
  }
  return diagnostics.some(({ severity }) => severity === "error")
    ? { detections: [], diagnostics }
    : { detections, diagnostics };
}
