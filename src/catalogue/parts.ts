import type { Expression } from "../model/expression.js";
import type { Conditions } from "./conditions.js";
import type { Parts, Settings } from "./preset.js";

/** What several presets share: parts of conditions, and sentences of their documentation. */

/** Sources of numbers. */
export const seed = "the first seed: five ports within a minute";
export const formerScan = "Zeek's former misc/scan: 15 ports, 25 hosts, five minutes";
export const pairSeed = "the third seed: twenty ports of one host within five minutes";

export const keyOf = (c: Conditions, { pair }: Settings): readonly Expression[] =>
  pair ? [c.source, c.target] : [c.source];

/** Different ports of a source, or of a pair, at the removal of connections with such a history. */
export const ports =
  (where: (c: Conditions, settings: Settings) => Expression) =>
  (c: Conditions, settings: Settings): Parts => ({
    event: "connection_state_remove",
    where: where(c, settings),
    key: keyOf(c, settings),
    count: { kind: "distinct", of: [c.targetPort] },
  });

/** A datagram that is neither a probe of traceroute nor an answer of a server to a client. */
export const datagram = (c: Conditions, { traceroutePorts }: Settings): readonly Expression[] => [
  c.udp(),
  c.historyIs("D"),
  c.sourcePortAtLeast(1024),
  c.towardsLowerPort(),
  c.not(c.targetPortWithin(...traceroutePorts)),
];

/** The first packet, as a prober sends it: not a lone SYN-ACK, RST or piece of a transfer. */
export const probe = (c: Conditions, settings: Settings): Expression =>
  c.any(
    c.all(c.tcp(), c.any(c.historyIs("S", "Q", "I"), c.all(c.historyIs("F", "A", ""), c.towardsLowerPort()))),
    c.all(...datagram(c, settings)),
  );

export const flips = "Turned connections (`^`) are left out.";
export const oneway =
  "Backscatter (a lone SYN-ACK or RST: H, R) and either half of a transfer (data or ACKs) have other histories.";
export const lower =
  "Only packets toward a lower port count, so that the late FIN or ACK of a server, or one half of a transfer, does not name the server.";

/** What every preset on connections has in common. */
export const onConnections = { from: "outside", groups: ["zeek", "scan"], networks: null } as const;
