import type { Preset } from "../preset.js";

export const smallFragments: Preset = {
  scan: "small-fragments",
  title: "Small fragments",
  about:
    "A source that sends IP fragments too small for any network that needs them, to hide what they carry; from weird.log (`excessively_small_fragment`).",
  protection:
    "Zeek raises it for a fragment that is not the last of its packet and smaller than any link needs: loss, retransmission and half-captured traffic make none, and answers of a victim are whole packets. Rows without addresses do not count.",
  limits:
    "Zeek logs it once a day for each source, so that 1 is the only useful threshold. The source of a fragment can be invented.",
  defaults: {
    threshold: 1,
    window: "1 hr",
    source: "the first one: Zeek tells no second one of the same day",
  },
  per: null,
  message: "{source} sent small fragments",
  description: "Zeek: small fragments",
  level: 6,
  innocent: "one fragment is enough, and its sender can be invented",
  from: "outside",
  groups: ["zeek", "scan"],
  networks: null,
  build: (c) => ({
    event: "weird.log",
    where: c.all(c.row.nameIs("excessively_small_fragment"), c.row.has("id")),
    key: [c.source],
    count: { kind: "events" },
  }),
  captures: { must: ["frag"], may: [] },
};
