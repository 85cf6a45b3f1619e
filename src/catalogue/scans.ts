import type { ScanKind } from "../dsl/scan.js";
import type { Expression } from "../model/expression.js";
import type { Conditions } from "./conditions.js";
import { histories } from "./histories.js";
import type { Parts, Preset, Settings } from "./preset.js";

const seed = "the first seed: five ports within a minute";
const formerScan = "Zeek's former misc/scan: 15 ports, 25 hosts, five minutes";
const pairSeed = "the third seed: twenty ports of one host within five minutes";

const keyOf = (c: Conditions, { pair }: Settings): readonly Expression[] =>
  pair ? [c.source, c.target] : [c.source];

/** Different ports of a source, or of a pair, at the removal of connections with such a history. */
const ports =
  (where: (c: Conditions, settings: Settings) => Expression) =>
  (c: Conditions, settings: Settings): Parts => ({
    event: "connection_state_remove",
    where: where(c, settings),
    key: keyOf(c, settings),
    count: { kind: "distinct", of: [c.targetPort] },
  });

/** A datagram that is neither a probe of traceroute nor an answer of a server to a client. */
const datagram = (c: Conditions, { traceroutePorts }: Settings): readonly Expression[] => [
  c.udp(),
  c.historyIs("D"),
  c.sourcePortAtLeast(1024),
  c.towardsLowerPort(),
  c.not(c.targetPortWithin(...traceroutePorts)),
];

/** The first packet, as a prober sends it: not a lone SYN-ACK, RST or piece of a transfer. */
const probe = (c: Conditions, settings: Settings): Expression =>
  c.any(
    c.all(c.tcp(), c.any(c.historyIs("S", "Q", "I"), c.all(c.historyIs("F", "A", ""), c.towardsLowerPort()))),
    c.all(...datagram(c, settings)),
  );

const flips = "Turned connections (`^`) are left out.";
const oneway =
  "Backscatter (a lone SYN-ACK or RST: H, R) and either half of a transfer (data or ACKs) have other histories.";
const lower =
  "Only packets toward a lower port count, so that the late FIN or ACK of a server, or one half of a transfer, does not name the server.";

const portPresets: readonly Preset[] = [
  {
    scan: "half-open",
    title: "Half-open scan of filtered ports (S0)",
    about: "Different TCP ports of one source whose SYN stayed without any answer.",
    protection: `${flips} ${oneway} A repeated SYN is the same port. UDP (S0, too) does not count.`,
    limits: "Closed and open ports answer: see `rejected` and `connect`. An invented source cannot be told.",
    defaults: { threshold: 5, window: "1 min", source: seed },
    per: "source",
    message: "{source} sent SYNs to {count} ports without an answer",
    pairMessage: "{source} sent SYNs to {count} ports of {target} without an answer",
    description: "Zeek: half-open scan (ports in state S0)",
    level: 6,
    innocent: null,
    build: ports((c) => c.all(c.tcp(), c.history(histories.silent))),
    captures: { must: ["connect", "frag", "random-scan", "syn-filtered", "syn6"], may: [] },
  },
  {
    scan: "rejected",
    title: "Scan of closed ports (REJ)",
    about: "Different TCP ports of one source whose SYN was answered by a RST.",
    protection: `${flips} ${oneway} A client that tries one closed port again and again stays at one.`,
    limits: "Filtered ports do not answer: see `half-open`.",
    defaults: { threshold: 15, window: "5 min", source: formerScan },
    per: "source",
    message: "{source} was refused on {count} ports",
    pairMessage: "{source} was refused on {count} ports of {target}",
    description: "Zeek: scan of closed ports (REJ)",
    level: 6,
    innocent: null,
    build: ports((c) => c.all(c.tcp(), c.history(histories.refused))),
    captures: { must: ["connect", "frag", "syn-closed", "syn6"], may: [] },
  },
  {
    scan: "connect",
    title: "Connect or SYN scan, whatever the ports answer",
    about:
      "Different TCP ports of one source to which it sent a SYN and not one byte: refused, silent, or opened and closed at once. " +
      "A connect scan differs from a SYN scan only at open ports, in one ACK.",
    protection: `${flips} ${oneway} Connections with data or with a gap in the capture do not count.`,
    limits: "A scan that sends data to open ports is counted at the others alone.",
    defaults: { threshold: 15, window: "5 min", source: formerScan },
    per: "source",
    message: "{source} tried {count} ports and sent nothing",
    pairMessage: "{source} tried {count} ports of {target} and sent nothing",
    description: "Zeek: port scan (SYN or connect)",
    level: 6,
    innocent: null,
    build: ports((c) => c.all(c.tcp(), c.history(histories.dataless))),
    captures: {
      must: ["connect", "frag", "random-scan", "syn-closed", "syn-filtered", "syn6"],
      may: [],
    },
  },
  {
    scan: "any-state",
    title: "Port scan of one host, of any kind",
    about:
      "Different TCP and UDP ports of one source on one host, at the first packet, whatever becomes of it: the third seed, without its false alarms.",
    protection: `${flips} First packets with SYN-ACK, RST or data (backscatter, the middle of a transfer) do not count. ${lower} Datagrams from ports below 1024 (answers) and to traceroute's ports do not count.`,
    limits: "A busy client of twenty services of one host is no scanner: exempt it with `where`.",
    defaults: { threshold: 20, window: "5 min", source: pairSeed },
    per: "pair",
    message: "{source} probed {count} ports",
    pairMessage: "{source} probed {count} ports of {target}",
    description: "Zeek: port scan of any kind",
    level: 6,
    innocent: null,
    build: (c, settings) => ({
      event: "new_connection",
      where: probe(c, settings),
      key: keyOf(c, settings),
      count: { kind: "distinct", of: [c.targetPort] },
    }),
    captures: {
      must: [
        "ack",
        "connect",
        "fin",
        "frag",
        "maimon",
        "null",
        "syn-closed",
        "syn-filtered",
        "syn6",
        "udp",
        "window",
        "xmas",
      ],
      may: [],
    },
  },
  {
    scan: "udp",
    title: "UDP scan of one host",
    about: "Different UDP ports of one source on one host that gave no answer, or only an ICMP error.",
    protection: `${flips} Datagrams from ports below 1024 are taken for answers of a server; of servers on higher ports that are heard one way only, lower ports than their own have to be touched. Traceroute's ports do not count. The ICMP errors, which go the other way, do not count.`,
    limits:
      "It is told when the connections go: 60 s after the last datagram. A scanner that sends from a lower port than it probes is not counted.",
    defaults: { threshold: 15, window: "5 min", source: formerScan },
    per: "pair",
    message: "{source} sent datagrams to {count} ports without an answer",
    pairMessage: "{source} sent datagrams to {count} ports of {target} without an answer",
    description: "Zeek: UDP scan",
    level: 6,
    innocent: null,
    build: ports((c, settings) => c.all(...datagram(c, settings))),
    captures: { must: ["udp"], may: [] },
  },
];

const stealthPresets: readonly Preset[] = [
  {
    scan: "fin",
    title: "FIN, Xmas and Maimon scans",
    about:
      "Different ports of one source whose first packet had FIN and no SYN: conn.log does not tell the three apart (history F).",
    protection: `${flips} ${lower} A connection that was seen to begin has other letters.`,
    limits:
      "Telling the three apart needs the event tcp_packet, for each TCP packet: too dear for a busy link. A scanner that sends from a lower port than it probes is not counted.",
    defaults: { threshold: 5, window: "1 min", source: seed },
    per: "source",
    message: "{source} sent FINs out of nowhere to {count} ports",
    pairMessage: "{source} sent FINs out of nowhere to {count} ports of {target}",
    description: "Zeek: stealth scan (FIN, Xmas or Maimon)",
    level: 6,
    innocent: null,
    build: ports((c) => c.all(c.tcp(), c.history(histories.fin), c.towardsLowerPort())),
    captures: { must: ["fin", "maimon", "xmas"], may: [] },
  },
  {
    scan: "null",
    title: "NULL scan",
    about:
      "Different ports of one source whose packets had none of SYN, FIN, RST and ACK: NULL, or PSH and URG alone.",
    protection: `${flips} ${lower}`,
    limits:
      "Ports that do not answer are told after five minutes, or at the end of a trace. A scanner that sends from a lower port than it probes is not counted.",
    defaults: { threshold: 5, window: "1 min", source: seed },
    per: "source",
    message: "{source} sent packets without flags to {count} ports",
    pairMessage: "{source} sent packets without flags to {count} ports of {target}",
    description: "Zeek: stealth scan (NULL)",
    level: 6,
    innocent: null,
    build: ports((c) =>
      c.all(c.tcp(), c.any(c.historyIs(""), c.history(histories.nothing)), c.towardsLowerPort()),
    ),
    captures: { must: ["null"], may: [] },
  },
  {
    scan: "ack",
    title: "ACK and window scans",
    about:
      "Different ports of one source that got nothing but pure ACKs, answered by a RST or not at all. conn.log does not tell the two apart.",
    protection: `${flips} ${lower} An answer other than a RST, as a living connection gives, is no scan.`,
    limits:
      "Ports that do not answer are told after five minutes, or at the end of a trace. A scanner that sends from a lower port than it probes is not counted.",
    defaults: { threshold: 5, window: "1 min", source: seed },
    per: "source",
    message: "{source} sent ACKs out of nowhere to {count} ports",
    pairMessage: "{source} sent ACKs out of nowhere to {count} ports of {target}",
    description: "Zeek: stealth scan (ACK or window)",
    level: 6,
    innocent: null,
    build: ports((c) => c.all(c.tcp(), c.history(histories.ack), c.towardsLowerPort())),
    captures: { must: ["ack", "window"], may: [] },
  },
  {
    scan: "syn-fin",
    title: "SYN with FIN",
    about:
      "Different ports of one source that got SYN and FIN in one packet (or SYN and RST: the same letter Q).",
    protection: `${flips} No program sends such packets; a RST that answers them is the other side's.`,
    limits: "With further flags it is `bogus-flags`.",
    defaults: { threshold: 3, window: "5 min", source: "three, so that a broken packet or two is no scan" },
    per: "source",
    message: "{source} sent SYN with FIN to {count} ports",
    pairMessage: "{source} sent SYN with FIN to {count} ports of {target}",
    description: "Zeek: scan with SYN and FIN",
    level: 6,
    innocent: null,
    build: ports((c) => c.all(c.tcp(), c.history(histories.synFin))),
    captures: { must: ["synfin"], may: [] },
  },
  {
    scan: "bogus-flags",
    title: "Bogus flags",
    about: "Different ports of one source that got a first packet whose flags contradict each other.",
    protection: `${flips} Only the first letter (Q, I) counts, not an oddity in the middle of a connection.`,
    limits: "ECE and CWR leave no trace in conn.log.",
    defaults: { threshold: 3, window: "5 min", source: "three, so that a broken packet or two is no scan" },
    per: "source",
    message: "{source} sent bogus flags to {count} ports",
    pairMessage: "{source} sent bogus flags to {count} ports of {target}",
    description: "Zeek: scan with bogus TCP flags",
    level: 6,
    innocent: null,
    build: ports((c) => c.all(c.tcp(), c.history(histories.bogus))),
    captures: { must: ["bogus", "synfin"], may: [] },
  },
];

const hostPresets: readonly Preset[] = [
  {
    scan: "address",
    title: "Address scan (one port, many hosts)",
    about: "Different hosts on which one source probed the same TCP port: silent, refused, or half-open.",
    protection: `${flips} ${oneway} Finished handshakes do not count, so that a browser or a mail server with many peers is none.`,
    limits: "Hosts that let the source connect are not counted.",
    defaults: { threshold: 25, window: "5 min", source: formerScan },
    per: null,
    message: "{source} probed one port of {count} hosts",
    description: "Zeek: address scan (one port, many hosts)",
    level: 6,
    innocent: null,
    build: (c) => ({
      event: "connection_state_remove",
      where: c.all(c.tcp(), c.history(histories.probed)),
      key: [c.source, c.targetPort],
      count: { kind: "distinct", of: [c.target] },
    }),
    captures: { must: ["addr-sweep", "addr-sweep-closed"], may: [] },
  },
  {
    scan: "random",
    title: "Random scan (hosts × ports)",
    about: "Different pairs of host and TCP port that one source probed: silent, refused, or half-open.",
    protection: `${flips} ${oneway} Finished handshakes do not count.`,
    limits: "Every scan of ports or hosts alone counts, too.",
    defaults: { threshold: 25, window: "5 min", source: formerScan },
    per: null,
    message: "{source} probed {count} ports and hosts",
    description: "Zeek: random scan (hosts and ports)",
    level: 6,
    innocent: null,
    build: (c) => ({
      event: "connection_state_remove",
      where: c.all(c.tcp(), c.history(histories.probed)),
      key: [c.source],
      count: { kind: "distinct", of: [c.target, c.targetPort] },
    }),
    captures: {
      must: ["random-scan"],
      may: ["addr-sweep", "addr-sweep-closed", "connect", "frag", "syn-closed", "syn-filtered", "syn6"],
    },
  },
  {
    scan: "icmp-sweep",
    title: "ICMP sweep",
    about:
      "Different hosts that one source sent an echo, timestamp or address mask request to; at the first packet.",
    protection: `${flips} Answers, errors (backscatter of scans and floods) and IPv6's neighbour discovery are no requests.`,
    limits: "A monitoring host is none of the outside, or exempt with `where`.",
    defaults: { threshold: 25, window: "5 min", source: formerScan },
    per: null,
    message: "{source} pinged {count} hosts",
    description: "Zeek: ICMP sweep",
    level: 6,
    innocent: null,
    build: (c) => ({
      event: "new_connection",
      where: c.icmpRequest(),
      key: [c.source],
      count: { kind: "distinct", of: [c.target] },
    }),
    captures: { must: ["ping-sweep"], may: [] },
  },
  {
    scan: "slow",
    title: "Slow scan over hours",
    about: "Different pairs of host and TCP port that one source probed within hours.",
    protection: `${flips} ${oneway} Finished handshakes do not count. Memory: at most as many pairs a source as the threshold.`,
    limits: "Every fast scan counts, too; slower than the threshold in a window is not seen.",
    defaults: {
      threshold: 30,
      window: "6 hr",
      source: "one probe in twelve minutes, as nmap -T0 (one in five) stays above",
    },
    per: null,
    message: "{source} probed {count} ports and hosts over hours",
    description: "Zeek: slow scan",
    level: 6,
    innocent: null,
    build: (c) => ({
      event: "connection_state_remove",
      where: c.all(c.tcp(), c.history(histories.probed)),
      key: [c.source],
      count: { kind: "distinct", of: [c.target, c.targetPort] },
    }),
    captures: {
      must: [
        "addr-sweep",
        "addr-sweep-closed",
        "connect",
        "random-scan",
        "syn-closed",
        "syn-filtered",
        "syn6",
      ],
      may: ["frag"],
    },
  },
];

const floodPresets: readonly Preset[] = [
  {
    scan: "syn-flood",
    title: "SYN flood",
    about: "Connections of one source to one port of one host without a handshake.",
    protection: `${flips} ${oneway} A repeated SYN of one connection counts once.`,
    limits:
      "A flood from invented sources spreads over them and is not seen: none of them is the sender, and to block them is to help it.",
    defaults: {
      threshold: 100,
      window: "10 sec",
      source: "ten a second, beyond any client that tries again",
    },
    per: null,
    message: "{source} began {count} connections and finished none",
    description: "Zeek: SYN flood",
    level: 6,
    innocent: null,
    build: (c) => ({
      event: "connection_state_remove",
      where: c.all(c.tcp(), c.history(histories.unfinished)),
      key: [c.source, c.target, c.targetPort],
      count: { kind: "events" },
    }),
    captures: { must: ["synflood"], may: [] },
  },
  {
    scan: "ping-flood",
    title: "Ping flood",
    about: "Echo requests of one source to one host, faster than `rate` a second (default 10).",
    protection: `${flips} Answers and errors are no requests. An ordinary ping (one a second) may run for days.`,
    limits: "It is told when the exchange goes: 60 s after its last packet.",
    defaults: {
      threshold: 100,
      window: "1 min",
      source:
        "iputils lets ordinary users send five a second at most; 100 packets are ten seconds of the default rate",
    },
    per: null,
    message: "{source} flooded {target} with {count} echo requests",
    description: "Zeek: ping flood",
    level: 6,
    innocent: null,
    build: (c, { rate }) => ({
      event: "connection_state_remove",
      where: c.all(c.echoRequest(), c.fasterThan(rate)),
      key: [c.source, c.target],
      count: { kind: "sum", of: c.packets },
    }),
    captures: { must: ["ping-flood"], may: [] },
  },
  {
    scan: "smurf",
    title: "Smurf",
    about:
      "Echo requests to a broadcast address: every host there answers to the sender's address, which is the victim's.",
    protection: `${flips} The address that it names is the victim's, so it cannot feed a block.`,
    limits: "Broadcast addresses that do not end in .255 have to be named (`broadcast`).",
    defaults: { threshold: 5, window: "1 min", source: "five packets: one may be an administrator's test" },
    per: null,
    message: "{count} echo requests to {target} in the name of {source}",
    description: "Zeek: smurf (echo requests to a broadcast address)",
    level: 6,
    innocent: "its source is the victim, in whose name somebody else sends",
    build: (c, { networks }) => ({
      event: "connection_state_remove",
      where: c.all(c.echoRequest(), networks.length > 0 ? c.targetIn(networks) : c.targetEndsWith(".255")),
      key: [c.source, c.target],
      count: { kind: "sum", of: c.packets },
    }),
    captures: { must: ["smurf"], may: [] },
  },
];

const touchPresets: readonly Preset[] = [
  {
    scan: "traceroute",
    title: "Traceroute",
    about: "Different UDP ports within traceroute's range, of one source on one host, without an answer.",
    protection: `${flips} The ICMP errors, which go the other way, do not count.`,
    limits: "TCP and ICMP traceroutes look like one connection, one ping.",
    defaults: { threshold: 5, window: "1 min", source: "two hops: three probes each" },
    per: null,
    message: "{source} traced the route to {target} ({count} probes)",
    description: "Zeek: traceroute",
    level: 3,
    innocent: null,
    build: (c, { traceroutePorts }) => ({
      event: "connection_state_remove",
      where: c.all(c.udp(), c.historyIs("D"), c.targetPortWithin(...traceroutePorts)),
      key: [c.source, c.target],
      count: { kind: "distinct", of: [c.targetPort] },
    }),
    captures: { must: ["traceroute"], may: [] },
  },
  {
    scan: "darknet",
    title: "Touches of a darknet",
    about:
      "Different pairs of host and port in networks where nothing lives that one source probed; at the first packet.",
    protection: `${flips} First packets with SYN-ACK, RST or data, answers and ICMP errors (the backscatter that a darknet is full of) do not count.`,
    limits: "An invented source cannot be told: nobody answers.",
    defaults: { threshold: 3, window: "1 hr", source: "three, so that one mistyped address is no scan" },
    per: null,
    message: "{source} touched {count} addresses or ports of a darknet",
    description: "Zeek: touches of a darknet",
    level: 6,
    innocent: null,
    build: (c, settings) => ({
      event: "new_connection",
      where: c.all(c.targetIn(settings.networks), c.any(probe(c, settings), c.icmpRequest())),
      key: [c.source],
      count: { kind: "distinct", of: [c.target, c.targetPort] },
    }),
    captures: { must: [], may: [] },
  },
  {
    scan: "honeypot",
    title: "Touches of a honeypot",
    about: "Connections with a finished handshake to hosts that nobody has a reason to visit.",
    protection: `${flips} Only finished handshakes count, so that an invented source cannot be named.`,
    limits: "Probes that do not connect are for `darknet`.",
    defaults: { threshold: 1, window: "1 hr", source: "the first one: nobody has a reason" },
    per: null,
    message: "{source} connected to a honeypot",
    description: "Zeek: connection to a honeypot",
    level: 6,
    innocent: null,
    build: (c, { networks }) => ({
      event: "connection_state_remove",
      where: c.all(c.tcp(), c.targetIn(networks), c.history(histories.handshake)),
      key: [c.source],
      count: { kind: "events" },
    }),
    captures: { must: [], may: [] },
  },
];

/** Every preset, in the order of docs/detections.md. */
export const presets: readonly Preset[] = [
  ...portPresets,
  ...stealthPresets,
  ...hostPresets,
  ...floodPresets,
  ...touchPresets,
];

export const scanKinds: readonly ScanKind[] = presets.map(({ scan }) => scan);

/** The UDP ports that traceroute uses: 33434 and one more a probe; 100 probes are 33 hops. */
export const defaultTraceroutePorts: readonly [number, number] = [33_434, 33_534];
/** Echo requests a second. */
export const defaultRate = 10;
