import { forgeable } from "../../ossec/forgeable-source.js";
import type { LintRule } from "../model.js";

export const spoofableSrcip: LintRule = {
  code: "OSSEC-SPOOFABLE-SRCIP",
  trap: "spoofable-srcip",
  effect: "dangerous",
  dialects: ["ossec", "wazuh"],
  title: "A source address that can be forged",
  why: "An address that is looked for anywhere, or behind free text, is the one that the writer of the line put there first: a user name, a path or a message with an address in it. An active response then blocks whom the attacker names.",
  instead:
    "Anchor the pattern with ^ right behind a prematch of fixed text, let nothing but fixed text and single words stand before the address, and take a program name that users cannot choose.",
  reference: "docs/reference/ossec.md#os_regex (quantifiers are lazy), #decoder-fields",
  bad: {
    decoders: String.raw`<decoder name="app"><prematch>^app: </prematch><regex offset="after_prematch">«from (\S+)»</regex><order>srcip</order></decoder>`,
  },
  good: {
    decoders: String.raw`<decoder name="app"><prematch>^app: </prematch><regex offset="after_prematch">^from (\S+)</regex><order>srcip</order></decoder>`,
  },
  check(context, report) {
    for (const decoder of context.loaded.decoders.all) {
      // Packet filters and sensors write their lines themselves.
      if (decoder.type === "firewall" || decoder.type === "ids") continue;
      const reason = forgeable(decoder);
      if (reason === null || decoder.regex === null) continue;
      report(
        context.written.pattern(decoder.regex)[0],
        `srcip of decoder "${decoder.name}" can be forged: ${reason}`,
      );
    }
  },
};
