import { rmSync, writeFileSync } from "node:fs";
import { join } from "node:path";
import type { Model } from "../../src/model/model.js";
import { scratchFolder } from "../scratch-folder.js";
import { type Fired, replayed } from "./catalogue.js";

/** A row of conn.log; what is not said is an ordinary filtered SYN. */
export interface Row {
  readonly at: number;
  readonly from?: string;
  readonly fromPort?: number;
  readonly to?: string;
  readonly port?: number;
  readonly proto?: "tcp" | "udp" | "icmp";
  readonly state?: string;
  /** Empty: none. */
  readonly history?: string;
  readonly duration?: number;
  readonly packets?: number;
}

/** Neither is in `Site::local_nets`, nor is `third`. */
export const attacker = "66.132.172.191";
export const target = "162.212.157.188";
export const third = "45.33.32.156";

const start = 1_781_175_600;

function line(row: Row, index: number): string {
  const { at, from = attacker, fromPort = 45_000, to = target, port = 80, proto = "tcp" } = row;
  const { state = "S0", history = "S", duration = null, packets = 1 } = row;
  return [
    (start + at).toFixed(6),
    `C${index}`,
    from,
    fromPort,
    to,
    port,
    proto,
    duration === null ? "-" : duration.toFixed(6),
    state,
    history === "" ? "-" : history,
    packets,
  ].join("\t");
}

const head = [
  "#separator \\x09",
  "#set_separator\t,",
  "#empty_field\t(empty)",
  "#unset_field\t-",
  "#path\tconn",
  "#fields\tts\tuid\tid.orig_h\tid.orig_p\tid.resp_h\tid.resp_p\tproto\tduration\tconn_state\thistory\torig_pkts",
  "#types\ttime\tstring\taddr\tport\taddr\tport\tenum\tinterval\tstring\tstring\tcount",
];

/** What a model's detections say to these connections. */
export async function firedOn(model: Model, rows: readonly Row[]): Promise<readonly Fired[]> {
  const folder = scratchFolder("traffic");
  try {
    const file = join(folder, "conn.log");
    // Lines stand in the order of removal.
    const last = ({ at, duration = 0 }: Row): number => at + duration;
    const sorted = [...rows].sort((a, b) => last(a) - last(b));
    writeFileSync(file, `${[...head, ...sorted.map(line)].join("\n")}\n`);
    return await replayed(model, file);
  } finally {
    rmSync(folder, { recursive: true });
  }
}

/** `count` rows, each made from its number (0, 1, ...). */
export function rows(count: number, make: (index: number) => Row): readonly Row[] {
  return Array.from({ length: count }, (_, index) => make(index));
}

/** The host with this number in the attacked network. */
export function host(number: number): string {
  return `162.212.157.${number + 1}`;
}
