import { parseDuration } from "../model/duration.js";
import { type Change, change } from "./change.js";

export interface ZeekOption {
  readonly name: string;
  readonly type: string;
  readonly value: string;
}

/** The script without comments, blank lines and spare white space. Strings and patterns keep theirs. */
export function zeekEssence(text: string): string {
  let result = "";
  for (let at = 0; at < text.length; ) {
    const letter = text[at] ?? "";
    if (letter === '"') {
      const end = endOfString(text, at);
      result += text.slice(at, end);
      at = end;
    } else if (letter === "#") {
      const end = text.indexOf("\n", at);
      at = end === -1 ? text.length : end;
    } else if (letter === " " || letter === "\t" || letter === "\r" || letter === "\n") {
      let end = at;
      let feeds = false;
      for (; /\s/.test(text[end] ?? ""); end += 1) feeds ||= text[end] === "\n";
      result += feeds ? "\n" : " ";
      at = end;
    } else {
      result += letter;
      at += 1;
    }
  }
  return result.replace(/\n+/g, "\n").trim();
}

function endOfString(text: string, start: number): number {
  for (let at = start + 1; at < text.length; at += 1) {
    if (text[at] === "\\") at += 1;
    else if (text[at] === '"' || text[at] === "\n") return at + 1;
  }
  return text.length;
}

const option = /^\s*option (\w+): (\w+) = ([^;\n]*);/gm;

export function zeekOptions(text: string): readonly ZeekOption[] {
  return [...text.matchAll(option)].map(([, name = "", type = "", value = ""]) => ({
    name,
    type,
    value: value.trim(),
  }));
}

/** A Zeek value as a number: a count, or an interval in seconds. */
export function optionNumber({ type, value }: Pick<ZeekOption, "type" | "value">): number | null {
  if (type === "interval") {
    const written = /^(-?[0-9.]+)\s*(usec|msec|sec|min|hr|day)s?$/.exec(value);
    if (written === null) return null;
    if (Number(written[1]) === 0) return 0;
    return parseDuration(`${written[1]} ${written[2]}`);
  }
  return /^\d+(?:\.\d+)?$/.test(value) ? Number(value) : null;
}

/** Which way each of our options weakens the detection, by the end of its name. */
const directions: readonly {
  readonly end: string;
  readonly weaker: "more" | "less";
  readonly means: string;
}[] = [
  { end: "_threshold", weaker: "more", means: "more is needed before it fires" },
  { end: "_window", weaker: "less", means: "slower scans stay below it" },
  { end: "_suppress", weaker: "more", means: "a source that goes on is told later" },
  { end: "_keys", weaker: "less", means: "fewer sources are followed" },
  { end: "_members", weaker: "less", means: "less is counted of each source" },
];

/** What becomes of a Zeek script: its options by name, and the rest as a whole. */
export function compareZeek(before: string, after: string, file: string, id: string): readonly Change[] {
  if (zeekEssence(before) === zeekEssence(after)) return [];
  const changes: Change[] = [];
  const old = new Map(zeekOptions(before).map((one) => [one.name, one]));
  for (const now of zeekOptions(after)) {
    const was = old.get(now.name);
    if (was === undefined || was.value === now.value) continue;
    const direction = directions.find(({ end }) => now.name.endsWith(end));
    const [from, to] = [optionNumber(was), optionNumber(now)];
    const weakens =
      direction !== undefined &&
      from !== null &&
      to !== null &&
      (direction.weaker === "more" ? to > from : to < from);
    const means = weakens ? `: ${direction?.means}` : "";
    changes.push(
      change({
        kind: "change",
        what: "zeek-option",
        id: now.name,
        file,
        summary: `${now.name} ${was.value} → ${now.value}${means}`,
        weakens,
        security: true,
      }),
    );
  }
  const rest = (text: string): string => zeekEssence(text.replace(option, ""));
  if (rest(before) !== rest(after)) {
    const lines = changedLines(rest(before), rest(after));
    const onlyText = lines.every((line) => line.includes("$msg="));
    changes.push(
      change({
        kind: "change",
        what: "zeek",
        id,
        file,
        summary: onlyText
          ? `${id}: the notice's message changes`
          : `${id}: what the script does changes (${lines.length === 1 ? "1 line" : `${lines.length} lines`})`,
        security: !onlyText,
      }),
    );
  }
  return changes;
}

/** Lines that only one of two texts has. */
export function changedLines(before: string, after: string): readonly string[] {
  const old = new Set(before.split("\n"));
  const now = new Set(after.split("\n"));
  return [...[...old].filter((line) => !now.has(line)), ...[...now].filter((line) => !old.has(line))];
}
