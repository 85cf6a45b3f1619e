import type { Expression } from "../model/expression.js";
import type { Conditions } from "./conditions.js";
import { histories } from "./histories.js";
import type { Parts, Settings } from "./preset.js";

/** What several presets share: parts of conditions, and sentences of their documentation. */

/** Sources of numbers. */
export const scanExample = "the example zeek-ossec-pf: five ports within a minute";
export const idleClients =
  "Zeek's former misc/scan: 15 ports, five minutes; a client whose idle connections are all gone has fewer";
export const formerScan = "Zeek's former misc/scan: 15 ports, 25 hosts, five minutes";
export const pairExample = "the example zeek-pair-scan: twenty ports of one host within five minutes";

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

/**
 * Ports that clients take for themselves begin here on Linux; elsewhere higher (RFC 6335), where not at 1024. What goes
 * to one of them may be a server's half of a transfer.
 */
const firstClientPort = 32_768;

/** Toward a port that is lower than the sender's and that a server may have. */
export const towardsServer = (c: Conditions): Expression =>
  c.all(c.towardsLowerPort(), c.targetPortBelow(firstClientPort));

/** A datagram that is neither a probe of traceroute nor an answer of a server to a client. */
export const datagram = (c: Conditions, { traceroutePorts }: Settings): readonly Expression[] => [
  c.udp(),
  c.historyIs("D"),
  c.sourcePortAtLeast(1024),
  towardsServer(c),
  c.not(c.targetPortWithin(...traceroutePorts)),
];

/** The first packet, as a prober sends it: not a lone SYN-ACK, RST or piece of a transfer. */
export const probe = (c: Conditions, settings: Settings): Expression =>
  c.any(
    c.all(
      c.tcp(),
      c.any(
        c.history(histories.firstSyn),
        c.all(c.any(c.history(histories.firstFinOrAck), c.historyIs("")), towardsServer(c)),
      ),
    ),
    c.all(...datagram(c, settings)),
  );

export const flips = "Turned connections (`^`) are left out.";
export const oneway =
  "Backscatter (a lone SYN-ACK or RST: H, R) and either half of a transfer (data or ACKs) have other histories.";
export const lower =
  "Only packets toward a lower port below 32768 count, so that the late FIN or ACK of a server, or one half of a transfer, does not name the server.";

/** What every preset on connections has in common. */
export const onConnections = { from: "outside", groups: ["zeek", "scan"], networks: null } as const;
