import type { NearMiss, NearMissesLeftOut } from "../detections/index.js";
import { jsonOf } from "../diagnostics/schema-version.js";
import { shownMoment, shownTime } from "../model/shown-time.js";
import type { BlockEvent, TimelineEvent, UnblockEvent } from "../replay/timeline.js";
import { type Paint, printable } from "./diagnostics-text.js";

/** Latin1 bytes as text: what is not UTF-8 appears as U+FFFD. */
function decoded(bytes: string): string {
  return Buffer.from(bytes, "latin1").toString("utf8");
}

/** One line of JSON (schemas/replay.schema.json). */
export function timelineJson(event: TimelineEvent): string {
  const { time, kind, detection, source, file, lineNumber, ...rest } = withTexts(event);
  const place = file === null || lineNumber === null ? {} : { from: { file, line: lineNumber } };
  return jsonOf("replay", { time, kind, detection, source, ...rest, ...place });
}

/** The event with its bytes as text. */
export function withTexts(event: TimelineEvent): TimelineEvent {
  switch (event.kind) {
    case "notice":
      return { ...event, message: decoded(event.message), line: decoded(event.line) };
    case "alert":
      return { ...event, description: decoded(event.description), line: decoded(event.line) };
    default:
      return event;
  }
}

const words = {
  notice: "notice ",
  alert: "alert  ",
  block: "block  ",
  unblock: "unblock",
  refused: "refused",
  response: "ran    ",
};

/** One line for people: when, what, who, and the essential of it. */
export function timelineText(event: TimelineEvent, paint: Paint): string {
  const when = shownMoment(event.time).padEnd(20);
  const word = words[event.kind];
  const colour = {
    notice: paint.info,
    alert: paint.warning,
    block: paint.error,
    unblock: paint.bold,
    refused: paint.dim,
    response: paint.info,
  };
  return `${paint.dim(when)}  ${colour[event.kind](word)}  ${printable(event.source ?? "-")}  ${printable(detail(event))}\n`;
}

function detail(event: TimelineEvent): string {
  switch (event.kind) {
    case "notice":
      return `${event.note}: ${decoded(event.message)}`;
    case "alert":
      return `rule ${event.rule} (level ${event.level}) '${decoded(event.description)}'`;
    case "block":
      return `${on(event)}table ${event.table}${networkOf(event)} ${event.until === null ? "for ever" : `for ${length(event.until - event.time)}`}: ${event.command.join(" ")}`;
    case "unblock":
      return `${on(event)}table ${event.table}${networkOf(event)}${stays(event)}: ${event.command.join(" ")}`;
    case "refused":
      return `${on(event)}rule ${event.rule} would block: ${event.reason}`;
    case "response":
      return `${on(event)}${event.script} (${event.action}): ${event.command.join(" ")}`;
  }
}

function on({ target }: { readonly target?: string }): string {
  return target === undefined ? "" : `${target}: `;
}

/** The network that is blocked in the place of the address. */
function networkOf({ entry = "", source }: BlockEvent | UnblockEvent): string {
  return entry.includes("/") && entry !== source ? ` (${entry})` : "";
}

function stays({ heldBy = 0 }: UnblockEvent): string {
  return heldBy === 0 ? "" : ` stays blocked for ${heldBy} other${heldBy === 1 ? "" : "s"}`;
}

/** Seconds for people. */
function length(seconds: number): string {
  if (seconds % 86_400 === 0) return `${seconds / 86_400} day`;
  if (seconds % 3_600 === 0) return `${seconds / 3_600} hr`;
  if (seconds % 60 === 0) return `${seconds / 60} min`;
  return `${seconds} s`;
}

/**
 * The timeline for people, where equal lines that follow each other are shown once: the second says how many
 * more there were, and until when.
 */
export class GroupedTimeline {
  readonly #paint: Paint;
  #last = "";
  #more = 0;
  #until = 0;

  constructor(paint: Paint) {
    this.#paint = paint;
  }

  /** What is to be written now that this has happened. */
  next(event: TimelineEvent): string {
    const same = repeatKey(event);
    if (same !== null && same === this.#last) {
      this.#more += 1;
      this.#until = event.time;
      return "";
    }
    const before = this.end();
    this.#last = same ?? "";
    return before + timelineText(event, this.#paint);
  }

  /** What is to be written when nothing more happens. */
  end(): string {
    const more = this.#more;
    this.#more = 0;
    this.#last = "";
    return more === 0
      ? ""
      : this.#paint.dim(`${" ".repeat(22)}and ${more} more until ${shownMoment(this.#until)}\n`);
  }
}

/** What repeated lines have in common; null: each is of interest. */
function repeatKey(event: TimelineEvent): string | null {
  switch (event.kind) {
    case "notice":
      return `notice ${event.note} ${event.source ?? ""}`;
    case "alert":
      return `alert ${event.rule} ${event.source ?? ""}`;
    case "refused":
      return `refused ${event.rule} ${event.source ?? ""} ${event.target ?? ""} ${event.reason}`;
    case "response":
      return `response ${event.rule} ${event.source ?? ""} ${event.target ?? ""} ${event.script} ${event.action}`;
    case "block":
    case "unblock":
      return null;
  }
}

/** How close the quiet ones came. */
export function nearMissText(misses: readonly NearMiss[], leftOut: readonly NearMissesLeftOut[]): string {
  if (misses.length === 0) return "nothing came near a threshold\n";
  const detections = [...new Set(misses.map(({ detection }) => detection))];
  return detections
    .flatMap((name) => [
      ...misses
        .filter(({ detection }) => detection === name)
        .map(
          ({ detection, source, count, threshold, time }) =>
            `below ${detection}: ${printable(source)} reached ${count} of ${threshold} at ${shownTime(time)}\n`,
        ),
      ...leftOut
        .filter(({ detection }) => detection === name)
        .map(
          ({ detection, count, atLeast }) =>
            `below ${detection}: ${atLeast ? "at least " : ""}${count} more that came less near are not shown\n`,
        ),
    ])
    .join("");
}

/** The same as lines of JSON, behind those of the timeline (schemas/replay.schema.json). */
export function nearMissJson(misses: readonly NearMiss[], leftOut: readonly NearMissesLeftOut[]): string {
  const lines = [
    ...misses.map(({ time, detection, source, note, key, count, threshold }) => ({
      time,
      kind: "near-miss",
      detection,
      source,
      note,
      key,
      count,
      threshold,
    })),
    ...leftOut.map(({ detection, count, atLeast }) => ({
      time: null,
      kind: "near-misses-left-out",
      detection,
      source: null,
      count,
      atLeast,
    })),
  ];
  return lines.map((line) => jsonOf("replay", line)).join("");
}
