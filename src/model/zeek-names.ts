import type { NoticeLog, OwnLogModel, ZeekDetectionModel } from "./model.js";

/**
 * Names of what one detection adds to its bundle's module. All begin with the detection's identifier (lower
 * case) or its name (upper case first); no ending is the ending of another one, so that two detections of
 * one bundle never meet.
 */
export interface DetectionNames {
  readonly threshold: string;
  readonly window: string;
  readonly suppress: string;
  readonly keys: string;
  readonly members: string;
  /** Hook: exempt an event. */
  readonly exempt: string;
  /** Event: something to count, sent to the node that owns the key. */
  readonly seen: string;
  /** Table of what is counted. */
  readonly recent: string;
  /** Record type and function of a sliding sum. */
  readonly history: string;
  readonly shorten: string;
  /** Function that tells of a full table, and its memory. */
  readonly refuse: string;
  readonly refused: string;
  readonly since: string;
  /** Functions that make room in a full table, and when the next look for room may be. */
  readonly room: string;
  readonly forget: string;
  readonly crowded: string;
  /** Function that the package's tests call: whether an event counts. */
  readonly counts: string;
  /** Functions that are parts of its expressions; a number follows. */
  readonly part: string;
  /** Notice type. */
  readonly capacity: string;
  /** Stream and columns record of the own log. */
  readonly stream: string;
  readonly columns: string;
}

export function namesOf(detection: ZeekDetectionModel): DetectionNames {
  const id = detection.identifier;
  return {
    threshold: `${id}_threshold`,
    window: `${id}_window`,
    suppress: `${id}_suppress`,
    keys: `${id}_keys`,
    members: `${id}_members`,
    exempt: `${id}_exempt`,
    seen: `${id}_seen`,
    recent: `${id}_recent`,
    history: `${id}_history`,
    shorten: `${id}_shorten`,
    refuse: `${id}_refuse`,
    refused: `${id}_refused`,
    since: `${id}_since`,
    room: `${id}_room`,
    forget: `${id}_forget`,
    crowded: `${id}_crowded`,
    counts: `${id}_counts`,
    part: `${id}_part`,
    capacity: capacityNotice(detection.name),
    stream: `${detection.name}_LOG`,
    columns: `${detection.name}_Info`,
  };
}

/** The notice that tells of a full table, without its module: `Port_Scan_S0_Detected_Capacity`. */
export function capacityNotice(detection: string): string {
  return `${detection}_Capacity`;
}

/** What the capacity notices' rule is called in the lock file; no detection's name ends so. */
export const capacityRule = "Zeek_Capacity";

/** What the capacity notice says; the replay writes the same. */
export function capacityMessage({ name, count }: ZeekDetectionModel, keys: number | "%d"): string {
  const end = makesRoom(count)
    ? "those with the least are forgotten"
    : "new ones are not counted until others expire";
  return `${name} follows ${keys} keys, as many as it may: ${end}`;
}

/**
 * Whether keys with little make room for new ones where the table is full. An amount does not tell who has come
 * how far: one event may bring any.
 */
export function makesRoom({ kind }: ZeekDetectionModel["count"]): boolean {
  return kind !== "sum";
}

/** Columns of the dedicated notice log, in the order in which Zeek writes them (docs/reference/zeek.md#dedicated-notice-log). */
export const dedicatedColumns = ["ts", "note", "msg", "src", "dst"] as const;

/** A column's name in the log of notices: in the dedicated one that of the address may hold a key, which no other line has. */
export function dedicatedName(log: NoticeLog, column: string): string {
  if (column !== "src" || log.kind !== "dedicated") return column;
  return log.key === null ? log.source : `src_${log.key}`;
}

/** `port_scan.log` in the bundle's own words. */
export function logFile(log: OwnLogModel): string {
  return `${log.path}.log`;
}
