import { packetScan } from "./packets.js";

export const finPackets = packetScan("fin-packets", "F", {
  title: "FIN scan, by packets",
  flags: "FIN and no other flag",
  kin: "Xmas and Maimon scans",
});
