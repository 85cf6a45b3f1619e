import { defineBundle } from "zopf";

// The presets that look at every packet: for links on which that is affordable.
export default defineBundle({
  name: "packets",
  zeek: { logs: "/opt/zeek/logs/current", site: "/opt/zeek/share/zeek/site" },
  ossec: { home: "/var/ossec", firstRuleId: 100990 },
  detections: [
    { kind: "scan", scan: "fin-packets", name: "Fin_Packets" },
    { kind: "scan", scan: "null-packets", name: "Null_Packets" },
    { kind: "scan", scan: "xmas-packets", name: "Xmas_Packets" },
  ],
});
