import { fileStatus } from "../files/file-status.js";
import type { ReadingWatch } from "../files/reading-watch.js";
import type { NoticeLog, ZeekDetectionModel } from "../model/model.js";
import { connectionReading, type EventInput } from "../zeek/connections/events.js";
import type { LogCursor } from "../zeek/logs/cursor.js";
import {
  createRemoteLogs,
  type Port,
  type ReadAnswer,
  type Reading,
  type RemoteLogs,
} from "../zeek/logs/remote.js";
import { effectiveLocalNets } from "../zeek/values/local-nets.js";
import { parseSubnet } from "../zeek/values/subnet.js";
import { bindConnections, isReplayedEvent, type Valued } from "./binding.js";
import { connectionInput } from "./conn-input.js";
import { createEngine } from "./engine.js";

/** What the reading thread is reported; plain data. */
export interface ReaderData {
  /** Those on conn.log's events, in their order. */
  readonly detections: readonly ZeekDetectionModel[];
  readonly noticeLog: NoticeLog;
  /** The site's networks, as the bundle has them. */
  readonly siteNets: readonly string[];
}

/** How conn.log is read for detections: which rows they want is found out where the rows are read. */
export function readingFor({ detections, noticeLog, siteNets }: ReaderData): Reading {
  const binding = bindConnections(detections);
  const engine = createEngine<Valued>({
    detections,
    noticeLog,
    localNets: effectiveLocalNets(siteNets.flatMap((text) => parseSubnet(text) ?? [])),
    emit: () => undefined,
    isEarly: binding.isEarly,
    complete: (row) => row.rest?.(),
    readerOf: (event) => (isReplayedEvent(event) ? binding.reader(event) : () => () => undefined),
  });
  return connectionReading(connectionInput(engine, binding, []));
}

/** Reads logs elsewhere: in a thread of its own. */
export interface LogReader {
  /** Undefined: better read here. */
  open(file: string): LogCursor | undefined;
  close(): Promise<void>;
}

/** Where logs are read. */
export interface ReadingPlace {
  /** Smaller logs (bytes as stored) are read by who asks. */
  readonly from: number;
  /** Null: there is no such place here. */
  readonly connect: (
    data: ReaderData,
    fail: (reason: unknown) => void,
  ) => { readonly port: Port<ReadAnswer>; readonly close: () => Promise<unknown> } | null;
}

/** The reader of conn.log for an input. The other place is connected to with the first log that is large enough. */
export function createLogReader(
  data: ReaderData,
  input: EventInput,
  place: ReadingPlace,
  watch?: ReadingWatch,
): LogReader {
  let started: { readonly logs: RemoteLogs; readonly close: () => Promise<unknown> } | null | undefined;
  const start = (): typeof started => {
    const way = place.connect(data, (reason) => started?.logs.fail(reason));
    if (way === null) return null;
    return { logs: createRemoteLogs(way.port, connectionReading(input).look, watch), close: way.close };
  };
  return {
    open(file) {
      const stat = file === "-" ? null : fileStatus(file);
      if (stat?.isFile() !== true || stat.size < place.from) return undefined;
      if (started === undefined) started = start();
      return started?.logs.open(file);
    },
    async close() {
      await started?.close();
    },
  };
}
