/**
 * Histories (spec/zeek.md 3.2, 3.5) as Zeek's patterns for `==`. A letter comes once for each thing seen;
 * T, C and W (retransmission, bad checksum, zero window) may stand anywhere and change nothing.
 */
export const histories = {
  /** SYN, no answer: S0. */
  silent: "S[STCW]*",
  /** SYN, RST: REJ. */
  refused: "S[STCW]*r[SRTCWrtcw]*",
  /** SYN, then silence, RST, or SYN-ACK and the originator's RST: what no program's connection looks like. */
  probed: "S[STCW]*(r[SRTCWrtcw]*|h[STCWhtcw]*R[A-Za-z]*)?",
  /** SYN, and whatever came then, without a byte of the originator's and without a gap in the capture. */
  dataless: "S[^DGg]*",
  /** SYN, and no handshake: neither ACK nor data of the originator's. */
  unfinished: "S[STCW]*([rh][STCWRrhtcw]*)?",
  /** Handshake done: the originator's address is not invented. */
  handshake: "S.*h.*A.*",
  /** FIN without SYN and without data: FIN, Xmas and Maimon scans. */
  fin: "F[FTCW]*[rtc]*",
  /** Neither SYN, FIN, RST nor ACK from the originator, answered by RST; unanswered it is empty. */
  nothing: "r[rtc]*",
  /** Nothing but pure ACKs: ACK and window scans. */
  ack: "A[ATCW]*[rtc]*",
  /** SYN with FIN, or with RST. */
  synFin: "Q[A-Za-z]*",
  /** SYN with flags that contradict it. */
  bogus: "[QI][A-Za-z]*",
} as const;
