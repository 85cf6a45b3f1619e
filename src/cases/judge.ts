import { parseDuration } from "../model/duration.js";
import { shownTime } from "../model/shown-time.js";
import type { ResponseEvent, TimelineEvent } from "../replay/timeline.js";
import {
  type CaseFile,
  type Expectation,
  type ExpectationKind,
  expectationKinds,
  momentOf,
} from "./case-file.js";

/** A line behind something that was seen. */
export interface EvidenceLine {
  readonly file: string;
  readonly line: number;
}

/** Expected and seen, side by side (docs/reference/cli.md#test). */
export interface Failure {
  readonly expected: string;
  readonly seen: string;
  readonly lines: readonly EvidenceLine[];
}

export interface Judgement {
  readonly failures: readonly Failure[];
  /** Expectations of which too little was seen. */
  readonly wanting: readonly Expectation[];
  /** What happened without being expected, where the case only wants to be reported. */
  readonly warnings: readonly Failure[];
}

/** What cases speak of; scripts that block nothing follow from their alerts. */
type JudgedEvent = Exclude<TimelineEvent, ResponseEvent>;

const kindOf: Readonly<Record<JudgedEvent["kind"], ExpectationKind>> = {
  notice: "notices",
  alert: "alerts",
  block: "blocks",
  unblock: "unblocks",
  refused: "refused",
};

/** An unblock follows from its block, so a case need not name it. */
const mayBeSilent: ReadonlySet<ExpectationKind> = new Set<ExpectationKind>(["unblocks"]);

/** An expectation that does not hold. */
export interface Missed {
  readonly expectation: Expectation;
  /** `at least 1 block with source 192.0.2.1` */
  readonly text: string;
}

/** Which expectations of a case what was seen does not meet. */
export function missedExpectations(file: CaseFile, happened: readonly TimelineEvent[]): readonly Missed[] {
  const seen = happened.filter((event) => event.kind !== "response");
  return expectationKinds.flatMap((kind) =>
    (file.expect[kind] ?? []).flatMap((expectation) => {
      const fitting = seen.filter((event) => kindOf[event.kind] === kind && fits(expectation, event));
      return countHolds(expectation, fitting.length)
        ? []
        : [{ expectation, text: expectedText(kind, expectation) }];
    }),
  );
}

function expectedText(kind: ExpectationKind, expectation: Expectation): string {
  return `${countText(expectation)} ${nameOf(kind)}${conditionText(expectation)}`;
}

/** Compares what was seen with what a case expects. */
export function judge(file: CaseFile, happened: readonly TimelineEvent[]): Judgement {
  const seen = happened.filter((event) => event.kind !== "response");
  const failures: Failure[] = [];
  const wanting: Expectation[] = [];
  const accounted = new Set<JudgedEvent>();
  for (const kind of expectationKinds) {
    const candidates = seen.filter((event) => kindOf[event.kind] === kind);
    for (const expectation of file.expect[kind] ?? []) {
      const fitting = candidates.filter((event) => fits(expectation, event));
      for (const event of fitting) accounted.add(event);
      if (countHolds(expectation, fitting.length)) continue;
      if (fitting.length < leastOf(expectation)) wanting.push(expectation);
      failures.push({
        expected: expectedText(kind, expectation),
        seen:
          fitting.length === 0 && candidates.length > 0
            ? `none; but ${candidates.slice(0, 3).map(eventText).join("; ")}${candidates.length > 3 ? "; …" : ""}`
            : `${fitting.length}${fitting.length > 0 ? `: ${fitting.slice(0, 5).map(eventText).join("; ")}` : ""}`,
        lines: evidence(fitting.length > 0 ? fitting : candidates.slice(0, 3)),
      });
    }
  }
  const unexpected = seen.filter((event) => !accounted.has(event) && !mayBeSilent.has(kindOf[event.kind]));
  const reported = grouped(unexpected).map((events): Failure => {
    const [first] = events;
    const last = events.at(-1);
    if (first === undefined || last === undefined) throw new Error("bug in zopf: an empty group");
    const more =
      events.length === 1 ? "" : `, and ${events.length - 1} more like it until ${shownTime(last.time)}`;
    return {
      expected: `no ${nameOf(kindOf[first.kind])} beyond those named`,
      seen: `${eventText(first)}${more}`,
      lines: evidence(events.slice(0, mostEvidence)),
    };
  });
  switch (file.unexpected ?? "fail") {
    case "fail":
      return { failures: [...failures, ...reported], wanting, warnings: [] };
    case "warn":
      return { failures, wanting, warnings: reported };
    case "ignore":
      return { failures, wanting, warnings: [] };
  }
}

/** Lines that stand for many events of a kind. */
const mostEvidence = 5;

/** Events that say the same of the same source, at different times. */
function grouped(events: readonly JudgedEvent[]): readonly (readonly JudgedEvent[])[] {
  const groups = new Map<string, JudgedEvent[]>();
  for (const event of events) {
    const key = eventText({ ...event, time: 0, ...("until" in event ? { until: lengthOf(event) } : {}) });
    const group = groups.get(key);
    if (group === undefined) groups.set(key, [event]);
    else group.push(event);
  }
  return [...groups.values()];
}

const lengthOf = ({
  until,
  time,
}: {
  readonly until: number | null;
  readonly time: number;
}): number | null => (until === null ? null : until - time);

function fits(expectation: Expectation, event: JudgedEvent): boolean {
  const { source, detection, rule, note, level, table, reason, target } = expectation;
  if (target !== undefined && (!("target" in event) || event.target !== target)) return false;
  if (source !== undefined && event.source !== source) return false;
  if (detection !== undefined && event.detection !== detection) return false;
  if (rule !== undefined && (!("rule" in event) || event.rule !== rule)) return false;
  if (note !== undefined && (event.kind !== "notice" || event.note !== note)) return false;
  if (level !== undefined && (event.kind !== "alert" || event.level !== level)) return false;
  if (table !== undefined && (!("table" in event) || event.table !== table)) return false;
  if (reason !== undefined && (event.kind !== "refused" || !event.reason.includes(reason))) return false;
  if (expectation.for !== undefined) {
    if (event.kind !== "block" || event.until === null) return false;
    if (event.until - event.time !== parseDuration(expectation.for)) return false;
  }
  const from = expectation.from === undefined ? null : momentOf(expectation.from);
  const until = expectation.until === undefined ? null : momentOf(expectation.until);
  return (from === null || event.time >= from) && (until === null || event.time <= until);
}

function countHolds({ exactly, atLeast, atMost }: Expectation, count: number): boolean {
  if (exactly !== undefined && count !== exactly) return false;
  if (atMost !== undefined && count > atMost) return false;
  return count >= leastOf({ exactly, atLeast, atMost });
}

const leastOf = ({ exactly, atLeast, atMost }: Expectation): number =>
  atLeast ?? exactly ?? (atMost === undefined ? 1 : 0);

function countText({ exactly, atLeast, atMost }: Expectation): string {
  if (exactly !== undefined) return `exactly ${exactly}`;
  if (atLeast !== undefined && atMost !== undefined) return `${atLeast} to ${atMost}`;
  if (atMost !== undefined) return `at most ${atMost}`;
  return `at least ${atLeast ?? 1}`;
}

function nameOf(kind: ExpectationKind): string {
  return kind === "refused" ? "refused block" : kind.slice(0, -1);
}

const counts = new Set(["exactly", "atLeast", "atMost"]);

function conditionText(expectation: Expectation): string {
  const parts = Object.entries(expectation)
    .filter(([name]) => !counts.has(name))
    .map(([name, value]) => `${name} ${String(value)}`);
  return parts.length === 0 ? "" : ` with ${parts.join(", ")}`;
}

/** One event for people: what, who, when, by what. */
function eventText(event: JudgedEvent): string {
  const who = event.source ?? "no source";
  const when = shownTime(event.time);
  const on = "target" in event && event.target !== undefined ? ` on ${event.target}` : "";
  switch (event.kind) {
    case "notice":
      return `notice ${event.note} of ${who} at ${when}`;
    case "alert":
      return `alert of rule ${event.rule} (level ${event.level}) for ${who} at ${when}`;
    case "block":
      return `block of ${who}${on} by rule ${event.rule} at ${when} ${event.until === null ? "for ever" : `for ${event.until - event.time} s`}`;
    case "unblock":
      return `unblock of ${who}${on} at ${when}`;
    case "refused":
      return `refused block of ${who}${on} by rule ${event.rule} at ${when}: ${event.reason}`;
  }
}

function evidence(events: readonly JudgedEvent[]): readonly EvidenceLine[] {
  const lines: EvidenceLine[] = [];
  for (const { file, lineNumber } of events)
    if (
      file !== null &&
      lineNumber !== null &&
      !lines.some((line) => line.file === file && line.line === lineNumber)
    )
      lines.push({ file, line: lineNumber });
  return lines;
}
