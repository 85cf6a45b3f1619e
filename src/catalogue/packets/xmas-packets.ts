import { packetScan } from "./packets.js";

export const xmasPackets = packetScan("xmas-packets", "FPU", {
  title: "Xmas scan, by packets",
  flags: "FIN, PSH and URG",
  kin: "FIN and Maimon scans",
});
