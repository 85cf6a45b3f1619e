import type { RecordKey } from "../logs/merge.js";
import type { LogValue } from "../logs/types.js";
import { lastPacket, naturalRemoval } from "./removal.js";

/** A flow at least this long (s) may be a clock of its own: its packets are counted. */
export const STEADY_FROM = 10;

/** When the connection of a row was removed; notes what the row says on the way. */
export interface RemovalKey extends RecordKey {
  natural: number;
  last: number;
  packets: number;
}

const textOf = (value: LogValue): string | undefined => (typeof value === "string" ? value : undefined);

/** Columns asked for and behind them those that the removal estimate needs. */
export function removalKeys(asked: readonly string[], removals: ReadonlyMap<string, number> | undefined) {
  const columns = [...asked];
  const placeOf = (name: string): number => {
    const at = columns.indexOf(name);
    return at >= 0 ? at : columns.push(name) - 1;
  };
  const duration = placeOf("duration");
  const proto = placeOf("proto");
  const state = placeOf("conn_state");
  const history = placeOf("history");
  const sent = placeOf("orig_pkts");
  const received = placeOf("resp_pkts");
  const uid = removals === undefined ? -1 : placeOf("uid");

  const make = (): RemovalKey => {
    let previous = Number.NEGATIVE_INFINITY;
    const facts = { ts: 0, duration: 0, proto: textOf(""), state: textOf(""), history: textOf("") };
    const key: RemovalKey = {
      natural: 0,
      last: 0,
      packets: 0,
      of(row) {
        const { values } = row;
        const seconds = values[duration];
        facts.ts = row.ts;
        facts.duration = typeof seconds === "number" ? seconds : 0;
        facts.proto = textOf(values[proto]);
        facts.state = textOf(values[state]);
        // The only state of which the history tells more.
        if (facts.state === "OTH") {
          row.rest();
          facts.history = textOf(values[history]);
        } else facts.history = undefined;
        key.natural = naturalRemoval(facts);
        key.last = lastPacket(facts);
        if (facts.duration >= STEADY_FROM)
          key.packets = Number(values[sent] ?? 0) + Number(values[received] ?? 0);
        const known = uid < 0 ? undefined : textOf(values[uid]);
        const removal = (known === undefined ? undefined : removals?.get(known)) ?? key.natural;
        if (removal > previous) previous = removal;
        return previous;
      },
    };
    return key;
  };
  /** Those that `make`'s keys read of every row. */
  const always = ["duration", "proto", "conn_state", "uid"];
  return { columns, always, make };
}
