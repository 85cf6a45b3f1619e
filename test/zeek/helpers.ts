import { existsSync, readFileSync } from "node:fs";
import { dirname, join } from "node:path";
import { fileURLToPath } from "node:url";
import { type EventOptions, playEvents } from "../../src/zeek/connections/events.js";
import { forEachRecord } from "../../src/zeek/logs/cursor.js";
import { createClock, type ZeekClock } from "../../src/zeek/tables/clock.js";
import { toMicroseconds } from "../../src/zeek/values/numbers.js";
import { COLUMNS, type Detection, type SeenNotice } from "./example-detections.js";

export const repository = join(dirname(fileURLToPath(import.meta.url)), "..", "..");
export const oracle = join(repository, "..", "shared", "oracle", "zeek");
/** Small cases copied from the oracle, for a clone without it. */
export const copied = join(repository, "test", "data", "zeek");

export const isText = (value: unknown): value is string => typeof value === "string";

/** Text of a notice for comparison: the time in whole microseconds. */
export const noticeText = (notice: SeenNotice) =>
  `${toMicroseconds(notice.time)} ${notice.note} ${notice.source}`;

/** The notices of a notice.log; none when there is no such file. */
export async function recordedNotices(file: string): Promise<SeenNotice[]> {
  const notices: SeenNotice[] = [];
  if (!existsSync(file)) return notices;
  await forEachRecord(file, { columns: ["ts", "note", "src"], required: ["ts"] }, (row) => {
    const [, note, source] = row.values;
    notices.push({ time: row.ts, note: isText(note) ? note : "", source: isText(source) ? source : "" });
  });
  return notices;
}

/** removal.txt: uid, start, removal, state, history. */
export function recordedRemovals(file: string): Map<string, number> {
  const removals = new Map<string, number>();
  for (const line of readFileSync(file, "latin1").split("\n")) {
    const [uid, , removal] = line.split(" ");
    if (uid !== undefined && removal !== undefined) removals.set(uid, Number(removal));
  }
  return removals;
}

/** Times of all packets of a pcap file, as Zeek has them. */
export function packetTimes(file: string): number[] {
  const bytes = readFileSync(file);
  const magic = bytes.readUInt32LE(0);
  const unit = magic === 0xa1b23c4d ? 1e9 : 1e6;
  const times: number[] = [];
  for (let at = 24; at + 16 <= bytes.length; at += 16 + bytes.readUInt32LE(at + 8)) {
    times.push(bytes.readUInt32LE(at) + bytes.readUInt32LE(at + 4) / unit);
  }
  return times;
}

/** Plays one conn.log through a detection. */
export async function play(
  file: string,
  make: (clock: ZeekClock) => Detection,
  options: EventOptions,
): Promise<Detection & { readonly problems: number }> {
  const clock = createClock();
  const detection = make(clock);
  const summary = await playEvents(
    [{ log: "conn", files: [file], columns: COLUMNS, kinds: ["new_connection", "connection_state_remove"] }],
    clock,
    options,
    (event) => detection.onEvent(event),
  );
  return { ...detection, problems: summary.diagnostics.length };
}

/** ts of every row, and the even heartbeat of the windows cases: the last row, a packet each 0.5 s. */
export async function heartbeatClock(file: string): Promise<number[]> {
  const times: number[] = [];
  let first = 0;
  let duration = 0;
  await forEachRecord(file, { columns: ["ts", "duration"], required: ["ts"] }, (row) => {
    times.push(row.ts);
    first = row.ts;
    duration = Number(row.values[1] ?? 0);
  });
  for (let k = 0; k <= Math.round(duration * 2); k++) times.push(first + k / 2);
  return times;
}
