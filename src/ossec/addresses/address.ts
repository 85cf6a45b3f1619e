/**
 * One entry of `<srcip>`, `<dstip>` or a white list, as the engine keeps it (spec/ossec.md 9).
 * Addresses are 128 bit numbers as 16 bytes; IPv4 is kept as IPv4-mapped.
 */
export interface AddressEntry {
  /** As written, `!` included. */
  readonly text: string;
  readonly negated: boolean;
  readonly kind: "any" | "ipv4" | "ipv6";
  /** Network part (host bits already cleared), 4 or 16 bytes. Empty for `any`. */
  readonly network: readonly number[];
  /** Prefix length within its family: 0..32 or 0..128. */
  readonly prefix: number;
}
