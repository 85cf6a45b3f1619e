import { finPackets } from "./packets/fin-packets.js";
import { nullPackets } from "./packets/null-packets.js";
import { xmasPackets } from "./packets/xmas-packets.js";
import type { Preset } from "./preset.js";
import { ack } from "./scans/ack.js";
import { address } from "./scans/address.js";
import { anyState } from "./scans/any-state.js";
import { bogusFlags } from "./scans/bogus-flags.js";
import { connect } from "./scans/connect.js";
import { darknet } from "./scans/darknet.js";
import { fin } from "./scans/fin.js";
import { halfOpen } from "./scans/half-open.js";
import { honeypot } from "./scans/honeypot.js";
import { icmpSweep } from "./scans/icmp-sweep.js";
import { nullScan } from "./scans/null.js";
import { pingFlood } from "./scans/ping-flood.js";
import { random } from "./scans/random.js";
import { rejected } from "./scans/rejected.js";
import { slow } from "./scans/slow.js";
import { smurf } from "./scans/smurf.js";
import { synFin } from "./scans/syn-fin.js";
import { synFlood } from "./scans/syn-flood.js";
import { traceroute } from "./scans/traceroute.js";
import { udp } from "./scans/udp.js";
import { dnsBytes } from "./services/dns-bytes.js";
import { dnsEntropy } from "./services/dns-entropy.js";
import { dnsNames } from "./services/dns-names.js";
import { ftpGuessing } from "./services/ftp-guessing.js";
import { httpGuessing } from "./services/http-guessing.js";
import { httpPaths } from "./services/http-paths.js";
import { smallFragments } from "./services/small-fragments.js";
import { sshGuessing } from "./services/ssh-guessing.js";
import { sshHammering } from "./services/ssh-hammering.js";

/** Presets on connections, in the order of docs/detections.md. */
export const connectionPresets: readonly Preset[] = [
  halfOpen,
  rejected,
  connect,
  anyState,
  udp,
  fin,
  nullScan,
  ack,
  synFin,
  bogusFlags,
  address,
  random,
  icmpSweep,
  slow,
  synFlood,
  pingFlood,
  smurf,
  traceroute,
  darknet,
  honeypot,
];

/** Presets on what Zeek's other logs say of services. */
export const servicePresets: readonly Preset[] = [
  sshGuessing,
  sshHammering,
  ftpGuessing,
  httpGuessing,
  httpPaths,
  dnsNames,
  dnsBytes,
  dnsEntropy,
  smallFragments,
];

/** Presets that look at every packet. */
export const packetPresets: readonly Preset[] = [finPackets, nullPackets, xmasPackets];

export const presets: readonly Preset[] = [...connectionPresets, ...servicePresets, ...packetPresets];

/** The UDP ports that traceroute uses: 33434 and one more a probe; 100 probes are 33 hops. */
export const defaultTraceroutePorts: readonly [number, number] = [33_434, 33_534];
/** Echo requests a second. */
export const defaultRate = 10;
