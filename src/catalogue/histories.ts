/** What the originator may add to its SYN before an answer: its own RST, or data that it sends blindly. */
const alone = "[STCWRD]*";

/**
 * Histories (docs/reference/zeek.md#removal-of-connections, #history-letters) as Zeek's patterns for `==`. A letter comes once for each thing seen;
 * T, C and W (retransmission, bad checksum, zero window) may stand anywhere and change nothing.
 */
export const histories = {
  /** SYN, no answer: S0. No pure ACK, which is one half of a transfer. */
  silent: `S${alone}`,
  /** SYN, RST: REJ. */
  refused: `S${alone}r[SRDTCWrtcw]*`,
  /**
   * SYN, then silence, RST, or SYN-ACK and the originator's RST, which may have come before: what no program's
   * connection looks like.
   */
  probed: `S(${alone}(r[SRDTCWrtcw]*|h[STCWhtcw]*R[A-Za-z]*)?|[STCWD]*R${alone}h[A-Za-z]*)`,
  /** SYN, and whatever came then, without a byte of the originator's but blind ones, and without a gap. */
  dataless: `S([^DGg]*|${alone})(r[SRDTCWrtcw]*)?`,
  /** SYN, and no handshake: neither ACK nor data of the originator's but blind data. */
  unfinished: `S${alone}([rh][STCWRrhtcw]*)?`,
  /**
   * Handshake done, and the responder agrees: the originator's address is not invented. An ACK alone proves nothing,
   * for it can be sent blindly: who gets one with a wrong number answers by RST, or by an ACK of its own where the
   * sequence number is wrong, too. So the responder has sent data or FIN, or has not objected at all.
   */
  handshake: "S(.*h.*[AD].*[df].*|[STCW]*h[STCWhtcw]*A[A-Zhtcw]*)",
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
  /** At the first packet: SYN, also with data or with flags that contradict it. */
  firstSyn: "[SQI].*",
  /** At the first packet: FIN or a pure ACK. */
  firstFinOrAck: "[FA].*",
} as const;
