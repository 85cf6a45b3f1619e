import type { LogValue } from "../logs/types.js";

const INACTIVE_TCP = 300;
const INACTIVE_OTHER = 60;
const CLOSED_TCP = 5;
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

/**
 * Seconds that Zeek keeps a connection after its last packet (docs/reference/zeek.md#removal-of-connections, #replaying-connlog); of a lone SYN, after its
 * first. `history` is asked for only where it tells more than the state.
 */
function removalDelay(proto: LogValue, state: LogValue, history: () => LogValue): number {
  if (proto !== "tcp") return INACTIVE_OTHER;
  switch (state) {
    case "S1":
    case "S2":
    case "S3":
      return INACTIVE_TCP;
    case "OTH":
      return isSlowHistory(textOf(history()) ?? "") ? INACTIVE_TCP : CLOSED_TCP;
    default:
      return CLOSED_TCP;
  }
}

/** When the connection is due for removal, if neither the order of the log nor the trace's end says else. */
export function naturalRemoval(
  first: number,
  last: number,
  proto: LogValue,
  state: LogValue,
  history: () => LogValue,
): number {
  const isHalf = state === "S0" && proto === "tcp";
  return (isHalf ? first : last) + removalDelay(proto, state, history);
}

const textOf = (value: LogValue): string | undefined => (typeof value === "string" ? value : undefined);

/**
 * Whether Zeek swapped originator and responder, so that `orig_h` is the probe's target (docs/reference/zeek.md#turned-connections). The
 * mark stands first, or behind the letters from before the swap: `D^` of an answer from port 53 to port 53.
 */
export function isFlipped(history: string): boolean {
  return history.includes("^");
}

/**
 * `c$history` behind the first packet, as `new_connection` sees it once it has looked the connection up: the flip
 * mark and the first letter (docs/reference/zeek.md#what-is-known-at-each-event). A first packet without SYN, FIN, RST, ACK and data leaves no
 * letter: then the first one is the answer's, in lower case, or `X` (analysis cut short).
 *
 * @param packets those of the originator, where they are known: a SYN that was the only one has left all letters
 */
export function initialHistory(history: string | undefined, packets?: number): string {
  if (history === undefined) return "";
  const known = packets === 1 && history.startsWith("ST") ? "ST" : undefined;
  return known ?? /^(?:\^[A-Za-z]?|D\^|[A-WYZ])/.exec(history)?.[0] ?? "";
}
