import type { DetectionSummary, NearMiss, NearMissesLeftOut } from "../detections/index.js";
import type { Diagnostic } from "../diagnostics/diagnostic.js";
import { fileStatus } from "../files/file-status.js";
import { type ReadingWatch, sizeOf } from "../files/reading-watch.js";
import { areOneLog } from "../files/rotated-name.js";
import type { ArchivedLine, ArchivedLines } from "../logtest/archived-lines.js";
import { loadMergedHome } from "../merge/load-merged-home.js";
import type { EngineVersion, Model } from "../model/model.js";
import { ruleIdsOf } from "../model/rule-ids.js";
import type { LoadedOssec } from "../ossec/definitions.js";
import { stopsProgram } from "../ossec/load/index.js";
import type { EmittedFile } from "../targets/file.js";
import { loadGenerated } from "../targets/generated.js";
import { dialectOf } from "../targets/ossec/dialect.js";
import { namedOutside } from "../targets/ossec/outside-rules.js";
import { suiteOf } from "../targets/ossec/suite.js";
import { Chain } from "./chain.js";
import { codes } from "./codes.js";
import type { Feed } from "./feed.js";
import type { LineFunnels } from "./line-funnel.js";
import { mergeByTime } from "./merge.js";
import { type LineDates, syslogLines } from "./syslog-source.js";
import type { TimelineEvent } from "./timeline.js";
import {
  HappenedCounter,
  hasFired,
  type RowFunnel,
  type RuleBase,
  type Unplayed,
  type Why,
  whyOf,
} from "./why.js";
import { type ArchivedRows, openZeek, type ReorderWindow } from "./zeek-source.js";

export interface ReplayInput {
  readonly model: Model;
  /** The emitted files: OSSEC's part of the chain is parsed from them. */
  readonly files: readonly EmittedFile[];
  /** Zeek logs and folders of them. */
  readonly zeek: readonly string[];
  /** Rows of an archive instead of `zeek`. */
  readonly archive?: ArchivedRows;
  readonly syslog: readonly string[];
  /** Lines of an archive beside `syslog`. */
  readonly lines?: ArchivedLines;
  /** An OSSEC home whose rules stand around the bundle's own; null: the bundle's alone. */
  readonly ossec: string | null;
  readonly engine: EngineVersion | null;
  /** OSSEC's configuration where it is loaded already; the files and `ossec` are not looked at then. */
  readonly loaded?: LoadedOssec;
  /** The year of dates that have none; null: told from the file's time. */
  readonly year: number | null;
  /** When lines of a log without any date count as written; epoch seconds. */
  readonly assumeDate?: number | null;
  readonly reorder: ReorderWindow | null;
  /** Of OSSEC's analysis; where it is `UTC`, dates of lines without a zone are UTC, too. */
  readonly timeZone: string | undefined;
  /** Whether all that stays below a threshold is counted (default false). */
  readonly nearMisses?: boolean;
  /** Whether rows and lines are followed through all conditions (default false: it takes time). */
  readonly why?: boolean;
  /** Rows of each of Zeek's logs, and lines of each other file, to read at most; null: all. */
  readonly most?: { readonly rows: number; readonly lines: number } | null;
  /** Follows the reading; where it stops it, what was found so far comes out, and `partial` says so. */
  readonly watch?: ReadingWatch | undefined;
  readonly show: (path: string) => string;
}

export interface ReplayOutcome {
  readonly diagnostics: readonly Diagnostic[];
  readonly summaries: readonly DetectionSummary[];
  readonly nearMisses: readonly NearMiss[];
  /** Detections with more near misses than those; empty without `nearMisses` in the input. */
  readonly nearMissesLeftOut: readonly NearMissesLeftOut[];
  /** Detections that raised no notice, or no alert where they are not Zeek's. */
  readonly silent: readonly string[];
  /** Why each detection did what it did; empty without `why` in the input. */
  readonly why: readonly Why[];
  /** False when an input was invalid as a whole. */
  readonly ok: boolean;
}

/**
 * Plays logs through the whole chain in log time: Zeek's detections, OSSEC on the generated XML, active
 * response, packet filter. `onEvent` gets one ordered timeline; it may return a promise to slow the replay.
 */
export async function replay(
  input: ReplayInput,
  onEvent: (event: TimelineEvent) => void | Promise<void>,
): Promise<ReplayOutcome> {
  const { model } = input;
  const diagnostics: Diagnostic[] = [];
  const reported = (diagnostic: Diagnostic): void => {
    diagnostics.push(diagnostic);
  };
  const nothing = { summaries: [], nearMisses: [], nearMissesLeftOut: [], silent: [], why: [] };
  const failed = (): ReplayOutcome => ({ diagnostics, ...nothing, ok: false });

  if (input.engine !== null && dialectOf(model.ossec, input.engine).name !== input.engine) {
    reported(
      codes.engine(
        { file: model.detections[0]?.span.file ?? model.name, line: 1, column: 1 },
        `the bundle is for Wazuh, and ${input.engine} is a version of OSSEC`,
        "leave --engine out: Wazuh 4 has one dialect",
      ),
    );
    return failed();
  }
  const loaded = input.loaded ?? loadOssecFor(input);
  const problems = loaded.problems.filter(stopsProgram);
  if (problems.length > 0) {
    diagnostics.push(...problems);
    return failed();
  }
  const hasZeek = input.zeek.length > 0 || input.archive !== undefined;
  const hasLines = input.syslog.length > 0 || input.lines !== undefined;
  if (!hasZeek && !hasLines) {
    reported(
      codes.noInput(
        { file: model.detections[0]?.span.file ?? model.name, line: 1, column: 1 },
        "no logs were given",
        "give Zeek's logs with --zeek PATH, or syslog lines with --syslog FILE",
      ),
    );
    return failed();
  }
  if (input.ossec === null && input.loaded === undefined) diagnostics.push(...outsideRules(model));
  const feeds: AsyncIterable<Feed>[] = [];
  let outcome: ReturnType<Awaited<ReturnType<typeof openZeek>>["outcome"]> | null = null;
  let unplayed: ReadonlyMap<string, Unplayed> = new Map();
  let finish = (): void => undefined;
  if (hasZeek && model.zeek !== null) {
    const zeek = await openZeek(model, model.zeek, input.zeek, {
      reported,
      reorder: input.reorder,
      dates: datesOf(input),
      nearMisses: input.nearMisses ?? false,
      funnels: input.why ?? false,
      most: input.most?.rows ?? null,
      watch: input.watch,
      archive: input.archive,
    });
    unplayed = zeek.unplayed;
    diagnostics.push(...zeek.diagnostics);
    feeds.push(...zeek.feeds);
    if (zeek.unread && !hasLines)
      reported(
        codes.noInput(
          { file: input.zeek[0] ?? "", line: 1, column: 1 },
          "nothing was replayed: none of the given logs is one that a detection of the bundle looks at",
          "give the logs that the warnings name, or the folder that holds them",
        ),
      );
    finish = () => {
      outcome = zeek.outcome();
    };
  } else if (hasZeek)
    reported(
      codes.noInput(
        { file: input.zeek[0] ?? "", line: 1, column: 1 },
        "the bundle has no Zeek detection, so Zeek's logs say nothing to it",
        "give the lines that OSSEC reads with --syslog FILE",
      ),
    );
  input.watch?.expect(sizeOf(input.syslog));
  for (const file of input.syslog) feeds.push(syslogFeed(input, file, reported));
  const archived = await input.lines?.prepare(loaded);
  if (archived !== undefined) {
    diagnostics.push(...archived.diagnostics);
    if (!archived.ok) return failed();
    feeds.push(archivedFeed(model, input.lines?.name ?? "", archived.lines));
  }

  const funnels = input.why === true ? await lineFunnels(model, loaded) : undefined;
  const happened = new HappenedCounter();
  const tell = (event: TimelineEvent): void | Promise<void> => {
    happened.see(event);
    return onEvent(event);
  };
  const chain = new Chain({ model, loaded, timeZone: input.timeZone, funnels });
  for await (const feed of mergeByTime(feeds)) {
    const events =
      feed.line === null ? chain.advance(feed.time) : chain.feed(feed.line, feed.notice?.detection ?? null);
    // Blocks that ended before this moment come before its notice.
    const earlier = events.filter(({ kind, time }) => kind === "unblock" && time < Math.floor(feed.time));
    for (const event of earlier) await tell(event);
    if (feed.notice !== null) await tell(feed.notice);
    for (const event of events) if (!earlier.includes(event)) await tell(event);
    if (chain.crash !== null) {
      const { line, reason } = chain.crash;
      reported(
        codes.crash(
          { file: line.file ?? line.location, line: line.lineNumber ?? 1, column: 1 },
          `this line would kill the real ${suiteOf(model.ossec).suite}: ${reason}`,
        ),
      );
      return failed();
    }
  }
  for (const event of chain.finish()) await tell(event);
  if (input.watch?.stopped() === true)
    reported(
      codes.partial(
        { file: input.zeek[0] ?? input.syslog[0] ?? model.name, line: 1, column: 1 },
        "stopped before the end: what is shown is a part",
      ),
    );
  finish();
  const done = outcome ?? { ...nothing, funnels: new Map<string, RowFunnel>() };
  const { summaries, nearMisses, nearMissesLeftOut } = done;
  // A rule that silences has no alerts; what it did, only following it tells.
  const silent = model.detections.flatMap((one) =>
    hasFired(one, happened.of(one.name)) || one.rule.level === 0 ? [] : [one.name],
  );
  const why =
    funnels === undefined
      ? []
      : whyOf({
          model,
          happened,
          rows: done.funnels,
          unplayed,
          lines: funnels.results(),
          isRuleLoaded: (id) => loaded.ruleById.has(id),
          isLoaded: (base) => isLoaded(input, loaded, base),
          hasLines,
          hasRows: hasZeek,
        });
  return {
    diagnostics,
    summaries,
    nearMisses,
    nearMissesLeftOut,
    silent,
    why,
    ok: !diagnostics.some(({ severity }) => severity === "error"),
  };
}

/** Whether the rules that a burst counts are there: those of the bundle, and of the home that stands around it. */
function isLoaded(
  { model, ossec, loaded: given }: ReplayInput,
  loaded: LoadedOssec,
  base: RuleBase,
): boolean {
  const hasHome = ossec !== null || given !== undefined;
  if (base.kind === "rule")
    return ruleIdsOf(model).includes(base.id) || (hasHome && loaded.ruleById.has(base.id));
  return (
    (hasHome ? loaded.rules : []).some(({ group }) => group.includes(base.group)) ||
    model.detections.some(({ rule }) => rule.groups.includes(base.group))
  );
}

/** Rows and lines that are looked at once more to say why a detection was silent. */
const again = { rows: 100_000, lines: 5_000 };

/**
 * Why the silent detections of a replay were so: the beginning of its inputs is played once more, watched. Nothing
 * where all fired, or where an input cannot be read twice.
 */
export async function silences(
  input: ReplayInput,
  { silent }: Pick<ReplayOutcome, "silent">,
): Promise<readonly Why[]> {
  if (silent.length === 0) return [];
  const isOnce = (path: string): boolean => {
    const status = fileStatus(path);
    return status === null || !(status.isFile() || status.isDirectory());
  };
  if ([...input.zeek, ...input.syslog].some(isOnce)) return [];
  const { why } = await replay({ ...input, why: true, most: again }, () => undefined);
  return why.filter(({ detection }) => silent.includes(detection));
}

/** What watches OSSEC's engine is loaded only for those who ask. */
async function lineFunnels({ detections }: Model, loaded: LoadedOssec): Promise<LineFunnels> {
  const { LineFunnels: Funnels } = await import("./line-funnel.js");
  return new Funnels(detections, loaded);
}

/** OSSEC's configuration for a replay: the bundle's own, or with a home around it. */
export function loadOssecFor({
  model,
  files,
  ossec,
  engine,
  show,
}: Pick<ReplayInput, "model" | "files" | "ossec" | "engine" | "show">): LoadedOssec {
  const dialect = dialectOf(model.ossec, engine);
  return ossec === null
    ? loadGenerated(model, files, dialect)
    : loadMergedHome(ossec, model, files, dialect, show);
}

/** What dates of lines mean that do not say all. */
export function datesOf({
  year,
  assumeDate = null,
  timeZone,
}: Pick<ReplayInput, "year" | "assumeDate" | "timeZone">): LineDates {
  return { year, assumeDate, utc: timeZone === "UTC" };
}

async function* syslogFeed(
  input: ReplayInput,
  file: string,
  reported: (diagnostic: Diagnostic) => void,
): AsyncGenerator<Feed> {
  const location = placeOnHost(input.model, file);
  const most = input.most === null || input.most === undefined ? {} : { most: input.most.lines };
  const watch = input.watch === undefined ? {} : { watch: input.watch };
  for await (const line of syslogLines({ file, location, ...datesOf(input), ...most, ...watch }, reported))
    yield { time: line.time, notice: null, line };
}

async function* archivedFeed(
  model: Model,
  name: string,
  lines: AsyncIterable<ArchivedLine>,
): AsyncGenerator<Feed> {
  const locations = new Map<string, string>();
  for await (const { text, time, file = name, lineNumber = null } of lines) {
    const location = locations.get(file) ?? placeOnHost(model, file);
    locations.set(file, location);
    yield { time, notice: null, line: { text, time, location, file, lineNumber } };
  }
}

/** Where the host has the lines of a file: OSSEC's alerts name that place. */
function placeOnHost({ detections }: Model, file: string): string {
  const logs = new Set(
    detections.flatMap((one) =>
      (one.kind === "iplog" || one.kind === "log") && one.log !== null ? [one.log] : [],
    ),
  );
  const namesake = [...logs].find((log) => areOneLog(log, file));
  const [only] = logs;
  return namesake ?? (logs.size === 1 ? only : undefined) ?? file;
}

/** Without the host's rules, what is about one of them never fires. */
function outsideRules({ detections }: Model): readonly Diagnostic[] {
  return detections.flatMap((one) => {
    const named = namedOutside(one).map(({ ids = [], group }) =>
      group === undefined ? `rule ${ids.join(", ")}` : `the group "${group}"`,
    );
    if (named.length === 0) return [];
    const verb = one.kind === "rule" ? "stands below" : one.kind === "burst" ? "counts" : "waits for";
    return [
      codes.outside(
        one.span,
        `"${one.name}" ${verb} ${named.join(" and ")}, and the host's own rules are not looked at`,
        "give the host's OSSEC home with --ossec DIR",
      ),
    ];
  });
}
