import { parseDuration } from "../model/duration.js";

/** What a detection is tried with; null: as the bundle has it. */
export interface Variation {
  readonly thresholds: readonly number[] | null;
  /** Seconds. */
  readonly windows: readonly number[] | null;
}

/** One combination. */
export interface Setting {
  readonly threshold: number;
  /** Seconds. */
  readonly window: number;
}

export type ReadVariation =
  | { readonly ok: true; readonly variation: Variation }
  | { readonly ok: false; readonly problem: string };

/** Settings of one run at most. */
export const mostSettings = 10_000;
/** As bundles allow it; a sum's may be any number. */
export const mostThreshold = 100_000;

/** `threshold=3..50`, `threshold=3..50/5,100`, `window=30s,1min`: what `--vary` is given, each name once. */
export function readVariation(texts: readonly string[]): ReadVariation {
  const found = new Map<string, readonly number[]>();
  for (const text of texts) {
    const at = text.indexOf("=");
    const name = at < 0 ? text : text.slice(0, at);
    const values = at < 0 ? "" : text.slice(at + 1);
    const refuse = (problem: string): ReadVariation => ({ ok: false, problem: `--vary ${text}: ${problem}` });
    if (name !== "threshold" && name !== "window")
      return refuse(`"${name}" cannot be varied; write threshold=3..50 or window=30s,1min`);
    if (found.has(name)) return refuse(`${name} is varied twice; put the values into one list`);
    if (values === "")
      return refuse(`no values; write ${name === "threshold" ? "threshold=3..50" : "window=30s,1min"}`);
    const list: number[] = [];
    for (const part of values.split(",")) {
      const read = name === "threshold" ? readThresholds(part.trim()) : readWindow(part.trim());
      if (typeof read === "string") return refuse(read);
      list.push(...read);
    }
    found.set(
      name,
      [...new Set(list)].sort((a, b) => a - b),
    );
  }
  const thresholds = found.get("threshold") ?? null;
  const windows = found.get("window") ?? null;
  if (thresholds === null && windows === null)
    return { ok: false, problem: "nothing to vary; write --vary threshold=3..50 or --vary window=30s,1min" };
  const count = (thresholds?.length ?? 1) * (windows?.length ?? 1);
  if (count > mostSettings)
    return { ok: false, problem: `${count} settings are too many; ${mostSettings} are the most` };
  return { ok: true, variation: { thresholds, windows } };
}

const range = /^(\d{1,15})\.\.(\d{1,15})(?:\/(\d{1,15}))?$/;

function readThresholds(text: string): readonly number[] | string {
  const match = range.exec(text);
  const first = Number(match?.[1] ?? text);
  const last = Number(match?.[2] ?? text);
  const step = Number(match?.[3] ?? 1);
  if (match === null && !/^\d{1,15}(?:\.\d{1,6})?$/.test(text))
    return `"${text}" is neither a number nor a range such as 3..50 or 10..100/10`;
  if (!(first > 0)) return `${text}: a threshold lies above 0`;
  if (last < first) return `${text} runs backwards; write ${last}..${first}`;
  if (step === 0) return `${text} has a step of 0`;
  if ((last - first) / step >= mostSettings) return `${text} has more than ${mostSettings} values`;
  const values: number[] = [];
  for (let value = first; value <= last; value += step) values.push(value);
  return values;
}

/** As in bundles, and with `s`, `m`, `h`, `d`, as most tools write them. */
function readWindow(text: string): readonly number[] | string {
  const short = /^([\d.]+) ?([smhd])$/.exec(text);
  const units: Readonly<Record<string, string>> = { s: "sec", m: "min", h: "hr", d: "day" };
  const seconds = parseDuration(short === null ? text : `${short[1]} ${units[short[2] ?? ""]}`);
  return seconds === null || seconds <= 0
    ? `"${text}" is not a length of time; write 30s, 90sec, 5min, 1hr, 1day`
    : [seconds];
}

/** Every combination, by window and then by threshold. */
export function settingsOf(variation: Variation, own: Setting): readonly Setting[] {
  return (variation.windows ?? [own.window]).flatMap((window) =>
    (variation.thresholds ?? [own.threshold]).map((threshold) => ({ threshold, window })),
  );
}
