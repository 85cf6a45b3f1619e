/**
 * The detections of the two posts and of `windows.zeek`, written by hand on zopf's model of Zeek, line
 * by line as their scripts are: what the conformance tests run.
 */
import type { ZeekEvent } from "../../src/zeek/connections/events.js";
import type { ZeekClock } from "../../src/zeek/tables/clock.js";
import { createExpiringTable, type Expiry } from "../../src/zeek/tables/expiring-table.js";
import { createSuppression } from "../../src/zeek/tables/suppression.js";
import { effectiveLocalNets } from "../../src/zeek/values/local-nets.js";
import { makePort, type Port } from "../../src/zeek/values/port.js";
import { isText } from "./helpers.js";

export interface SeenNotice {
  readonly time: number;
  readonly note: string;
  readonly source: string;
}

/** Columns that the detections read, in this order. */
export const COLUMNS = ["id.orig_h", "id.resp_h", "id.resp_p", "proto", "conn_state", "uid"] as const;

export interface Detection {
  readonly onEvent: (event: ZeekEvent) => void;
  readonly notices: readonly SeenNotice[];
}

interface Fields {
  readonly source: string;
  readonly target: string;
  readonly port: Port;
  readonly state: string | undefined;
}

function fieldsOf(event: ZeekEvent): Fields {
  const [source, target, port, proto, state] = event.values;
  return {
    source: isText(source) ? source : "",
    target: isText(target) ? target : "",
    port: makePort(isText(proto) ? proto : undefined, typeof port === "number" ? port : 0),
    state: isText(state) ? state : undefined,
  };
}

/** windows.zeek: three tables on connection_state_remove, one on new_connection; no suppression. */
export function windowsDetection(clock: ZeekClock): Detection {
  const notices: SeenNotice[] = [];
  const tables = (["write", "create", "read"] as const).map((expiry: Expiry) => ({
    note: `Windows::${expiry[0]?.toUpperCase()}${expiry.slice(1)}_Expire`,
    table: createExpiringTable<string, Set<Port>>(clock, { expiry, timeout: 60 }),
  }));
  const pairs = createExpiringTable<string, Set<Port>>(clock, { expiry: "create", timeout: 60 });
  return {
    notices,
    onEvent(event) {
      const { source, target, port, state } = fieldsOf(event);
      if (event.kind === "new_connection") {
        const key = `${source} ${target}`;
        if (!pairs.has(key)) pairs.assign(key, new Set());
        pairs.get(key)?.add(port);
        if (pairs.get(key)?.size === 5)
          notices.push({ time: clock.now(), note: "Windows::Pair_Create", source });
        return;
      }
      if (state !== "S0") return;
      for (const { note, table } of tables) {
        if (!table.has(source)) table.assign(source, new Set());
        table.get(source)?.add(port);
        if ((table.get(source)?.size ?? 0) >= 5) {
          notices.push({ time: clock.now(), note, source });
          table.delete(source);
        }
      }
    },
  };
}

/** The scripts of the two posts. */
export function exampleDetections(clock: ZeekClock): Detection {
  const notices: SeenNotice[] = [];
  const local = effectiveLocalNets();
  const suppression = createSuppression(clock);
  const sources = createExpiringTable<string, Set<Port>>(clock, { expiry: "write", timeout: 60 });
  const pairs = createExpiringTable<string, Set<Port>>(clock, { expiry: "create", timeout: 300 });
  const notice = (note: string, source: string, identifier: string | undefined) => {
    if (suppression.accept({ note, identifier, suppressFor: 3600 })) {
      notices.push({ time: clock.now(), note, source });
    }
  };
  return {
    notices,
    onEvent(event) {
      const { source, target, port, state } = fieldsOf(event);
      if (event.kind === "new_connection") {
        const key = `${source} ${target}`;
        if (!pairs.has(key)) pairs.assign(key, new Set());
        pairs.get(key)?.add(port);
        if (pairs.get(key)?.size === 20) notice("Scanning::Port_Scan_Detected", source, undefined);
        return;
      }
      if (state !== "S0" || local.has(source)) return;
      if (!sources.has(source)) sources.assign(source, new Set());
      sources.get(source)?.add(port);
      if ((sources.get(source)?.size ?? 0) >= 5) {
        notice("Port_Scan_S0_Detected", source, source);
        sources.delete(source);
      }
    },
  };
}
