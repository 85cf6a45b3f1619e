import { archive } from "../../src/archive/archive.js";
import { type ReplayOptions, replayDetections } from "../../src/detections/replay.js";
import type { DetectionOutput } from "../../src/detections/types.js";
import { openDuckdbStore } from "../../src/hunt/duckdb-store.js";
import { zeekNames } from "../../src/hunt/names.js";
import { Hunt, type HuntOptions } from "../../src/hunt/prepare.js";
import type { Store } from "../../src/hunt/store.js";
import type { NoticeLog, ZeekDetectionModel } from "../../src/model/model.js";
import { archivedOptions, filesByLog } from "../../src/replay/zeek-source.js";
import { naturalRemoval } from "../../src/zeek/connections/removal.js";
import { areRotated, findLogs } from "../../src/zeek/logs/find.js";
import { effectiveLocalNets, PRIVATE_ADDRESS_SPACE } from "../../src/zeek/values/local-nets.js";

export const noticeLog: NoticeLog = {
  kind: "notice.log",
  format: "tsv",
  file: "/var/log/zeek/current/notice.log",
};

/** Whether DuckDB's package is here; tests that need it say so. */
export async function hasDuckdb(): Promise<boolean> {
  try {
    await import("@duckdb/node-api");
    return true;
  } catch {
    console.log("skipped: @duckdb/node-api is not installed");
    return false;
  }
}

export interface Outcome {
  readonly outputs: readonly DetectionOutput[];
  /** Keys that fired, suppressed or not, by detection. */
  readonly hits: readonly string[];
}

async function play(
  options: Partial<ReplayOptions>,
  detections: readonly ZeekDetectionModel[],
): Promise<Outcome> {
  const outputs: DetectionOutput[] = [];
  await replayDetections(
    { detections, noticeLog, conn: [], localNets: effectiveLocalNets(), ...options },
    (output) => outputs.push(structuredClone(output)),
  );
  return {
    outputs,
    hits: outputs.map((output) => JSON.stringify([output.kind, output.detection, output.time])),
  };
}

/** The replay of the logs below a folder. */
export async function replayed(folder: string, detections: readonly ZeekDetectionModel[]): Promise<Outcome> {
  const { logs } = await findLogs([folder]);
  const conn = logs.filter(({ log }) => log === "conn");
  return play(
    {
      conn: conn.map(({ file }) => file),
      logs: filesByLog(logs.filter(({ log }) => log !== "conn")),
      trace: areRotated(conn) ? "live" : "offline",
    },
    detections,
  );
}

/** An archive of the logs below a folder, opened. */
export async function archived(folder: string, into: string): Promise<Store> {
  const made = await archive({ paths: [folder], into });
  if (!made.ok) throw new Error(JSON.stringify(made.diagnostics));
  return opened(into);
}

export async function opened(path: string): Promise<Store> {
  const store = await openDuckdbStore(
    { path, log: "conn", table: null },
    { names: zeekNames, range: { from: null, to: null } },
  );
  if (!store.ok) throw new Error(JSON.stringify(store.diagnostics));
  return store.store;
}

/** The hunt on a store. */
export async function hunted(
  store: Store,
  detections: readonly ZeekDetectionModel[],
  options: Partial<Omit<HuntOptions, "store">> = {},
): Promise<Outcome & { readonly hunt: Hunt; readonly codes: readonly string[] }> {
  const hunt = new Hunt({
    store,
    localNets: PRIVATE_ADDRESS_SPACE,
    exactCaps: false,
    maxRows: Number.POSITIVE_INFINITY,
    ...options,
  });
  const prepared = await hunt.prepare(detections, null);
  if (!prepared.ok) throw new Error(JSON.stringify(prepared.diagnostics));
  const outcome = await play(archivedOptions(prepared), detections);
  return { ...outcome, hunt, codes: prepared.diagnostics.map(({ code }) => code) };
}

/** When a row was written by what it says itself: a table has no other order. */
export function writtenAt(row: string): number {
  const [ts = "", , , , , , proto, , duration = "-", , , state, , , history = "-"] = row.split("\t");
  const last = Number(ts) + (duration === "-" ? 0 : Number(duration));
  return naturalRemoval(Number(ts), last, proto, state === "-" ? undefined : state, () =>
    history === "-" ? undefined : history === "(empty)" ? "" : history,
  );
}
