/** What a packet filter's line does with what it matches (nft, iptables, ipfw). */
const stops = /\b(?:drop|reject|deny|unreach|reset)\b/i;
const passes = /\b(?:accept|allow|permit|pass|return)\b/i;

function linesOnlyIn(one: string, other: string, wanted: RegExp): readonly string[] {
  const known = new Set(other.split("\n"));
  return one.split("\n").filter((line) => !known.has(line) && wanted.test(line));
}

/**
 * Whether a packet filter's file lets more through than another: fewer of its lines stop packets, or more of
 * them let packets pass.
 */
export function letsMoreThrough(before: string, after: string): boolean {
  const lost = linesOnlyIn(before, after, stops).length;
  const gained = linesOnlyIn(after, before, stops).length;
  const opened = linesOnlyIn(after, before, passes).length - linesOnlyIn(before, after, passes).length;
  return lost > gained || (lost === gained && opened > 0);
}
