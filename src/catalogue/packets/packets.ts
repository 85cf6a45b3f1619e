import type { Preset } from "../preset.js";

/** A scan by packets whose flags no program sends: Zeek's conn.log does not tell it from its kin. */
export function packetScan(
  scan: Preset["scan"],
  flags: string,
  words: { readonly title: string; readonly flags: string; readonly kin: string },
): Preset {
  return {
    scan,
    title: words.title,
    about: `Different ports of one source that got packets with ${words.flags}. conn.log does not tell them from ${words.kin}.`,
    protection:
      "No program sends such packets, neither at the beginning nor at the end of a transfer nor in answer to anything, so that neither backscatter, nor retransmission, nor a lost part makes one. Turned connections (`^`) are left out.",
    limits:
      "Zeek raises `tcp_packet` for every TCP packet as soon as one script handles it: for a link of some hundred Mbit/s at most. No log holds packets, so that it cannot be replayed. The source can be invented.",
    defaults: {
      threshold: 5,
      window: "1 min",
      source: "the example zeek-ossec-pf: five ports within a minute",
    },
    per: "source",
    message: `{source} sent packets with ${words.flags} to {count} ports`,
    pairMessage: `{source} sent packets with ${words.flags} to {count} ports of {target}`,
    description: `Zeek: ${words.title}`,
    level: 6,
    innocent: null,
    from: "outside",
    groups: ["zeek", "scan"],
    networks: null,
    packets: true,
    build: (c, { pair }) => ({
      event: "tcp_packet",
      where: c.sentWithFlags(flags),
      key: pair ? [c.source, c.target] : [c.source],
      count: { kind: "distinct", of: [c.targetPort] },
    }),
    captures: { must: [], may: [] },
  };
}
