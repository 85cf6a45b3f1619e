/** What a row of conn.log says about when its connection was removed; times in epoch seconds. */
export interface ConnectionFacts {
  readonly ts: number;
  /** Last packet - first packet; undefined for one packet. */
  readonly duration: number | undefined;
  readonly proto: string | undefined;
  readonly state: string | undefined;
  readonly history: string | undefined;
}

const INACTIVE_TCP = 300;
const INACTIVE_OTHER = 60;
const CLOSED_TCP = 5;
const HALF_OPEN = new Set(["S1", "S2", "S3"]);
const ONLY_ACK_OR_DATA = /^\^?[ADad]*$/;

const slowHistories = new Map<string, boolean>();

function isSlowHistory(history: string): boolean {
  const known = slowHistories.get(history);
  if (known !== undefined) return known;
  if (slowHistories.size > 10_000) slowHistories.clear();
  const slow = ONLY_ACK_OR_DATA.test(history);
  slowHistories.set(history, slow);
  return slow;
}

/** Seconds that Zeek keeps a connection after its last packet (spec/zeek.md 3.2, 3.3). */
export function removalDelay(facts: ConnectionFacts): number {
  if (facts.proto !== "tcp") return INACTIVE_OTHER;
  const { state } = facts;
  if (state === undefined) return CLOSED_TCP;
  if (HALF_OPEN.has(state)) return INACTIVE_TCP;
  return state === "OTH" && isSlowHistory(facts.history ?? "") ? INACTIVE_TCP : CLOSED_TCP;
}

/** When the connection is due for removal, if neither the order of the log nor the trace's end says else. */
export function naturalRemoval(facts: ConnectionFacts): number {
  const fromFirst = facts.proto === "tcp" && facts.state === "S0";
  return (fromFirst ? facts.ts : facts.ts + (facts.duration ?? 0)) + removalDelay(facts);
}

/** Time of a connection's last packet. */
export function lastPacket(facts: ConnectionFacts): number {
  return facts.ts + (facts.duration ?? 0);
}

/** Whether Zeek swapped originator and responder, so that `orig_h` is the probe's target (spec/zeek.md 3.7). */
export function isFlipped(history: string | undefined): boolean {
  return history?.startsWith("^") ?? false;
}

/** `c$history` as `new_connection` sees it: the flip mark and the first letter. */
export function initialHistory(history: string | undefined): string {
  if (history === undefined) return "";
  return isFlipped(history) ? history.slice(0, 2) : history.slice(0, 1);
}
