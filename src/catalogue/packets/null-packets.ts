import { packetScan } from "./packets.js";

export const nullPackets = packetScan("null-packets", "", {
  title: "NULL scan, by packets",
  flags: "no flag at all",
  kin: "packets with PSH and URG alone",
});
