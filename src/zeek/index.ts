/** The Zeek ground floor: logs, values, tables on Zeek's clock, events. Knows nothing of the DSL. */
export * from "./codes.js";
export {
  type ConnectionEventKind,
  type EventInput,
  type EventOptions,
  type EventSummary,
  playEvents,
  type ZeekEvent,
} from "./connections/events.js";
export { DEFAULT_WINDOW, type ReorderWindow } from "./connections/queue.js";
export { initialHistory, isFlipped } from "./connections/removal.js";
export { forEachRecord, type LogCursor, openLog, type ReadOptions } from "./logs/cursor.js";
export { type FoundLog, findLogs, identifyLog } from "./logs/find.js";
export { type MergedLogs, mergeByTime, mergeLogs } from "./logs/merge.js";
export { logNameOf } from "./logs/names.js";
export { NOTICE_COLUMNS, type NoticeConnection, type NoticeFields, noticeValues } from "./logs/notice.js";
export type { LogRow } from "./logs/rows.js";
export { type LogColumn, type LogType, type LogValue, parseLogType } from "./logs/types.js";
export {
  DEFAULT_TSV,
  formatJsonRow,
  formatTsvFooter,
  formatTsvHeader,
  formatTsvRow,
  type JsonTimestamps,
  type TsvStyle,
} from "./logs/write.js";
export { createClock, type ZeekClock } from "./tables/clock.js";
export { createExpiringTable, type ExpiringTable, type Expiry } from "./tables/expiring-table.js";
export { createSuppression, DEFAULT_SUPPRESSION, type NoticeSuppression } from "./tables/suppression.js";
export { type Address, canonicalAddress, compareAddresses, parseAddress } from "./values/address.js";
export { effectiveLocalNets } from "./values/local-nets.js";
export {
  formatDouble,
  formatIntervalText,
  formatJsonDouble,
  formatSeconds,
  fromMicroseconds,
  toMicroseconds,
} from "./values/numbers.js";
export { formatPort, makePort, type Port, parsePort, portNumber, portTransport } from "./values/port.js";
export {
  createSubnetSet,
  parseSubnet,
  type Subnet,
  type SubnetSet,
  subnetContains,
} from "./values/subnet.js";
